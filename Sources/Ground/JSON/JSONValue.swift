/// One value in a document.
public struct JSONValue: Sendable {
  /// The document that it is in.
  public let document: JSONDocument
  let index: Int

  /// Which of the document's values it is: what ``JSONDocument/value(at:)`` takes.
  public var place: UInt32 { UInt32(truncatingIfNeeded: index) }

  var node: JSONNode { document.nodes[index] }

  /// Where the value stands in the text, in bytes.
  public var range: Range<Int> {
    switch node.kind {
    case .string, .escapedString: Int(node.start) - 1..<Int(node.end) + 1
    default: Int(node.start)..<Int(node.end)
    }
  }

  /// True for an object.
  public var isObject: Bool { node.kind == .object || node.kind == .canonicalObject }

  /// True for an array.
  public var isArray: Bool { node.kind == .array || node.kind == .canonicalArray }

  /// True for a string.
  public var isText: Bool { node.kind == .string || node.kind == .escapedString }

  /// The UTF-8 bytes of a string, decoded; nil for any other value.
  public var text: [UInt8]? {
    let node = node
    switch node.kind {
    case .string: return Array(document.bytes[Int(node.start)..<Int(node.end)])
    case .escapedString:
      return document.bytes.withUnsafeBufferPointer {
        JSONText.unescape($0[Int(node.start)..<Int(node.end)])
      }
    default: return nil
    }
  }

  /// An integer that fits 64 bits; nil for any other value.
  public var integer: Int64? {
    let node = node
    guard node.kind == .integer else { return nil }
    var result: Int64 = 0
    let isNegative = document.bytes[Int(node.start)] == 0x2d
    for place in Int(node.start) + (isNegative ? 1 : 0)..<Int(node.end) {
      let digit = Int64(document.bytes[place] - 0x30)
      let (scaled, first) = result.multipliedReportingOverflow(by: 10)
      let (sum, second) =
        isNegative
        ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
      if first || second { return nil }
      result = sum
    }
    return result
  }

  /// True or false; nil for any other value.
  public var boolean: Bool? {
    switch node.kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// The elements of an array in order; none for any other value.
  public var elements: JSONElements { JSONElements(self, isArray) }

  /// The names and values of an object in the order of the text; none for any other value.
  public var members: JSONMembers { JSONMembers(self, isObject) }

  /// The value that a name has in an object; nil when it has none, or this is no object.
  public subscript(_ name: StaticString) -> JSONValue? {
    for member in members
    where member.name.elementsEqual(
      UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    {
      return member.value
    }
    return nil
  }

  /// The value that a name has in an object; nil when it has none, or this is no object.
  public subscript(_ name: [UInt8]) -> JSONValue? {
    for member in members where member.name.elementsEqual(name) { return member.value }
    return nil
  }
}

/// The elements of an array.
public struct JSONElements: Sequence, IteratorProtocol {
  private let document: JSONDocument
  private var index: Int
  private let end: Int

  init(_ value: JSONValue, _ isArray: Bool) {
    document = value.document
    index = value.index + 1
    end = isArray ? value.node.next : 0
  }

  /// The next element, or nil behind the last.
  public mutating func next() -> JSONValue? {
    guard index < end else { return nil }
    defer { index = document.nodes[index].next }
    return JSONValue(document: document, index: index)
  }
}

/// The names and values of an object.
public struct JSONMembers: Sequence, IteratorProtocol {
  private let document: JSONDocument
  private var index: Int
  private let end: Int

  init(_ value: JSONValue, _ isObject: Bool) {
    document = value.document
    index = value.index + 1
    end = isObject ? value.node.next : 0
  }

  /// The next pair, or nil behind the last.
  public mutating func next() -> JSONMember? {
    guard index < end else { return nil }
    defer { index = document.nodes[index + 1].next }
    return JSONMember(document: document, index: index)
  }
}

/// One name of an object with its value.
public struct JSONMember {
  let document: JSONDocument
  let index: Int

  /// The UTF-8 bytes of the name.
  public var name: ArraySlice<UInt8> {
    let node = document.nodes[index]
    if node.kind == .string { return document.bytes[Int(node.start)..<Int(node.end)] }
    return document.bytes.withUnsafeBufferPointer {
      JSONText.unescape($0[Int(node.start)..<Int(node.end)])[...]
    }
  }

  /// Where the name stands in the text, in bytes; nil for one that is written with escapes.
  public var range: Range<Int>? {
    let node = document.nodes[index]
    return node.kind == .string ? Int(node.start)..<Int(node.end) : nil
  }

  /// The value.
  public var value: JSONValue { JSONValue(document: document, index: index + 1) }
}
