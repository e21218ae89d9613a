import Bytes

/// Turns JSON text into nodes without recursion, so that depth costs no stack.
///
/// RFC 8259. Beside the grammar it notes for each array and object whether its text is canonical already.
struct JSONParser {
  private let depthLimit: Int
  /// Room for as many nodes as the text can have.
  private let nodes: UnsafeMutableBufferPointer<JSONNode>
  private var count = 0
  /// The container that is open, and those around it.
  private var frame: Frame?
  private var around: [Frame] = []
  /// Counts what canonical JSON would write differently; a container that sees no change is canonical.
  private var irregularities = 0

  private struct Frame {
    let node: Int
    let irregularities: Int
    let isObject: Bool
    /// The node of the previous name, or -1.
    var lastName = -1
    var namesAscend = true
  }

  private init(_ nodes: UnsafeMutableBufferPointer<JSONNode>, depth: Int) {
    self.nodes = nodes
    depthLimit = min(depth, JSONDocument.greatestDepth)
  }

  /// The nodes of a text, of which there is made room for once: growing by doubling would need twice the
  /// memory for hostile text.
  static func parse(
    _ text: UnsafeBufferPointer<UInt8>, depth: Int, memory: Int64
  ) throws(JSONError) -> [JSONNode] {
    guard text.count < 1 << 28 else { throw .tooLong }
    // Commas may stand in strings, too; each value takes a byte, and another to part it from the next.
    let most = min(separators(text) + 2, text.count / 2 + 2)
    guard JSONDocument.memory(text: text.count, nodes: most) <= memory else {
      throw .tooMuchMemory(limit: memory)
    }
    var failure: JSONError?
    let nodes = [JSONNode](unsafeUninitializedCapacity: most) { (buffer, initialized) in
      var parser = JSONParser(buffer, depth: depth)
      do throws(JSONError) {
        try parser.parse(text)
      } catch {
        failure = error
      }
      initialized = parser.count
    }
    if let failure { throw failure }
    return nodes
  }

  /// How many bytes begin another value, or would outside of a string.
  private static func separators(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var total = 0
    var at = 0
    while text.count - at >= 8 {
      total += EightBytes(text, at).separators
      at += 8
    }
    // Of the last few bytes each may be one.
    return total + text.count - at
  }

