import Bytes
public import FileSystem

/// The first line of a script, as the kernel takes it: the interpreter, and all that follows as one word.
/// `execve(2)`, "Interpreter scripts"
public struct ScriptLine: Equatable, Sendable {
  /// The program that runs the script.
  public let interpreter: Path
  /// The command that the interpreter `env` looks for; nil for another interpreter.
  public let command: Path?

  /// What keeps a script from running on any machine.
  public enum Fault: Error, Equatable, Sendable {
    /// It has more bytes than the kernel reads.
    case tooLong
    /// It ends with a carriage return, which would be part of the last word.
    case carriageReturn
    /// It names no interpreter.
    case noInterpreter
    /// It names its interpreter by a path that leads elsewhere from every working directory.
    case relative(Path)
    /// What it hands to `env` is no command; the one word that this gets.
    case env([UInt8])
  }

  /// The most bytes that the kernel reads of the line.
  public static let maximumLength = 255

  /// Reads the line.
  ///
  /// - Parameter head: the first bytes of a script, from the `#!` on; more than ``maximumLength`` where it has more.
  init(_ head: [UInt8]) throws(Fault) {
    // Old tools end text at a NUL, and so does the kernel.
    let line = head.dropFirst(2).prefix { $0 != 0x0a && $0 != 0 }
    if 2 + line.count > Self.maximumLength { throw .tooLong }
    if line.last == 0x0d { throw .carriageReturn }
    let rest = line.drop { Self.isBlank($0) }
    let interpreter = Path(Array(rest.prefix { !Self.isBlank($0) }))
    if interpreter.bytes.isEmpty { throw .noInterpreter }
    if !interpreter.isAbsolute { throw .relative(interpreter) }
    self.interpreter = interpreter
    if interpreter.lastComponent == ("env" as StaticString).bytes {
      var word = rest.dropFirst(interpreter.bytes.count).drop { Self.isBlank($0) }
      while let last = word.last, Self.isBlank(last) { word.removeLast() }
      command = try Self.command(ofEnv: word)
    } else {
      command = nil
    }
  }

  /// What `env` looks for when it is given one word: a command, or `-S` and words to take apart, assignments first. `env(1)`
  ///
  /// Without a command it would execute the script again, and again. Other options, an assignment of `PATH` and what
  /// `-S` reads as quotes, escapes and variables are not judged here, so they are refused.
  private static func command(ofEnv word: ArraySlice<UInt8>) throws(Fault) -> Path {
    var words = [word]
    if word.starts(with: ("-S" as StaticString).bytes) {
      for byte in word where isSpecial(byte) { throw .env(Array(word)) }
      words = word.dropFirst(2).split { isBlank($0) }
      while let first = words.first, let sign = first.firstIndex(of: UInt8(ascii: "=")),
        sign > first.startIndex, first.first != UInt8(ascii: "-"),
        !first[..<sign].elementsEqual(("PATH" as StaticString).bytes)
      {
        words.removeFirst()
      }
    }
    guard let command = words.first, let first = command.first, first != UInt8(ascii: "-"),
      !command.contains(where: { isBlank($0) || $0 == UInt8(ascii: "=") }),
      first == UInt8(ascii: "/") || !command.contains(UInt8(ascii: "/"))
    else { throw .env(Array(word)) }
    return Path(Array(command))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Quotes, escapes, variables and comments.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "$"),
      UInt8(ascii: "#"):
      true
    default: false
    }
  }
}
