import Bytes

/// The names of one object in the order of their bytes, as indices of nodes.
///
/// Four bytes for each name and nothing copied, because hostile objects have many names.
struct JSONNames: Sendable {
  /// The nodes of the names.
  let order: [UInt32]

  /// Sorts the names of the object at an index; names that ascend already cost one comparison each.
  init(
    of object: Int, _ nodes: UnsafeBufferPointer<JSONNode>, _ text: UnsafeBufferPointer<UInt8>
  ) {
    var order: [UInt32] = []
    var ascends = true
    var index = object + 1
    while index < nodes[object].next {
      if let last = order.last, ascends, !Self.precedes(nodes[Int(last)], nodes[index], text) {
        ascends = false
      }
      order.append(UInt32(truncatingIfNeeded: index))
      index = nodes[index + 1].next
    }
    if !ascends { order.sort { Self.precedes(nodes[Int($0)], nodes[Int($1)], text) } }
    self.order = order
  }

  /// True when one name stands before another, both unescaped.
  static func precedes(
    _ a: JSONNode, _ b: JSONNode, _ text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let first = text[Int(a.start)..<Int(a.end)]
    let second = text[Int(b.start)..<Int(b.end)]
    if a.kind == .string, b.kind == .string {
      return UnsafeBufferPointer(rebasing: first).precedes(UnsafeBufferPointer(rebasing: second))
    }
    var left = JSONText.Unescaped(first)
    var right = JSONText.Unescaped(second)
    while let byte = right.next() {
      guard let other = left.next() else { return true }
      if other != byte { return other < byte }
    }
    return false
  }
}

/// An object whose names are looked up often, or wanted in their order.
public struct JSONIndex: Sendable, Sequence {
  private let object: JSONValue
  private let names: JSONNames

  /// Sorts the names of an object.
  public init(_ object: JSONValue) {
    self.object = object
    names = object.document.names(of: object.index)
  }

  /// Names and values in the order of the names' bytes.
  public func makeIterator() -> Iterator { Iterator(document: object.document, order: names.order) }

  /// Goes through names and values.
  public struct Iterator: IteratorProtocol {
    fileprivate let document: JSONDocument
    fileprivate let order: [UInt32]
    private var place = 0

    fileprivate init(document: JSONDocument, order: [UInt32]) {
      self.document = document
      self.order = order
    }

    /// The next pair, or nil behind the last.
    public mutating func next() -> JSONMember? {
      guard place < order.count else { return nil }
      defer { place += 1 }
      return JSONMember(document: document, index: Int(order[place]))
    }
  }

  /// The value of a name, nil when there is none; in a time that grows with the logarithm of their number.
  public subscript(_ name: [UInt8]) -> JSONValue? {
    func member(_ index: UInt32) -> JSONMember {
      JSONMember(document: object.document, index: Int(index))
    }
    let place = names.order.partitioningIndex { !Array(member($0).name).precedes(name) }
    guard place < names.order.count else { return nil }
    let found = member(names.order[place])
    return Array(found.name) == name ? found.value : nil
  }
}
