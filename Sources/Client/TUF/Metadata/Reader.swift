import JSON

/// Reads fields that must be there, and names file and field when they are not.
struct Reader {
  let file: String

  func object(_ value: JSONValue, _ name: StaticString) throws(TUFError) -> JSONValue {
    guard let field = value[name], field.isObject else { throw missing(name, "an object") }
    return field
  }

  func text(_ value: JSONValue, _ name: StaticString) throws(TUFError) -> [UInt8] {
    guard let field = value[name]?.text else { throw missing(name, "text") }
    return field
  }

  func integer(
    _ value: JSONValue, _ name: StaticString, atLeast least: Int64
  ) throws(TUFError) -> Int64 {
    guard let field = value[name]?.integer, field >= least else {
      throw missing(name, "an integer of at least \(least)")
    }
    return field
  }

  func missing(_ name: StaticString, _ kind: String) -> TUFError {
    .malformed(file: file, reason: "\"\(name)\" is missing or is not \(kind)")
  }
}
