/// An entry of an archive made by hand: every field can lie.
struct HandMadeEntry {
  var name: [UInt8]
  var data: [UInt8]
  var mode: UInt16 = 0o100644
  var host: UInt16 = 3
  var flags: UInt16 = 0
  var method: UInt16 = 0
  var crc: UInt32
  var size: UInt32
  var extra: [UInt8] = []
  var descriptor: [UInt8] = []
  var localName: [UInt8]?
  var localMethod: UInt16?
  var localFlags: UInt16?
  var localSize: UInt32?
  var localCRC: UInt32?
  /// Points the central directory to where another header is.
  var offset: UInt32?
  /// The compressed size that both headers claim.
  var compressedSize: UInt32?

  init(_ name: String, _ data: String = "data", mode: UInt16 = 0o100644) {
    self.init(Array(name.utf8), Array(data.utf8), mode: mode)
  }

  init(_ name: [UInt8], _ data: [UInt8], mode: UInt16 = 0o100644) {
    self.name = name
    self.data = data
    self.mode = mode
    crc = checksum(data)
    size = UInt32(data.count)
  }

  static func folder(_ name: String) -> HandMadeEntry {
    HandMadeEntry(name + "/", "", mode: 0o040755)
  }

  static func link(_ name: String, _ target: String) -> HandMadeEntry {
    HandMadeEntry(name, target, mode: 0o120777)
  }

  /// A raw deflate stream of one stored block around the data.
  static func deflated(_ name: String, _ data: String) -> HandMadeEntry {
    var entry = HandMadeEntry(name, data)
    let length = UInt16(data.utf8.count)
    entry.data = [1] + little(length) + little(~length) + Array(data.utf8)
    entry.method = 8
    return entry
  }

  func with(_ change: (inout HandMadeEntry) -> Void) -> HandMadeEntry {
    var copy = self
    change(&copy)
    return copy
  }
}

/// An archive of hand-made entries.
func handMadeZip(
  _ entries: [HandMadeEntry], prefix: [UInt8] = [], gap: [UInt8] = [], comment: [UInt8] = [],
  disk: UInt16 = 0, count: UInt16? = nil
) -> [UInt8] {
  var zip = prefix
  var directory: [UInt8] = []
  for entry in entries {
    let offset = entry.offset ?? UInt32(zip.count)
    let compressed = entry.compressedSize ?? UInt32(entry.data.count)
    let name = entry.localName ?? entry.name
    zip +=
      little(UInt32(0x0403_4B50)) + little(UInt16(20)) + little(entry.localFlags ?? entry.flags)
    zip += little(entry.localMethod ?? entry.method) + little(UInt32(0x0021_0000))
    zip += little(entry.localCRC ?? entry.crc) + little(compressed)
    zip += little(entry.localSize ?? entry.size) + little(UInt16(name.count)) + little(UInt16(0))
    zip += name + entry.data + entry.descriptor
    directory += little(UInt32(0x0201_4B50)) + little(entry.host << 8 | 30) + little(UInt16(20))
    directory += little(entry.flags) + little(entry.method) + little(UInt32(0x0021_0000))
    directory += little(entry.crc) + little(compressed) + little(entry.size)
    directory += little(UInt16(entry.name.count)) + little(UInt16(entry.extra.count))
    directory += [0, 0, 0, 0, 0, 0] + little(UInt32(entry.mode) << 16) + little(offset)
    directory += entry.name + entry.extra
  }
  zip += gap
  let start = UInt32(zip.count)
  zip += directory + little(UInt32(0x0605_4B50)) + little(disk) + little(disk)
  let counted = count ?? UInt16(entries.count)
  zip += little(counted) + little(counted) + little(UInt32(directory.count)) + little(start)
  return zip + little(UInt16(comment.count)) + comment
}

func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// CRC-32, the slow way.
func checksum(_ bytes: [UInt8]) -> UInt32 {
  var crc: UInt32 = ~0
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
  return ~crc
}
