import ArgumentParser
import CPosix
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
      From then on every command here works on it.

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

/// `bundle-esky destroy`: removes a repository.
struct DestroyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "destroy", abstract: "Remove a repository for good.",
    discussion: """
      Removes metadata/, targets/ and changes in the making; other files in the folder and all keys stay. \
      Asks for the folder's name on the terminal, or takes it as an option.

      Examples:
        bundle-esky destroy
        bundle-esky destroy --repository /srv/hello --confirm hello
      """)

  @Option(help: ArgumentHelp("The folder's own name, in place of being asked.", valueName: "name"))
  var confirm: String?

  @OptionGroup var repository: RepositoryOptions

  func run() throws {
    let path = repository.path(try Project())
    let name: [UInt8]
    if let confirm {
      name = Array(confirm.utf8)
    } else {
      let real = try Failure.naming { try FileSystem.realPath(path) }
      name = try Terminal.ask(
        "This removes all metadata and targets in \(real.text).\nType the folder's name to go on: ",
        instead: "give --confirm, or run on a terminal")
    }
    try Failure.naming { try RepositoryFolder.destroy(path, confirming: name) }
    print("removed the repository in \(path.text); its keys are where they were")
  }
}

/// Questions on the terminal.
enum Terminal {
  /// One line from the terminal; `instead` says what helps where there is none.
  static func ask(_ prompt: String, instead: String) throws -> [UInt8] {
    let terminal = posix_open("/dev/tty", O_RDWR, 0)
    guard terminal >= 0 else { throw Failure("nobody can be asked here; \(instead)") }
    defer { close(terminal) }
    write(terminal, prompt, prompt.utf8.count)
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(terminal, &byte, 1) == 1, byte != 0x0a, line.count < 4096 { line.append(byte) }
    return line
  }
}
