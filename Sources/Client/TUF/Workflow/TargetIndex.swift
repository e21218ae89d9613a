import Bytes
import FileSystem
import JSON

/// Where each entry of the stored top-level targets stands, so that one of a great many is found without
/// reading, hashing and verifying all of them again.
///
/// The file `targets-index` beside the metadata; numbers are little-endian:
///
///     16 bytes    "tuf-index 1" and zeros
///     6 × 8       the `FileIdentity` of targets.json when its signatures had been verified
///     for each entry, in the order of their names' bytes:
///      4          offset of the name in targets.json, behind its quotation mark
///      4          offset of the quotation mark behind it
///      4          offset of the first byte behind the value
///     20          the first bytes of the SHA-256 of name and value, from quotation mark to value's end
///
/// It is as trusted as the root that lies beside it, and as ``LastRefresh`` is: whoever can write this folder can put a
/// root of his own there. Whoever can't has no way to it, as nothing is taken from the network here; and
/// targets.json must still be the file that was verified: another inode, size, time of its contents or its attributes
/// says no. What is found has to bear the name that was asked for and to have the hash that was noted, which a
/// bad disk would not leave. Whatever does not fit, and a name that is not found, sends the client to
/// the whole file: the index gives answers that are there, and never that there is none.
struct TargetIndex {
  private static let magic = Array("tuf-index 1".utf8) + [0, 0, 0, 0, 0]
  private static let headLength = 16 + FileIdentity.count * 8
  private static let entryLength = 32

  /// Bytes of targets.json below which reading it costs no more.
  private static let worthwhile = 1 << 18
  /// The most entries: the index is made in memory.
  private static let most = 1 << 20
  /// The longest name, and name and value together, in bytes.
  private static let longest = 1 << 20

  // MARK: Making

  /// The index of verified targets; nil where none is worth its while, or a name is written with escapes.
  static func make(_ targets: JSONValue, file: FileIdentity) -> [UInt8]? {
    let document = targets.document
    guard document.bytes.count >= worthwhile else { return nil }
    var made = magic
    for number in file.numbers { append(UInt64(bitPattern: number), 8, &made) }
    var count = 0
    for member in JSONIndex(targets) {
      guard let name = member.range, count < most else { return nil }
      let end = member.value.range.upperBound
      count += 1
      append(UInt64(name.lowerBound), 4, &made)
      append(UInt64(name.upperBound), 4, &made)
      append(UInt64(end), 4, &made)
      made += document.bytes.withUnsafeBytes {
        hash(UnsafeRawBufferPointer(rebasing: $0[name.lowerBound - 1..<end]))
      }
    }
    return made
  }

  private static func append(_ number: UInt64, _ count: Int, _ out: inout [UInt8]) {
    for place in 0..<count { out.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(place)))) }
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer) -> ArraySlice<UInt8> {
    let hasher = Hasher(.sha256)
    hasher.update(bytes)
    return hasher.finish().bytes[..<20]
  }

  // MARK: Asking

  /// The text of an entry, `{"NAME":VALUE}`, as it stands in targets.json; nil to look there.
  static func entry(
    _ name: [UInt8], index: FilePlace, targets: FilePlace, file identity: FileIdentity
  ) -> [UInt8]? {
    do throws(FileError) {
      let places = try index.open(.read)
      let file = try targets.open(.read)
      guard FileIdentity(try file.status()) == identity else { return nil }
      let count = Int(clamping: (try places.status().size - Int64(headLength)) / Int64(entryLength))
      guard let head = try read(places, 0, headLength), head.starts(with: magic) else { return nil }
      for (place, expected) in identity.numbers.enumerated()
      where number(head, magic.count + place * 8, 8) != UInt64(bitPattern: expected) { return nil }
      return try search(name, places, count, file)
    } catch {
      return nil
    }
  }

  private static func search(
    _ name: [UInt8], _ places: borrowing File, _ count: Int, _ file: borrowing File
  ) throws(FileError) -> [UInt8]? {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      let at = Int64(headLength) + Int64(middle) * Int64(entryLength)
      guard let entry = try read(places, at, entryLength) else { return nil }
      let start = Int64(number(entry, 0, 4))
      let nameEnd = Int64(number(entry, 4, 4))
      let end = Int64(number(entry, 8, 4))
      guard 1 <= start, start <= nameEnd, nameEnd < end, end - start < Int64(longest),
        let found = try read(file, start, Int(nameEnd - start))
      else { return nil }
      if found == name {
        guard let text = try read(file, start - 1, Int(end - start) + 1),
          text.withUnsafeBytes({ hash($0) }) == entry[12...]
        else { return nil }
        return [UInt8(ascii: "{")] + text + [UInt8(ascii: "}")]
      }
      if found.precedes(name) { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// So many bytes at an offset; nil where there are fewer.
  private static func read(
    _ file: borrowing File, _ offset: Int64, _ count: Int
  ) throws(FileError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(
          into: UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: buffer[filled...])),
          at: offset + Int64(filled))
      }
      if got == 0 { return nil }
      filled += got
    }
    return bytes
  }

  private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> UInt64 {
    var number: UInt64 = 0
    for place in 0..<count { number |= UInt64(bytes[at + place]) << (8 * UInt64(place)) }
    return number
  }
}
