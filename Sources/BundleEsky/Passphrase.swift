import CPosix
import FileSystem
import Repository

/// Where the passphrases of private keys come from: a descriptor, the environment, the terminal.
final class Passphrase {
  static let variable = "ESKY_PASSPHRASE"
  /// For keys that machines sign with, where their passphrase is another one.
  static let onlineVariable = "ESKY_ONLINE_PASSPHRASE"

  /// `--passphrase-fd`.
  private let descriptor: Int32?
  /// What was given or typed so far.
  private var known: [[UInt8]]?

  init(descriptor: Int32?) {
    self.descriptor = descriptor
  }

  /// Decrypts a key: with what was given or typed before, else with what is typed now.
  func unlock(_ file: KeyFile) throws(RepositoryError) -> PrivateKey {
    var passphrases: [[UInt8]]
    do {
      passphrases = try self.given()
    } catch {
      throw .noPassphrase(file.path, reason: "\(error)")
    }
    for passphrase in passphrases {
      if let key = try Self.open(file, passphrase) { return key }
    }
    let isTyped = descriptor == nil && Self.environment[Self.variable] == nil
    guard isTyped else { throw .wrongPassphrase(file.path) }
    for _ in 0..<3 {
      let typed: [UInt8]
      do {
        typed = try ask("Passphrase of \(file.path.text): ")
      } catch {
        throw .noPassphrase(file.path, reason: "\(error)")
      }
      if let key = try Self.open(file, typed) {
        passphrases.append(typed)
        known = passphrases
        return key
      }
    }
    throw .wrongPassphrase(file.path)
  }

  private static func open(
    _ file: KeyFile, _ passphrase: [UInt8]
  ) throws(RepositoryError) -> PrivateKey? {
    do throws(RepositoryError) {
      return try file.unlock(passphrase: passphrase)
    } catch {
      if case .wrongPassphrase = error { return nil }
      throw error
    }
  }

  /// A passphrase for new keys; on a terminal it is asked for twice.
  func new(_ purpose: String = "the keys") throws -> [UInt8] {
    if let first = try given().first { return first }
    return try twice("New passphrase for \(purpose): ")
  }

  /// A passphrase for new keys that machines sign with; the other one where none is given.
  func newOnline(instead other: [UInt8]) throws -> [UInt8] {
    if let value = try Self.nonEmpty(Self.onlineVariable) { return value }
    if try !given().isEmpty { return other }
    return try twice("New passphrase for the online keys, which cron or CI will know: ")
  }

  /// The passphrase of a file of another program.
  func existing(_ path: Path) throws -> [UInt8] {
    if let first = try given().first { return first }
    return try ask("Passphrase of \(path.text): ")
  }

  private func given() throws -> [[UInt8]] {
    if let known { return known }
    var found: [[UInt8]] = []
    if let descriptor {
      found = try lines(from: descriptor)
    } else {
      for name in [Self.variable, Self.onlineVariable] {
        if let value = try Self.nonEmpty(name) { found.append(value) }
      }
    }
    known = found
    return found
  }

  /// What the environment gives; taken out of it, for commands that sign need not know it.
  private static let environment: [String: [UInt8]] = {
    var found: [String: [UInt8]] = [:]
    for name in [variable, onlineVariable] {
      found[name] = getenv(name).map { Path(cString: $0).bytes }
      unsetenv(name)
    }
    return found
  }()

  private static func nonEmpty(_ name: String) throws -> [UInt8]? {
    guard let bytes = environment[name] else { return nil }
    if bytes.isEmpty { throw Failure("\(name) is empty; the keys need a passphrase") }
    return bytes
  }

  /// Reads the lines up to the end: one for each passphrase.
  private func lines(from descriptor: Int32) throws -> [[UInt8]] {
    var all: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count < 0 {
        throw Failure(
          "can't read the passphrase from descriptor \(descriptor): \(String(cString: strerror(posix_errno())))"
        )
      }
      if count == 0 { break }
      all.append(byte)
      if all.count > 1 << 16 {
        throw Failure("descriptor \(descriptor) gives more than 64 KiB; no passphrase is that long")
      }
    }
    let lines = all.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }).map(Array.init)
    if lines.isEmpty { throw Failure("the passphrase on descriptor \(descriptor) is empty") }
    return lines
  }

  private func twice(_ prompt: String) throws -> [UInt8] {
    let first = try ask(prompt)
    guard try ask("The same again: ") == first else { throw Failure("the passphrases differ") }
    return first
  }

  private func ask(_ prompt: String) throws -> [UInt8] {
    let typed = try Terminal.ask(
      prompt, isSecret: true,
      orElse:
        "no passphrase for the keys: set \(Self.variable), give --passphrase-fd, or run on a terminal"
    )
    if typed.isEmpty { throw Failure("the passphrase is empty") }
    return typed
  }
}
