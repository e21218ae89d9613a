/// The name of a version's directory: `hello-1.2.linux-x86_64`.
///
/// **Grammar.** `appname-version.platform`: an `AppName`, a `Version` and a `Platform`.
///
/// - A platform has no dot in it, so it stands behind the last one.
/// - Names and versions both may have a `-`. The one between them is the one with an app's name on
///   its left and a version on its right. A directory's name has exactly one such `-`; bytes with
///   several are no such name, rather than the wrong one.
///
/// Two are equal when their bytes are: so `hello-1.0.any` and `hello-1.0.0.any`, which hold the same
/// version by order, are two.
public struct VersionDirectoryName: Equatable, Sendable {
  /// The whole name.
  public let bytes: [UInt8]
  /// The version.
  public let version: Version

  // Where the version begins and ends. Name and platform are copied out only when asked for: a
  // launcher sorts these, and every array in them would be retained at each comparison.
  private let dash: Int
  private let dot: Int

  /// The app, in front of the version.
  public var name: AppName { AppName(known: Array(bytes[..<dash])) }

  /// The platform, behind the last dot.
  public var platform: Platform { Platform(known: Array(bytes[(dot + 1)...])) }

  /// True when this is a version of an app; copies nothing.
  public func belongs(to app: AppName) -> Bool {
    dash == app.bytes.count && bytes.starts(with: app.bytes)
  }

  /// True when a machine of a platform can run the version; copies nothing.
  public func runs(on machine: Platform) -> Bool {
    let tag = bytes[(dot + 1)...]
    return tag.elementsEqual(machine.tag) || tag.elementsEqual(Platform.any.tag)
  }

  /// Takes a name apart; nil if it can't be, or in more ways than one.
  ///
  /// A name that isn't one is refused without allocating.
  public init?(parsing bytes: [UInt8]) {
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")),
      let split = Self.split(bytes, before: dot, from: 1),
      Self.split(bytes, before: dot, from: split.dash + 1) == nil,
      Platform.isTag(bytes, (dot + 1)..<bytes.count)
    else { return nil }
    self.init(bytes, split, dot: dot)
  }

  /// Composes the name of a version that is to be bundled.
  ///
  /// The name can be taken apart again, and gives the same three parts.
  ///
  /// - Throws: `NameError.ambiguousVersion` if the version has an `ambiguity`;
  ///   `NameError.severalReadings` if the name could be taken apart in another way too.
  public init(name: AppName, version: Version, platform: Platform) throws(NameError) {
    if let ambiguity = version.ambiguity { throw .ambiguousVersion(ambiguity) }
    let readings = Self.readings(
      of: name.bytes + [UInt8(ascii: "-")] + version.text + [UInt8(ascii: ".")] + platform.tag)
    guard readings.count == 1 else { throw .severalReadings(readings) }
    self = readings[0]
  }

  /// Every way to take a name apart, for messages: none, one, or several.
  ///
  /// In the order of the `-` they split at.
  public static func readings(of bytes: [UInt8]) -> [VersionDirectoryName] {
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")),
      Platform.isTag(bytes, (dot + 1)..<bytes.count)
    else { return [] }
    var readings: [VersionDirectoryName] = []
    var start = 1
    while let split = split(bytes, before: dot, from: start) {
      readings.append(VersionDirectoryName(bytes, split, dot: dot))
      start = split.dash + 1
    }
    return readings
  }

  /// True when the bytes are the same.
  public static func == (a: VersionDirectoryName, b: VersionDirectoryName) -> Bool {
    a.bytes == b.bytes
  }

  /// A `-` with an app's name on its left, and what is on its right.
  private struct Split {
    let dash: Int
    let parts: VersionParts
  }

  private init(_ bytes: [UInt8], _ split: Split, dot: Int) {
    self.bytes = bytes
    version = Version(text: Array(bytes[(split.dash + 1)..<dot]), parts: split.parts)
    dash = split.dash
    self.dot = dot
  }

  /// The first `-` at `start` or behind it that can stand between name and version.
  private static func split(_ bytes: [UInt8], before dot: Int, from start: Int) -> Split? {
    guard let first = bytes.first, AppName.allowsAtEdge(first) else { return nil }
    for index in 1..<max(1, min(dot, AppName.maximumLength + 1)) {
      let byte = bytes[index]
      if index >= start, byte == UInt8(ascii: "-"), AppName.allowsAtEdge(bytes[index - 1]),
        !AppName.isReserved(bytes, end: index),
        let parts = Version.parts(of: bytes, in: (index + 1)..<dot)
      {
        return Split(dash: index, parts: parts)
      }
      if !AppName.allows(byte) { return nil }
    }
    return nil
  }
}
