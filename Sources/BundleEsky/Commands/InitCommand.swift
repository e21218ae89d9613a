import ArgumentParser
import FileSystem
import Repository

/// `bundle-esky init`: keys and an empty repository.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create keys and an empty repository.",
    discussion: """
      Makes four Ed25519 keys, encrypted under one passphrase:

        root       says which other keys count; keep a copy offline
        targets    vouches for versions; used by publish
        snapshot   says which metadata belongs together; used by publish
        timestamp  says what is current; used by publish

      Examples:
        bundle-esky init
        bundle-esky init --repository /srv/hello --keys ~/secret/hello
      """)

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  @Option(
    help: "How much work a guess at the passphrase costs: interactive, moderate or sensitive.")
  var protection: Protection = .moderate

  enum Protection: String, ExpressibleByArgument, CaseIterable {
    case interactive, moderate, sensitive

    var value: KeyProtection {
      switch self {
      case .interactive: .interactive
      case .moderate: .moderate
      case .sensitive: .sensitive
      }
    }
  }

  func run() throws {
    let project = try Project()
    let folder = repository.path(project)
    let keyFolder = keys.folder(project)
    try Failure.naming {
      // Refused before any key is made, so that a second init leaves nothing behind.
      if try FileSystem.exists(folder.appending("metadata/timestamp.json")) {
        throw Failure("\(folder.text) holds a repository already; nothing was changed")
      }
      for role in Role.topLevel where try FileSystem.exists(KeyRing.path(of: role, in: keyFolder)) {
        throw Failure(
          "\(KeyRing.path(of: role, in: keyFolder).text) exists already; nothing was changed")
      }
    }
    let passphrase = try keys.passphrase.new()
    try Failure.naming {
      try FileSystem.makeDirectories(keyFolder)
      try FileSystem.setPermissions(keyFolder, 0o700)
      var made: [PrivateKey] = []
      var roles: [RoleAssignment] = []
      for role in Role.topLevel {
        let key = try PrivateKey()
        _ = try KeyFile.create(
          KeyRing.path(of: role, in: keyFolder), key: key, passphrase: passphrase,
          protection: protection.value)
        made.append(key)
        roles.append(RoleAssignment(role, keys: [key.object]))
      }
      _ = try RepositoryFolder.create(folder, roles: roles, keys: KeyRing(made), now: now)
    }
    print("made the repository \(folder.text)/: what a web server serves, metadata/ and targets/")
    print(
      "made the keys in \(keyFolder.text)/: keep them and the passphrase out of the repository;")
    print("  without root.key nobody can ever change the other keys, so keep a copy of it offline")
  }
}
