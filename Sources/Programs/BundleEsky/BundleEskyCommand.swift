import ArgumentParser
import FileSystem

/// The entry point of `bundle-esky`.
@main
struct BundleEskyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle-esky",
    abstract: "Turn an app's folder into one that keeps itself fresh, and publish its versions.",
    discussion: """
      From a folder to a published version in three commands:

        bundle-esky init
        bundle-esky build dist/hello --name hello --version 1.0 \\
          --update-url https://example.org/hello
        bundle-esky publish hello-1.0.linux-x86_64.zip

      Then put the folder repository/ behind https://example.org/hello with any static \
      web server. Keep keys/ and its passphrase to yourself.

      A file esky.json beside the project may hold what would else be repeated:

        {"name": "hello", "folder": "dist/hello", "program": ["hello"],
         "update-url": "https://example.org/hello", "check": "daily"}

      Exit status: 0 done, 1 failed, 64 wrong usage.
      """,
    version: "1.0",
    subcommands: [
      InitCommand.self, BuildCommand.self,
    ],
    groupedSubcommands: [
      CommandGroup(
        name: "Versions",
        subcommands: [
          PublishCommand.self, ListCommand.self, ShowCommand.self, AmendCommand.self,
          PromoteCommand.self, WithdrawCommand.self, PruneCommand.self,
        ]),
      CommandGroup(
        name: "Any files", subcommands: [AddCommand.self, RemoveCommand.self, SyncCommand.self]),
      CommandGroup(
        name: "Keys and roles",
        subcommands: [
          KeyCommand.self, RotateCommand.self, DelegateCommand.self, SignCommand.self,
          StagedCommand.self,
        ]),
      CommandGroup(
        name: "Upkeep",
        subcommands: [
          RefreshCommand.self, StatusCommand.self, CheckCommand.self, CloneCommand.self,
          AdoptCommand.self, TidyCommand.self,
          RehearseCommand.self, DestroyCommand.self,
        ]),
    ])

  static func main() {
    StandardStream.hold()
    StandardStream.letLongWritesFail()
    do {
      let words = try Failure.naming { try Arguments.given() }
      var command = try parseAsRoot(words)
      try command.run()
      try Output.finish()
    } catch {
      Output.end(code: exitCode(for: error), text: fullMessage(for: error))
    }
  }
}
