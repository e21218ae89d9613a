import FileSystem
import JSON
import TUF

/// What `esky.json` beside the project says; every field can be left out.
struct Project {
  var name: String?
  var version: String?
  var folder: String?
  var platform: String?
  var programs: [String] = []
  var updateURL: String?
  var check: String?
  var channel: String?
  var caFile: String?
  var repository: String?
  var keys: [String] = []

  private static let fields = [
    "name", "version", "folder", "platform", "program", "update-url", "check", "channel", "ca-file",
    "repository", "keys",
  ]

  /// Reads `esky.json` in the working directory; an empty project where there is none.
  init() throws {
    let path: Path = "esky.json"
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(path, limit: 1 << 20)
    } catch {
      if error.isMissing { return }
      throw Failure(error.description)
    }
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(parsing: bytes).root
    } catch {
      throw Failure("esky.json can't be read: \(error.description)")
    }
    guard root.isObject else { throw Failure("esky.json holds no JSON object") }
    for member in root.members {
      let field = String(decoding: member.name, as: UTF8.self)
      guard Self.fields.contains(field) else {
        throw Failure(
          "esky.json has an unknown field \"\(field)\"; known are \(Self.fields.joined(separator: ", "))"
        )
      }
    }
    func text(_ field: StaticString) throws -> String? {
      guard let value = root[field] else { return nil }
      guard let text = value.text else { throw Failure("esky.json: \"\(field)\" must be text") }
      return String(decoding: text, as: UTF8.self)
    }
    name = try text("name")
    version = try text("version")
    folder = try text("folder")
    platform = try text("platform")
    updateURL = try text("update-url")
    check = try text("check")
    channel = try text("channel")
    caFile = try text("ca-file")
    repository = try text("repository")
    keys = try Self.texts(root["keys"], "keys")
    programs = try Self.texts(root["program"], "program")
  }

  /// A text, or an array of them.
  private static func texts(_ value: JSONValue?, _ field: String) throws -> [String] {
    guard let value else { return [] }
    if let single = value.text { return [String(decoding: single, as: UTF8.self)] }
    guard value.isArray else { throw Failure("esky.json: \"\(field)\" must be text or an array") }
    var all: [String] = []
    for element in value.elements {
      guard let text = element.text else {
        throw Failure("esky.json: \"\(field)\" must hold text only")
      }
      all.append(String(decoding: text, as: UTF8.self))
    }
    return all
  }
}
