import Bytes
import FileSystem

/// Reads the text of a manifest as it comes, piece by piece: it may be larger than what anybody wants to hold.
public struct ManifestReader {
  /// The most bytes of a line: a link's path and target, as long as paths can be, and numbers.
  public static let maximumLineLength = 2 * 65_536 + 128

  private enum State {
    case beginning, entries, ended, damaged
  }

  private var state = State.beginning
  /// The part of a line that an earlier piece ended with.
  private var pending: [UInt8] = []

  /// Begins with nothing read.
  public init() {}

  /// True when all of it was read: its last line came, and nothing before it was damaged.
  public var isWhole: Bool { state == .ended }

  /// Takes the next piece and hands each entry in it to `body`.
  ///
  /// - Returns: false once it is damaged. What stands behind the last line is not looked at.
  public mutating func add(
    _ piece: UnsafeRawBufferPointer, _ body: (Manifest.Entry) -> Void
  ) -> Bool {
    var start = 0
    while start < piece.count, state == .beginning || state == .entries {
      var end = start
      while end < piece.count, piece[end] != 0x0a { end += 1 }
      guard pending.count + (end - start) <= Self.maximumLineLength else {
        state = .damaged
        break
      }
      pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[start..<end]))
      if end == piece.count { break }
      if let entry = take(pending[...]) { body(entry) }
      pending.removeAll(keepingCapacity: true)
      start = end + 1
    }
    return state != .damaged
  }

  /// Takes a line; nil for one that is no entry.
  private mutating func take(_ line: ArraySlice<UInt8>) -> Manifest.Entry? {
    let space = line.firstIndex(of: 0x20) ?? line.endIndex
    let word = line[..<space]
    let value = line[space...].dropFirst()
    if state == .beginning {
      let isManifest =
        word.elementsEqual(("esky-manifest" as StaticString).bytes)
        && value.elementsEqual(("1" as StaticString).bytes)
      state = isManifest ? .entries : .damaged
      return nil
    }
    if word.elementsEqual(("end" as StaticString).bytes) {
      state = .ended
      return nil
    }
    switch Manifest.Entry.read(word, value) {
    case .entry(let entry): return entry
    case .unknown: return nil
    case .damaged:
      state = .damaged
      return nil
    }
  }
}

extension Manifest.Entry {
  /// What a line turned out to be.
  fileprivate enum Line {
    case entry(Manifest.Entry)
    /// One with a word that is not known here.
    case unknown
    case damaged
  }

  fileprivate static func read(_ word: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Line {
    func isWord(_ known: StaticString) -> Bool { word.elementsEqual(known.bytes) }
    let isBootstrap = isWord("bootstrap")
    let entry: Manifest.Entry?
    if isBootstrap || isWord("file") {
      entry = file(value, isBootstrap: isBootstrap)
    } else if isWord("directory") {
      entry = directory(value)
    } else if isWord("link") {
      entry = link(value)
    } else {
      return .unknown
    }
    guard let entry, PathInFolder.isProper(entry.path) else { return .damaged }
    return .entry(entry)
  }

  private static func directory(_ value: ArraySlice<UInt8>) -> Manifest.Entry? {
    var rest = value
    guard let mode = mode(&rest) else { return nil }
    return Manifest.Entry(path: Array(rest), kind: .directory(permissions: mode))
  }

  private static func link(_ value: ArraySlice<UInt8>) -> Manifest.Entry? {
    var rest = value
    guard let length = number(&rest, radix: 10), length < rest.count,
      rest[rest.startIndex + Int(length)] == 0x20
    else { return nil }
    return Manifest.Entry(
      path: Array(rest.prefix(Int(length))),
      kind: .link(target: Array(rest.dropFirst(Int(length) + 1))))
  }

  private static func file(_ value: ArraySlice<UInt8>, isBootstrap: Bool) -> Manifest.Entry? {
    var rest = value
    guard let mode = mode(&rest), let size = number(&rest, radix: 10),
      let space = rest.firstIndex(of: 0x20)
    else { return nil }
    let hash = Array(rest[..<space])
    guard isDigest(hash) else { return nil }
    return Manifest.Entry(
      path: Array(rest[(space + 1)...]),
      kind: isBootstrap
        ? .bootstrap(permissions: mode, size: size, sha256: hash)
        : .file(permissions: mode, size: size, sha256: hash))
  }

  /// True for the 64 small hexadecimal digits of a SHA-256.
  private static func isDigest(_ bytes: [UInt8]) -> Bool {
    for byte in bytes where Hex.value(byte) == nil || byte != byte.lowered { return false }
    return bytes.count == 64
  }

  private static func mode(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
    guard let mode = number(&rest, radix: 8), mode <= 0o7777 else { return nil }
    return UInt32(truncatingIfNeeded: mode)
  }

  /// Takes a number and the space behind it from the front; nil when there is none, or it is too large.
  private static func number(_ rest: inout ArraySlice<UInt8>, radix: Int64) -> Int64? {
    guard let space = rest.firstIndex(of: 0x20), space > rest.startIndex else { return nil }
    var value: Int64 = 0
    for byte in rest[..<space] {
      guard byte >= 0x30, Int64(byte - 0x30) < radix, value < 1 << 58 else { return nil }
      value = value * radix + Int64(byte - 0x30)
    }
    rest = rest[(space + 1)...]
    return value
  }
}
