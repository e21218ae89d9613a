import Archive
import ArgumentParser
import Esky
import FileSystem
import Layout
import Repository
import TUF

/// `bundle-esky publish`: adds versions to the repository and signs.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Add a version to the repository and sign it.",
    discussion: """
      Clients see the old state until the last file, timestamp.json, is in place. Archives of several \
      platforms can be published at once. They go to everybody unless --channel, --percent or --hours say \
      otherwise; amend changes that later.

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky publish hello-1.2.linux-x86_64.zip
        bundle-esky publish dist/*.zip --repository /srv/hello --keys ~/secret/hello
        bundle-esky publish hello-2.0rc1.linux-x86_64.zip --channel beta
        bundle-esky publish dist/*.zip --notes-file notes.md --percent 5 --hours 72
      """)

  @Argument(help: "Archives that bundle-esky build made.")
  var zip: [String]

  @OptionGroup var terms: TermsOptions
  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  @Flag(help: "Publish also a version that is not newer than all that are in its channels.")
  var allowOlder = false

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    let listed = try Release.all(in: folder)
    let withdrawn = Release.withdrawn(in: folder)
    let said = try terms.applied(to: ReleaseTerms())
    var additions: [TargetAddition] = []
    var names: [VersionDirectoryName] = []
    for text in zip {
      let path = Path(text)
      let name = try Bundle.check(path, trusting: folder)
      for release in listed
      where release.name.name == name.name && release.name.platform == name.platform
        && release.name != name && !(release.name.version < name.version) && !allowOlder
        && !Set(release.terms.channels).isDisjoint(with: said.channels)
      {
        throw Failure(
          "\(name.text) is not newer than \(release.name.text), which is published; clients would never take it. Give --allow-older if that is meant"
        )
      }
      if withdrawn.contains(name.text) {
        throw Failure(
          "\(name.text) was withdrawn: those who had it went to another version. Publish it under a new one"
        )
      }
      try said.refuseUnreachable(name)
      names.append(name)
      additions.append(
        try Failure.naming {
          try TargetAddition(
            TargetName(name.text + ".zip"), source: path, custom: said.custom(keeping: nil))
        })
    }
    let ring = try keys.ring(project)
    let publication = try Failure.naming {
      // Finders look for versions in the top-level targets.
      try folder.addTargets(additions, to: .targets, keys: ring, now: now)
    }
    for name in names where publication.waiting.isEmpty {
      let isUnchanged = publication.unchanged.contains { $0.text == name.text + ".zip" }
      print(isUnchanged ? "\(name.text) was published already" : "published \(name.text)")
    }
    try Report.publication(publication)
  }
}

extension VersionDirectoryName {
  /// The name as text for a person.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
