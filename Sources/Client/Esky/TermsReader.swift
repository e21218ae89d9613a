import JSON
import TUF

/// A member that is not of its kind.
struct UnreadableMember: Error {
  let name: StaticString
}

/// An object of which every member is of its kind, or left out.
struct TermsReader {
  private let object: JSONValue

  /// Takes a value that must be an object; its name is for the error.
  init(_ value: JSONValue, name: StaticString) throws(UnreadableMember) {
    guard value.isObject else { throw UnreadableMember(name: name) }
    object = value
  }

  /// A member as `read` takes it, which gives nil for another kind; nil when it is left out.
  func member<Value>(
    _ name: StaticString, _ read: (JSONValue) -> Value?
  ) throws(UnreadableMember) -> Value? {
    guard let value = object[name] else { return nil }
    guard let found = read(value) else { throw UnreadableMember(name: name) }
    return found
  }

  /// A member that is an object; nil when it is left out.
  func object(_ name: StaticString) throws(UnreadableMember) -> TermsReader? {
    guard let value = object[name] else { return nil }
    return try TermsReader(value, name: name)
  }

  /// The texts of an array; nil for anything else, or when one of its elements is no text.
  static func names(_ value: JSONValue) -> [[UInt8]]? {
    guard value.isArray else { return nil }
    var names: [[UInt8]] = []
    for element in value.elements {
      guard let name = element.text else { return nil }
      names.append(name)
    }
    return names
  }
}
