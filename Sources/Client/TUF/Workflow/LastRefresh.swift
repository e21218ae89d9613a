import Bytes
import FileSystem

/// What the last refresh left: it lets the next one find that nothing has changed without reading it all.
///
/// A file of lines beside the metadata, as trusted as the root that lies there, too:
///
///     tuf-refresh 2
///     root SHA-256                       of the stored root
///     timestamp SHA-256                  of the stored timestamp
///     snapshot VERSION EXPIRES FILE      the stored file, as it was when it had been verified
///     targets VERSION EXPIRES FILE       FILE: the six numbers of `FileIdentity`
///     entity-tag URL TAG                 only where the server of the timestamp offers one
///     end
///
/// EXPIRES is in seconds since 1970 UTC. A record that does not fit what is stored is as good as none: then
/// everything is read and verified again.
struct LastRefresh: Equatable {
  /// One metadata file that was verified when it was stored.
  struct Stored: Equatable {
    let version: Int64
    let expires: Int64
    let identity: FileIdentity
  }

  let root: [UInt8]
  let timestamp: [UInt8]
  let snapshot: Stored
  let targets: Stored
  /// What the stored timestamp can be asked for with, at which URL.
  let validator: (url: String, value: Validator)?

  static func == (a: LastRefresh, b: LastRefresh) -> Bool { a.lines == b.lines }

  private static let heading = Array("tuf-refresh 2".utf8)

  /// The file's text.
  var lines: [UInt8] {
    var text = Self.heading
    func word(_ bytes: [UInt8]) { text += [0x20] + bytes }
    func line(_ name: StaticString) { text += [0x0a] + name.bytes }
    func number(_ value: Int64) { word(Array(String(value).utf8)) }
    func stored(_ name: StaticString, _ file: Stored) {
      line(name)
      number(file.version)
      number(file.expires)
      for value in file.identity.numbers { number(value) }
    }
    line("root")
    word(Hex.encode(root))
    line("timestamp")
    word(Hex.encode(timestamp))
    stored("snapshot", snapshot)
    stored("targets", targets)
    if let validator {
      line("entity-tag")
      word(Array(validator.url.utf8))
      word(validator.value.entityTag)
    }
    line("end")
    return text + [0x0a]
  }

  init(
    root: [UInt8], timestamp: [UInt8], snapshot: Stored, targets: Stored,
    validator: (url: String, value: Validator)?
  ) {
    self.root = root
    self.timestamp = timestamp
    self.snapshot = snapshot
    self.targets = targets
    self.validator = validator
  }

  /// Reads the text; nil for anything but what ``lines`` writes.
  init?(_ text: [UInt8]) {
    var lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)[...]
    func words(_ name: StaticString, _ count: Int) -> [ArraySlice<UInt8>]? {
      guard let line = lines.popFirst() else { return nil }
      let words = line.split(
        separator: 0x20, maxSplits: count, omittingEmptySubsequences: false)
      guard words.count == count + 1, words[0].elementsEqual(name.bytes) else { return nil }
      return Array(words.dropFirst())
    }
    func stored(_ name: StaticString) -> Stored? {
      guard let words = words(name, 2 + FileIdentity.count) else { return nil }
      var numbers: [Int64] = []
      for word in words {
        guard let number = Int64(digits: word) else { return nil }
        numbers.append(number)
      }
      guard let identity = FileIdentity(Array(numbers[2...])) else { return nil }
      return Stored(version: numbers[0], expires: numbers[1], identity: identity)
    }
    guard let first = lines.popFirst(), first.elementsEqual(Self.heading),
      let root = words("root", 1).flatMap({ Hex.decode(Array($0[0])) }),
      let timestamp = words("timestamp", 1).flatMap({ Hex.decode(Array($0[0])) }),
      let snapshot = stored("snapshot"), let targets = stored("targets")
    else { return nil }
    self.root = root
    self.timestamp = timestamp
    self.snapshot = snapshot
    self.targets = targets
    if lines.count == 3 {
      guard let words = words("entity-tag", 2), let value = Validator(Array(words[1])) else {
        return nil
      }
      validator = (String(decoding: words[0], as: UTF8.self), value)
    } else {
      validator = nil
    }
    guard lines.count == 2, words("end", 0) != nil, lines.first?.isEmpty == true else { return nil }
  }

  /// True when the timestamp that was stored then has these bytes.
  func describes(timestamp bytes: [UInt8]) -> Bool {
    timestamp == Digest(.sha256, of: bytes).bytes
  }
}
