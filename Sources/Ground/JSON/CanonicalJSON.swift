/// Canonical JSON as OLPC describes it and TUF signs it (TUF 1.0.34 §4.1).
///
/// No white space; names in the order of their bytes; strings as raw UTF-8 with only `"` and `\`
/// escaped; integers only.
public enum CanonicalJSON {
  /// The canonical form of a value.
  ///
  /// - Throws: ``JSONError/fraction(offset:)`` for a number that has none.
  public static func encode(_ value: JSONValue) throws(JSONError) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(value.range.count)
    try append(value, to: &out)
    return out
  }

  /// Calls `body` with the canonical form; text that is canonical already is not encoded again.
  public static func withEncoded<Result>(
    _ value: JSONValue, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) throws(JSONError) -> Result {
    switch value.node.kind {
    case .canonicalObject, .canonicalArray:
      let range = value.range
      return value.document.bytes.withUnsafeBufferPointer {
        body(UnsafeBufferPointer(rebasing: $0[range]))
      }
    default:
      let encoded = try encode(value)
      return encoded.withUnsafeBufferPointer { body($0) }
    }
  }

  /// Appends a string with its quotation marks.
  public static func append(string: [UInt8], to out: inout [UInt8]) {
    out.append(0x22)
    for byte in string {
      if byte == 0x22 || byte == 0x5c { out.append(0x5c) }
      out.append(byte)
    }
    out.append(0x22)
  }

  // Recursion is bounded by the depth that the parser allowed.
  private static func append(_ value: JSONValue, to out: inout [UInt8]) throws(JSONError) {
    let node = value.node
    switch node.kind {
    case .null, .true, .false, .canonicalArray, .canonicalObject, .string:
      out.append(contentsOf: value.document.bytes[value.range])
    case .integer:
      let digits = value.document.bytes[value.range]
      out.append(contentsOf: digits.elementsEqual([0x2d, 0x30]) ? digits.dropFirst() : digits)
    case .fraction:
      throw .fraction(offset: Int(node.start))
    case .escapedString:
      append(string: value.text ?? [], to: &out)
    case .array:
      out.append(0x5b)
      var isFirst = true
      for element in value.elements {
        if !isFirst { out.append(0x2c) }
        isFirst = false
        try append(element, to: &out)
      }
      out.append(0x5d)
    case .object:
      let document = value.document
      let names = document.names(of: value.index)
      out.append(0x7b)
      var isFirst = true
      for index in names.order {
        if !isFirst { out.append(0x2c) }
        isFirst = false
        let member = JSONMember(document: document, index: Int(index))
        append(string: Array(member.name), to: &out)
        out.append(0x3a)
        try append(member.value, to: &out)
      }
      out.append(0x7d)
    }
  }
}
