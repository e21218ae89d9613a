/// The numbers that the APPNOTE gives names to, version 6.3.10.
enum ZipFormat {
  // Signatures, §4.3.
  static let localHeader: UInt32 = 0x0403_4B50
  static let dataDescriptor: UInt32 = 0x0807_4B50
  static let directoryHeader: UInt32 = 0x0201_4B50
  static let zip64End: UInt32 = 0x0606_4B50
  static let zip64Locator: UInt32 = 0x0706_4B50
  static let end: UInt32 = 0x0605_4B50

  // Lengths of records in bytes, without what varies.
  static let localHeaderLength = 30
  static let directoryHeaderLength = 46
  static let zip64EndLength = 56
  static let zip64LocatorLength = 20
  static let endLength = 22

  // What stands in a field whose number is in a zip64 record, §4.4.1.4.
  static let full16: UInt16 = 0xFFFF
  static let full32: UInt32 = 0xFFFF_FFFF

  // General purpose flags, §4.4.4.
  static let encryptedFlags: UInt16 = 1 << 0 | 1 << 6 | 1 << 13
  static let deflateLevelFlags: UInt16 = 1 << 1 | 1 << 2
  static let descriptorFlag: UInt16 = 1 << 3
  static let utf8Flag: UInt16 = 1 << 11

  // Ids of extra fields, §4.6.
  static let zip64Extra: UInt16 = 0x0001
  static let unicodePathExtra: UInt16 = 0x7075

  // Hosts whose external attributes hold a Unix mode in their upper half, §4.4.2.
  static let unixHost: UInt16 = 3
  static let darwinHost: UInt16 = 19

  // Bits of a Unix mode as stat(2) has them everywhere.
  static let kindMask: UInt16 = 0o170000
  static let regularKind: UInt16 = 0o100000
  static let directoryKind: UInt16 = 0o040000
  static let linkKind: UInt16 = 0o120000
  static let specialBits: UInt16 = 0o7000
  static let ownerExecutes: UInt16 = 0o100
}
