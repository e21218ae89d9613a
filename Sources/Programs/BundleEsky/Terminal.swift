import FileSystem

/// Questions to whoever sits at the terminal, whatever the standard streams are.
enum Terminal {
  /// The most bytes of an answer.
  private static let longest = 4096

  /// Asks for a line.
  ///
  /// - Parameters:
  ///   - isSecret: true to show nothing of what is typed.
  ///   - complaint: what to fail with where there is no terminal.
  static func ask(
    _ prompt: String, isSecret: Bool = false, orElse complaint: String
  ) throws -> [UInt8] {
    guard let terminal = try? ControllingTerminal() else { throw Failure(complaint) }
    do throws(FileError) {
      return try terminal.ask(Array(prompt.utf8), isSecret: isSecret, limit: longest)
    } catch {
      throw Failure("can't read from the terminal: \(error.cause.description)")
    }
  }
}