  private mutating func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    var at = 0
    skipSpace(text, &at)
    try value(text, &at)
    while let open = frame {
      skipSpace(text, &at)
      guard at < text.count else { throw .unexpectedEnd }
      if text[at] == (open.isObject ? 0x7d : 0x5d) {
        at += 1
        try close(open, text, at)
        continue
      }
      if count != open.node + 1 {
        guard text[at] == 0x2c else { throw .unexpected(offset: at) }
        at += 1
        skipSpace(text, &at)
      }
      if open.isObject { try name(open, text, &at) }
      try value(text, &at)
    }
    skipSpace(text, &at)
    guard at == text.count else { throw .trailing(offset: at) }
  }

  @inline(__always)
  private mutating func skipSpace(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
    if at < text.count, text[at] > 0x20 { return }
    skipSpaces(text, &at)
  }

  private mutating func skipSpaces(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
    let start = at
    while at < text.count {
      let byte = text[at]
      guard byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d else { break }
      at += 1
    }
    if at != start { irregularities += 1 }
  }

  private mutating func name(
    _ open: Frame, _ text: UnsafeBufferPointer<UInt8>, _ at: inout Int
  ) throws(JSONError) {
    guard at < text.count else { throw .unexpectedEnd }
    guard text[at] == 0x22 else { throw .unexpected(offset: at) }
    let index = count
    try string(text, &at)
    if open.lastName >= 0, open.namesAscend, !precedes(text, open.lastName, index) {
      frame?.namesAscend = false
      irregularities += 1
    }
    frame?.lastName = index
    skipSpace(text, &at)
    guard at < text.count else { throw .unexpectedEnd }
    guard text[at] == 0x3a else { throw .unexpected(offset: at) }
    at += 1
    skipSpace(text, &at)
  }

  /// True when one plain name stands before another in canonical order; escaped names never do.
  private func precedes(_ text: UnsafeBufferPointer<UInt8>, _ a: Int, _ b: Int) -> Bool {
    nodes[a].kind == .string && nodes[b].kind == .string
      && JSONNames.precedes(nodes[a], nodes[b], text)
  }

  private mutating func close(
    _ open: Frame, _ text: UnsafeBufferPointer<UInt8>, _ at: Int
  ) throws(JSONError) {
    frame = around.popLast()
    nodes[open.node].end = UInt32(truncatingIfNeeded: at)
    nodes[open.node].next = count
    if !open.namesAscend { try refuseDuplicateNames(text, in: open.node) }
    if irregularities == open.irregularities {
      nodes[open.node].kind = open.isObject ? .canonicalObject : .canonicalArray
    }
  }

  /// Names that do not ascend are sorted to find equal ones side by side.
  private func refuseDuplicateNames(
    _ text: UnsafeBufferPointer<UInt8>, in object: Int
  ) throws(JSONError) {
    let names = JSONNames(of: object, UnsafeBufferPointer(nodes), text)
    var place = 1
    while place < names.order.count {
      let node = nodes[Int(names.order[place])]
      if !JSONNames.precedes(nodes[Int(names.order[place - 1])], node, text) {
        throw .duplicateName(
          name: String(
            decoding: JSONText.unescape(text[Int(node.start)..<Int(node.end)]), as: UTF8.self),
          offset: Int(node.start))
      }
      place += 1
    }
  }

  private mutating func value(
    _ text: UnsafeBufferPointer<UInt8>, _ at: inout Int
  ) throws(JSONError) {
    guard at < text.count else { throw .unexpectedEnd }
    switch text[at] {
    case 0x22: try string(text, &at)
    case 0x7b, 0x5b:
      if let frame {
        guard around.count + 1 < depthLimit else { throw .tooDeep(limit: depthLimit) }
        around.append(frame)
      } else if depthLimit < 1 {
        throw .tooDeep(limit: depthLimit)
      }
      let isObject = text[at] == 0x7b
      frame = Frame(node: count, irregularities: irregularities, isObject: isObject)
      try append(JSONNode(isObject ? .object : .array, start: at))
      at += 1
    case 0x2d, 0x30...0x39: try number(text, &at)
    case 0x74: try literal("true", .true, text, &at)
    case 0x66: try literal("false", .false, text, &at)
    case 0x6e: try literal("null", .null, text, &at)
    default: throw .unexpected(offset: at)
    }
  }

  @inline(__always)
  private mutating func append(_ node: JSONNode) throws(JSONError) {
    // Room was made for all that a text can have; what is no JSON ends before.
    guard count < nodes.count else { throw .tooLong }
    nodes.initializeElement(at: count, to: node)
    count += 1
  }

  @inline(__always)
  private mutating func append(
    _ kind: JSONNode.Kind, start: Int, end: Int
  ) throws(JSONError) {
    var node = JSONNode(kind, start: start)
    node.end = UInt32(truncatingIfNeeded: end)
    node.next = count + 1
    try append(node)
  }

  private mutating func literal(
    _ word: StaticString, _ kind: JSONNode.Kind, _ text: UnsafeBufferPointer<UInt8>,
    _ at: inout Int
  ) throws(JSONError) {
    let start = at
    var matched = 0
    while matched < word.utf8CodeUnitCount {
      guard at < text.count else { throw .unexpectedEnd }
      guard text[at] == word.utf8Start[matched] else { throw .unexpected(offset: at) }
      at += 1
      matched += 1
    }
    try append(kind, start: start, end: at)
  }

  private mutating func number(
    _ text: UnsafeBufferPointer<UInt8>, _ at: inout Int
  ) throws(JSONError) {
    let start = at
    var kind = JSONNode.Kind.integer
    if text[at] == 0x2d { at += 1 }
    guard at < text.count else { throw .unexpectedEnd }
    if text[at] == 0x30 {
      if text[start] == 0x2d { irregularities += 1 }  // canonical JSON has no -0
      at += 1
    } else {
      try digits(text, &at)
    }
    if at < text.count, text[at] == 0x2e {
      kind = .fraction
      at += 1
      try digits(text, &at)
    }
    if at < text.count, text[at] == 0x65 || text[at] == 0x45 {
      kind = .fraction
      at += 1
      if at < text.count, text[at] == 0x2b || text[at] == 0x2d { at += 1 }
      try digits(text, &at)
    }
    if kind == .fraction { irregularities += 1 }
    try append(kind, start: start, end: at)
  }

  private func digits(
    _ text: UnsafeBufferPointer<UInt8>, _ at: inout Int
  ) throws(JSONError) {
    guard at < text.count else { throw .unexpectedEnd }
    guard 0x30...0x39 ~= text[at] else { throw .unexpected(offset: at) }
    while at < text.count, 0x30...0x39 ~= text[at] { at += 1 }
  }

  private mutating func string(
    _ text: UnsafeBufferPointer<UInt8>, _ at: inout Int
  ) throws(JSONError) {
    let start = at + 1
    at = start
    var kind = JSONNode.Kind.string
    while true {
      while text.count - at >= 8 {
        let plain = EightBytes(text, at).plainPrefix
        at += plain
        if plain < 8 { break }
      }
      guard at < text.count else { throw .unexpectedEnd }
      let byte = text[at]
      if byte == 0x22 { break }
      if byte < 0x20 { throw .unexpected(offset: at) }
      if byte == 0x5c {
        kind = .escapedString
        let next = try JSONText.checkEscape(text, at)
        // Only these two escapes are what canonical JSON writes as well.
        if text[at + 1] != 0x22 && text[at + 1] != 0x5c { irregularities += 1 }
        at = next
      } else if byte < 0x80 {
        at += 1
      } else {
        guard let scalar = UTF8Scalar(text, at: at) else { throw .badText(offset: at) }
        at += scalar.count
      }
    }
    try append(kind, start: start, end: at)
    at += 1
  }
}
