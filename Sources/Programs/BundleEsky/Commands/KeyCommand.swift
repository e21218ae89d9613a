import ArgumentParser
import FileSystem
import JSON
import Repository
import TUF

/// `bundle-esky key`: keys as files.
struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Make, import and show keys.",
    subcommands: [New.self, Import.self, Signer.self, Show.self, List.self])

  /// `bundle-esky key new`: makes a key.
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an Ed25519 key, encrypted under a passphrase.",
      discussion: """
        It signs for nobody before a role takes it: see rotate and delegate. In a folder called online it is \
        encrypted under the passphrase of the online keys, ESKY_ONLINE_PASSPHRASE; in one called recovery \
        under one of its own, ESKY_RECOVERY_PASSPHRASE; anywhere else under ESKY_PASSPHRASE.

        Exit status: 0 done, 1 failed, 64 wrong usage.

        Examples:
          bundle-esky key new keys/offline/root-2.key
          bundle-esky key new keys/online/timestamp-2.key
        """)

    @Argument(help: "The file to make; its name ends in .key.")
    var file: String

    @Option(help: "How much work a guess at the passphrase costs.")
    var protection: Protection = .moderate

    @OptionGroup var keys: PassphraseOptions

    func run() throws {
      let path = try KeyCommand.path(file)
      let passphrase = try keys.passphrase.new(PassphraseKind(folderOf: path), for: path.text)
      let key = try Failure.naming {
        try KeyCommand.write(try PrivateKey(), path, passphrase, protection)
      }
      print("made \(path.text), key \(key.id)")
    }
  }

  /// `bundle-esky key import`: takes over a key of another program.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Take over a private key of another program.",
      discussion: """
        Reads PEM (PKCS#8, SEC 1, PKCS#1; Ed25519, P-256, RSA of 2048 bits and more; plain or encrypted \
        with PBKDF2 and AES), and the JSON files of securesystemslib below 1.0 and of tufup. The new file is \
        encrypted under the passphrase that goes with its folder where that is given, else under the one that \
        opens the old file; where that has none, one is asked for.

        Exit status: 0 done, 1 failed, 64 wrong usage.

        Examples:
          bundle-esky key import keystore/root --to keys/offline/root.key
          bundle-esky key import id_ed25519.pem --to keys/online/timestamp.key
        """)

    @Argument(help: "The file to read.")
    var file: String

    @Option(help: ArgumentHelp("The file to make; its name ends in .key.", valueName: "file"))
    var to: String

    @Option(help: "How much work a guess at the passphrase costs.")
    var protection: Protection = .moderate

    @OptionGroup var keys: PassphraseOptions

    func run() throws {
      let path = try KeyCommand.path(to)
      let source = Path(file)
      let passphrase = keys.passphrase
      let key = try Failure.naming { () -> KeyObject in
        let file = try KeyImport(source)
        let kind = PassphraseKind(folderOf: path)
        guard file.isEncrypted else {
          let key = try file.key(passphrase: [])
          return try KeyCommand.write(
            key, path, try passphrase.new(kind, for: path.text), protection)
        }
        let (key, opening) = try passphrase.open(file, source)
        let secret = try passphrase.forImported(kind, openedBy: opening)
        return try KeyCommand.write(key, path, secret, protection)
      }
      print("made \(path.text), key \(key.id)")
      print("\(file) is still there; delete it once you trust the new file and its copy")
    }
  }

  /// `bundle-esky key signer`: describes a command that signs.
  struct Signer: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Describe a command that signs: a security key, a cloud's key service.",
      discussion: """
        The command reads the bytes to sign on standard input and writes the raw signature to standard \
        output: 64 bytes for Ed25519, DER for ECDSA, as many as the modulus has for RSA-PSS. It signs a \
        trial first. The file can lie in any folder given as --keys.

        Exit status: 0 done, 1 failed, 64 wrong usage.

        Examples:
          bundle-esky key signer keys/offline/root-kms.signer --public root.pem -- kms-sign my-key
          bundle-esky key signer keys/root.signer --public root.pub.pem -- \\
            openssl dgst -sha256 -sign root.pem
        """)

    @Argument(help: "The file to make; its name ends in .signer.")
    var file: String

    @Option(
      name: .customLong("public"),
      help: ArgumentHelp("The public key, as PEM or as TUF key object.", valueName: "file"))
    var publicKey: String

    @Argument(parsing: .postTerminator, help: "The program and its arguments.")
    var command: [String] = []

    func validate() throws {
      if command.isEmpty { throw ValidationError("name the command behind --") }
      if !file.hasSuffix(".signer") { throw ValidationError("the file's name ends in .signer") }
    }

    func run() throws {
      let signer = try Failure.naming {
        try FileSystem.makeDirectories(Path(file).parent)
        return try ExternalSigner(
          creating: Path(file), object: try KeyObject(file: Path(publicKey)), command: command)
      }
      print("made \(file), key \(signer.object.id)")
    }
  }

  /// `bundle-esky key show`: prints a public key.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the public half of a key as TUF key object.",
      discussion: """
        Exit status: 0 done, 1 failed, 64 wrong usage.

        Examples:
          bundle-esky key show keys/offline/root.key > root.pub.json
          bundle-esky key show --id colleague.pem
        """)

    @Argument(help: "A .key or .signer file, a TUF key object, or PEM of a public key.")
    var file: String

    @Flag(help: "Print the key id instead.")
    var id = false

    func run() throws {
      let key = try Failure.naming { try KeyObject(file: Path(file)) }
      if id { print(key.id) } else { try Output.json(key.json) }
    }
  }

  private static func path(_ text: String) throws -> Path {
    guard text.hasSuffix(".key") else {
      throw ValidationError("the name of an encrypted key ends in .key")
    }
    let path = Path(text)
    try ServedKeys.refuse(path)
    return path
  }

  private static func write(
    _ key: PrivateKey, _ path: Path, _ passphrase: [UInt8], _ protection: Protection
  ) throws -> KeyObject {
    if try !FileSystem.exists(path.parent) {
      try FileSystem.makeDirectories(path.parent)
      try FileSystem.setPermissions(path.parent, 0o700)
    }
    let object = try KeyFile.create(
      path, key: key, passphrase: passphrase, protection: protection.value
    ).object
    if let warning = try WorkTree.keepOut(key: path) {
      Diagnostics.error("bundle-esky: \(warning)")
    }
    return object
  }
}

