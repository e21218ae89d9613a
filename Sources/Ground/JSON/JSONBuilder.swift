import Bytes

/// A JSON value in the making: ``canonical()`` is what gets signed, ``text()`` what gets published.
///
/// The two are the same bytes unless a string holds control characters. A client that receives
/// canonical bytes checks signatures over them as they are.
public indirect enum JSONBuilder: Sendable {
  /// Names as UTF-8 bytes with their values, in any order; of two equal names the later one counts.
  case object([(name: [UInt8], value: JSONBuilder)])
  /// Values in order.
  case array([JSONBuilder])
  /// A string.
  case text(String)
  /// A string by its UTF-8 bytes.
  case bytes([UInt8])
  /// A whole number.
  case integer(Int64)
  /// True or false.
  case boolean(Bool)
  /// A value as it was read, with all that this program knows nothing of.
  case verbatim(JSONValue)

  /// An object that was read, with some of its members replaced or added.
  public static func editing(
    _ value: JSONValue, _ changes: KeyValuePairs<String, JSONBuilder>
  ) -> JSONBuilder {
    var members: [(name: [UInt8], value: JSONBuilder)] = []
    for member in value.members { members.append((Array(member.name), .verbatim(member.value))) }
    for (name, value) in changes { members.append((Array(name.utf8), value)) }
    return .object(members)
  }

  /// The canonical form (TUF 1.0.34 §4.1).
  ///
  /// - Throws: `JSONError` for a verbatim value with a fraction in it.
  public func canonical() throws(JSONError) -> [UInt8] {
    var out: [UInt8] = []
    try append(to: &out)
    return out
  }

  /// The canonical form as JSON: canonical JSON writes control characters raw, which JSON forbids.
  public func text() throws(JSONError) -> [UInt8] {
    Self.escapingControls(try canonical())
  }

  /// Canonical JSON has no white space, so whatever is below a space stands in a string. RFC 8259 §7
  public static func escapingControls(_ canonical: [UInt8]) -> [UInt8] {
    guard canonical.contains(where: { $0 < 0x20 }) else { return canonical }
    var out: [UInt8] = []
    for byte in canonical {
      if byte < 0x20 {
        out.append(contentsOf: "\\u00".utf8)
        out.append(contentsOf: Hex.encode([byte]))
      } else {
        out.append(byte)
      }
    }
    return out
  }

  private func append(to out: inout [UInt8]) throws(JSONError) {
    switch self {
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      var isFirst = true
      for member in Self.ordered(members) {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        CanonicalJSON.append(string: member.name, to: &out)
        out.append(UInt8(ascii: ":"))
        try member.value.append(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      var isFirst = true
      for element in elements {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        try element.append(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .text(let text): CanonicalJSON.append(string: Array(text.utf8), to: &out)
    case .bytes(let bytes): CanonicalJSON.append(string: bytes, to: &out)
    case .integer(let number): out.append(contentsOf: String(number).utf8)
    case .boolean(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
    case .verbatim(let value):
      // Copied straight into place: a targets file may hold a great many of these.
      try CanonicalJSON.withEncoded(value) { out.append(contentsOf: $0) }
    }
  }

  /// Members in the order of their names' bytes, the last of each name.
  private static func ordered(
    _ members: [(name: [UInt8], value: JSONBuilder)]
  ) -> [(name: [UInt8], value: JSONBuilder)] {
    var order = Array(members.indices)
    // What was read is in order already, and then a long list is not sorted again.
    let isOrdered = zip(order, order.dropFirst()).allSatisfy {
      members[$0].name.precedes(members[$1].name)
    }
    if isOrdered { return members }
    order.sort { left, right in
      members[left].name == members[right].name
        ? left < right : members[left].name.precedes(members[right].name)
    }
    var kept: [(name: [UInt8], value: JSONBuilder)] = []
    kept.reserveCapacity(members.count)
    for index in order {
      if kept.last?.name == members[index].name { kept.removeLast() }
      kept.append(members[index])
    }
    return kept
  }
}

extension JSONBuilder: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  /// An object; of two equal names the later one counts.
  public init(dictionaryLiteral elements: (String, JSONBuilder)...) {
    self = .object(elements.map { (Array($0.0.utf8), $0.1) })
  }

  /// An array.
  public init(arrayLiteral elements: JSONBuilder...) {
    self = .array(elements)
  }
}

extension JSONBuilder: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral
{
  /// A string.
  public init(stringLiteral value: String) {
    self = .text(value)
  }

  /// A whole number.
  public init(integerLiteral value: Int64) {
    self = .integer(value)
  }

  /// True or false.
  public init(booleanLiteral value: Bool) {
    self = .boolean(value)
  }
}

extension JSONBuilder {
  /// A string of lower-case hexadecimal digits.
  public static func hex(_ bytes: [UInt8]) -> JSONBuilder {
    .text(String(decoding: Hex.encode(bytes), as: UTF8.self))
  }
}
