/// A parsed JSON text: its bytes, and one node for each value in the order of the text.
///
/// Nothing is copied out of the text while parsing; strings are decoded when asked for.
public final class JSONDocument: Sendable {
  /// The text, byte for byte as it was received.
  public let bytes: [UInt8]
  let nodes: [JSONNode]

  /// The deepest nesting that any text may have: the canonical form is made by recursion.
  public static let greatestDepth = 1000

  /// Parses one JSON value with nothing but white space around it.
  ///
  /// - Parameter memory: the most bytes that ``memory`` may come to; nothing is made before that is known.
  /// - Throws: ``JSONError`` for anything that RFC 8259 does not allow, and for what it only warns of:
  ///   a repeated name in an object, bytes that are not UTF-8, lone surrogates, values nested deeper
  ///   than `depth` or ``greatestDepth``.
  public convenience init(
    parsing bytes: [UInt8], depth: Int = 64, memory: Int64 = .max
  ) throws(JSONError) {
    let nodes = try bytes.withUnsafeBufferPointer { (text) throws(JSONError) in
      try JSONParser.parse(text, depth: depth, memory: memory)
    }
    self.init(bytes: bytes, nodes: nodes)
  }

  // Throws nothing: Embedded Swift loses the memory of an object whose own initialiser throws half-way.
  private init(bytes: [UInt8], nodes: [JSONNode]) {
    self.bytes = bytes
    self.nodes = nodes
  }

  /// The bytes that the text and its nodes take.
  public var memory: Int64 { Self.memory(text: bytes.count, nodes: nodes.capacity) }

  /// The same for so many bytes of text and so many nodes.
  static func memory(text: Int, nodes: Int) -> Int64 {
    Int64(text) + Int64(nodes) * Int64(MemoryLayout<JSONNode>.stride)
  }

  /// The names of the object at an index, in the order of their bytes.
  func names(of object: Int) -> JSONNames {
    bytes.withUnsafeBufferPointer { text in
      nodes.withUnsafeBufferPointer { JSONNames(of: object, $0, text) }
    }
  }

  /// The value that the text holds.
  public var root: JSONValue { JSONValue(document: self, index: 0) }

  /// The value of a ``JSONValue/place`` in this document.
  public func value(at place: UInt32) -> JSONValue {
    JSONValue(document: self, index: Int(place))
  }

  /// The name that the value of a place has in its object.
  public func name(ofValueAt place: UInt32) -> ArraySlice<UInt8> {
    // It is the node before the value.
    JSONMember(document: self, index: Int(place) - 1).name
  }

  /// True when the string of one place stands before that of another, in the order of their bytes.
  public func precedes(_ a: UInt32, _ b: UInt32) -> Bool {
    bytes.withUnsafeBufferPointer { JSONNames.precedes(nodes[Int(a)], nodes[Int(b)], $0) }
  }
}

/// One value of a document: where it stands in the text, and which node follows it and all it holds.
///
/// An object's nodes are its names and values in turn. 12 bytes, because hostile text makes many.
struct JSONNode {
  /// The first byte; of a string, the first behind its quotation mark.
  var start: UInt32
  /// One past the last byte; of a string, its closing quotation mark.
  var end: UInt32
  private var nextAndKind: UInt32

  init(_ kind: Kind, start: Int) {
    self.start = UInt32(truncatingIfNeeded: start)
    end = self.start
    nextAndKind = UInt32(kind.rawValue) << 28
  }

  enum Kind: UInt8 {
    case null, `false`, `true`, integer, fraction, string, escapedString, array, object
    /// Containers whose text is its own canonical form.
    case canonicalArray, canonicalObject
  }

  var kind: Kind {
    get { Kind(rawValue: UInt8(truncatingIfNeeded: nextAndKind >> 28)) ?? .null }
    set { nextAndKind = (nextAndKind & 0x0fff_ffff) | UInt32(newValue.rawValue) << 28 }
  }

  /// The index behind this value's last node.
  var next: Int {
    get { Int(nextAndKind & 0x0fff_ffff) }
    set {
      nextAndKind =
        (nextAndKind & 0xf000_0000) | (UInt32(truncatingIfNeeded: newValue) & 0x0fff_ffff)
    }
  }
}

/// Why a text is no JSON that this parser takes; offsets count bytes from 0.
public enum JSONError: Error, Sendable {
  /// The text is longer than the parser can address: 256 MiB.
  case tooLong
  /// Text and nodes would take more bytes than the limit.
  case tooMuchMemory(limit: Int64)
  /// A byte that can't stand there.
  case unexpected(offset: Int)
  /// The text ends in the middle of a value.
  case unexpectedEnd
  /// Bytes behind the value.
  case trailing(offset: Int)
  /// Values nested deeper than the limit.
  case tooDeep(limit: Int)
  /// A name that stands in its object already.
  case duplicateName(name: String, offset: Int)
  /// A string that is not UTF-8, or holds half of a surrogate pair.
  case badText(offset: Int)
  /// A number with a fraction, which has no canonical form.
  case fraction(offset: Int)

  /// The reason as half a sentence for a person.
  public var description: String {
    switch self {
    case .tooLong: "the text is longer than 256 MiB"
    case .tooMuchMemory(let limit): "it would take more than \(limit) bytes of memory"
    case .unexpected(let offset): "it is not JSON at byte \(offset)"
    case .unexpectedEnd: "it ends in the middle of a value"
    case .trailing(let offset): "something follows the JSON value at byte \(offset)"
    case .tooDeep(let limit): "its values are nested deeper than \(limit)"
    case .duplicateName(let name, let offset):
      "the name \"\(name)\" stands twice in one object at byte \(offset)"
    case .badText(let offset): "the text is not valid Unicode at byte \(offset)"
    case .fraction(let offset): "the number at byte \(offset) is not an integer"
    }
  }
}