extension KeyCommand {
  /// `bundle-esky key list`: shows the keys at hand.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the keys at hand, and what each signs for.",
      discussion: """
        Asks for no passphrase.

        Exit status: 0 done, 1 failed, 64 wrong usage.

        Examples:
          bundle-esky key list
          bundle-esky key list --keys keys --keys /media/usb/keys --json
        """)

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var keys: KeyOptions

    @Flag(help: "One JSON array for machines.")
    var json = false

    func run() throws {
      let project = try Project()
      let status = try Failure.naming { try repository.look(project).status(now: now) }
      var rows: [JSONBuilder] = []
      var table = Table(["KEY", "TYPE", "SIGNS FOR", "PASSPHRASE", "FILE"])
      try Failure.naming {
        for folder in keys.folders(project) {
          for path in try KeyRing.files(in: folder) {
            let key = try KeyObject(file: path)
            let passphrase =
              path.text.hasSuffix(".key") ? try KeyFile(path).passphrase.rawValue : nil
            let roles = status.filter { $0.keys.contains(key) }.map(\.role.name)
            rows.append([
              "id": .text(key.id), "type": .text(key.type), "file": .text(path.text),
              "roles": .array(roles.map { .text($0) }),
              "passphrase": .text(passphrase ?? "none"),
            ])
            table.add([
              String(key.id.prefix(8)), key.type,
              roles.isEmpty ? "-" : roles.joined(separator: " "), passphrase ?? "-", path.text,
            ])
          }
        }
      }
      if json {
        try Output.json(.array(rows))
      } else {
        for line in table.lines { print(line) }
      }
    }
  }
}

/// The option of commands that make key files.
struct PassphraseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read passphrases, one a line, from an open file descriptor; else they come from the environment or the terminal.",
      valueName: "n"))
  var passphraseFd: Int32?

  @OptionGroup var strength: PassphraseStrength

  var passphrase: Passphrase {
    Passphrase(descriptor: passphraseFd, allowsWeak: strength.allowWeakPassphrase)
  }
}

/// The flag that says that a passphrase for new keys is meant as it is.
struct PassphraseStrength: ParsableArguments {
  @Flag(help: "Take a passphrase for new keys that whoever gets a key file can guess.")
  var allowWeakPassphrase = false
}
