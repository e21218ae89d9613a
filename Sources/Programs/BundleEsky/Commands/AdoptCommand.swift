import ArgumentParser
import FileSystem
import Repository

/// `bundle-esky adopt`: takes over a repository of another program.
struct AdoptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt", abstract: "Take over a repository that another program made.",
    discussion: """
      For repositories of tufup, of python-tuf's own tools and their like: a folder with metadata/ and \
      targets/. Import their keys first. Where file names carry no versions and hashes yet, files get such \
      names as well, and one new root, signed by the root's keys, makes them count; clients notice nothing. \
      The old names stay for clients behind a cache, and are renewed with the others, until tidy removes them: \
      a week later, or as --older-than says. From now on every command here works on it.

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky key import keystore/root --to keys/offline/root.key
        bundle-esky adopt --repository repository
      """)

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func run() throws {
    let project = try Project()
    let ring = try keys.ring(project)
    let (folder, publication) = try Failure.naming {
      try Adoption(repository.path(project)).run(keys: ring, now: now)
    }
    try Report.publication(publication)
    print("\(folder.directory.text) is taken over; root is version \(folder.version(of: .root))")
  }
}
