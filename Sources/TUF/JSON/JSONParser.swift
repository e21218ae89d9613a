/// Turns JSON text into nodes without recursion, so that depth costs no stack.
///
/// RFC 8259. Beside the grammar it notes for each array and object whether its text is canonical already.
struct JSONParser {
  private let depthLimit: Int
  private let memoryLimit: Int64
  private var nodes: [JSONNode] = []
  private var open: [Frame] = []
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

  init(depth: Int, memory: Int64) {
    depthLimit = min(depth, JSONDocument.greatestDepth)
    memoryLimit = memory
  }

  mutating func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> [JSONNode] {
    guard text.count < 1 << 28 else { throw .tooLong }
    try reserve(text)
    var at = 0
    try value(text, &at)
    while let frame = open.last {
      skipSpace(text, &at)
      guard at < text.count else { throw .unexpectedEnd }
      let closing: UInt8 = frame.isObject ? 0x7d : 0x5d
      let isFirst = nodes.count == frame.node + 1
      if text[at] == closing {
        at += 1
        try close(text, at)
        continue
      }
      if !isFirst {
        guard text[at] == 0x2c else { throw .unexpected(offset: at) }
        at += 1
        skipSpace(text, &at)
      }
      if frame.isObject {
        try name(text, &at)
      }
      try value(text, &at)
    }
    skipSpace(text, &at)
    guard at == text.count else { throw .trailing(offset: at) }
    return nodes
  }

  /// Makes room once: growing by doubling would need twice the memory for hostile text.
  private mutating func reserve(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    // Commas may stand in strings, too; each value takes a byte, and another to part it from the next.
    let most = min(separators(text) + 2, text.count / 2 + 2)
    guard JSONDocument.memory(text: text.count, nodes: most) <= memoryLimit else {
      throw .tooMuchMemory(limit: memoryLimit)
    }
    nodes.reserveCapacity(most)
  }

  /// How many bytes begin another value, or would outside of a string.
  private func separators(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var total = 0
    var at = 0
    while text.count - at >= 8 {
      total += EightBytes(text, at).separators
      at += 8
    }
    // Of the last few bytes each may be one.
    return total + text.count - at
  }

  private mutating func skipSpace(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) {
    let start = at
    while at < text.count {
      switch text[at] {
      case 0x20, 0x09, 0x0a, 0x0d: at += 1
      default:
        if at != start { irregularities += 1 }
        return
      }
    }
    if at != start { irregularities += 1 }
  }

  private mutating func name(
    _ text: UnsafeBufferPointer<UInt8>, _ at: inout Int
  ) throws(JSONError) {
    guard at < text.count else { throw .unexpectedEnd }
    guard text[at] == 0x22 else { throw .unexpected(offset: at) }
    let index = nodes.count
    try string(text, &at)
    let last = open[open.count - 1].lastName
    if last >= 0, open[open.count - 1].namesAscend, !precedes(text, last, index) {
      open[open.count - 1].namesAscend = false
      irregularities += 1
    }
    open[open.count - 1].lastName = index
    skipSpace(text, &at)
    guard at < text.count else { throw .unexpectedEnd }
    guard text[at] == 0x3a else { throw .unexpected(offset: at) }
    at += 1
    skipSpace(text, &at)
  }

  /// True when one plain name stands before another in canonical order; escaped names never do.
  private func precedes(_ text: UnsafeBufferPointer<UInt8>, _ a: Int, _ b: Int) -> Bool {
    nodes[a].kind == .string && nodes[b].kind == .string
      && JSONNames.precedes(a, b, nodes, text)
  }

  private mutating func close(
    _ text: UnsafeBufferPointer<UInt8>, _ at: Int
  ) throws(JSONError) {
    let frame = open.removeLast()
    nodes[frame.node].end = UInt32(truncatingIfNeeded: at)
    nodes[frame.node].next = nodes.count
    if !frame.namesAscend { try refuseDuplicateNames(text, in: frame.node) }
    if irregularities == frame.irregularities {
      nodes[frame.node].kind = frame.isObject ? .canonicalObject : .canonicalArray
    }
  }

  /// Names that do not ascend are sorted to find equal ones side by side.
  private func refuseDuplicateNames(
    _ text: UnsafeBufferPointer<UInt8>, in object: Int
  ) throws(JSONError) {
    let names = JSONNames(of: object, nodes, text)
    var place = 1
    while place < names.order.count {
      let index = Int(names.order[place])
      if !JSONNames.precedes(Int(names.order[place - 1]), index, nodes, text) {
        let node = nodes[index]
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
    if open.isEmpty { skipSpace(text, &at) }
    guard at < text.count else { throw .unexpectedEnd }
    switch text[at] {
    case 0x7b, 0x5b:
      guard open.count < depthLimit else { throw .tooDeep(limit: depthLimit) }
      let isObject = text[at] == 0x7b
      open.append(
        Frame(node: nodes.count, irregularities: irregularities, isObject: isObject))
      nodes.append(JSONNode(isObject ? .object : .array, start: at))
      at += 1
    case 0x22: try string(text, &at)
    case 0x2d, 0x30...0x39: try number(text, &at)
    case 0x74: try literal("true", .true, text, &at)
    case 0x66: try literal("false", .false, text, &at)
    case 0x6e: try literal("null", .null, text, &at)
    default: throw .unexpected(offset: at)
    }
  }

  private mutating func append(_ kind: JSONNode.Kind, start: Int, end: Int) {
    var node = JSONNode(kind, start: start)
    node.end = UInt32(truncatingIfNeeded: end)
    node.next = nodes.count + 1
    nodes.append(node)
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
    append(kind, start: start, end: at)
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
    append(kind, start: start, end: at)
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
        at = try JSONText.checkSequence(text, at)
      }
    }
    append(kind, start: start, end: at)
    at += 1
  }
}
