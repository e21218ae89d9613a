import ArgumentParser
import FileSystem
import Repository

/// `bundle-esky destroy`: removes a repository.
struct DestroyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "destroy", abstract: "Remove a repository for good.",
    discussion: """
      Removes metadata/, targets/ and changes in the making; other files in the folder and all keys stay. \
      Asks for the folder's name on the terminal, or takes it as an option.

      Exit status: 0 done, 1 failed, 64 wrong usage.

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
        orElse: "nobody can be asked here; give --confirm, or run on a terminal")
    }
    try Failure.naming { try RepositoryFolder.destroy(path, confirming: name) }
    print("removed the repository in \(path.text); its keys are where they were")
  }
}
