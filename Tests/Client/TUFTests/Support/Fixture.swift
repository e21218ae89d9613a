import Bytes
import FileSystem
import JSON
import TUF

/// The recorded files in `Fixtures`; `record.py` there writes them anew.
enum Fixture {
  /// The cases of a golden file.
  static func cases(_ name: String, file: String = #filePath) throws -> [JSONValue] {
    let folder = Path(file).parent.parent.appending("Fixtures")
    let bytes = try FileSystem.read(folder.appending(name), limit: 1 << 20)
    let cases = Array(try JSONDocument(parsing: bytes).root.elements)
    precondition(!cases.isEmpty, "\(name) holds no cases")
    return cases
  }
}

extension JSONValue {
  /// A member that must be text, as a string.
  func string(_ name: StaticString) -> String {
    String(decoding: self[name]?.text ?? [], as: UTF8.self)
  }

  /// A member that must be bytes in hexadecimal digits.
  func bytes(_ name: StaticString) -> [UInt8] {
    Hex.decode(self[name]?.text ?? []) ?? []
  }
}

/// The bytes of a text.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The name of the case that `body` throws; "nothing" when it does not throw.
func refusal<Failure: Error>(_ body: () throws(Failure) -> Void) -> String {
  do throws(Failure) {
    try body()
    return "nothing"
  } catch {
    let rule: any Error = (error as? TUFError)?.rule ?? error
    return Mirror(reflecting: rule).children.first?.label ?? "\(rule)"
  }
}
