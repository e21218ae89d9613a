import CPosix
import FileSystem
import Repository

/// Where the passphrase of the private keys comes from: a descriptor, the environment, the terminal.
struct Passphrase {
  static let variable = "ESKY_PASSPHRASE"

  /// `--passphrase-fd`.
  let descriptor: Int32?

  /// The passphrase of existing keys, asked for once.
  func existing() throws -> [UInt8] {
    if let given = try given() { return given }
    return try ask("Passphrase of the keys: ")
  }

  /// A passphrase for new keys; on a terminal it is asked for twice.
  func new() throws -> [UInt8] {
    if let given = try given() { return given }
    let first = try ask("New passphrase for the keys: ")
    guard try ask("The same again: ") == first else { throw Failure("the passphrases differ") }
    return first
  }

  private func given() throws -> [UInt8]? {
    if let descriptor { return try line(from: descriptor) }
    guard let value = getenv(Self.variable) else { return nil }
    let bytes = Path(cString: value).bytes
    if bytes.isEmpty { throw Failure("\(Self.variable) is empty; the keys need a passphrase") }
    return bytes
  }

  /// Reads up to the first line break or the end.
  private func line(from descriptor: Int32) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = read(descriptor, &byte, 1)
      if count < 0 {
        throw Failure(
          "can't read the passphrase from descriptor \(descriptor): \(String(cString: strerror(posix_errno())))"
        )
      }
      if count == 0 || byte == 0x0a { break }
      bytes.append(byte)
    }
    if bytes.isEmpty { throw Failure("the passphrase on descriptor \(descriptor) is empty") }
    return bytes
  }

  private func ask(_ prompt: String) throws -> [UInt8] {
    let terminal = posix_open("/dev/tty", O_RDWR, 0)
    guard terminal >= 0 else {
      throw Failure(
        "no passphrase for the keys: set \(Self.variable), give --passphrase-fd, or run on a terminal"
      )
    }
    defer { close(terminal) }
    var settings = termios()
    tcgetattr(terminal, &settings)
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(terminal, TCSAFLUSH, &silent)
    defer {
      tcsetattr(terminal, TCSAFLUSH, &settings)
      write(terminal, "\n", 1)
    }
    write(terminal, prompt, prompt.utf8.count)
    return try line(from: terminal)
  }
}
