/// Why an app or a version can't have the name it was to be given.
public enum NameError: Error, Equatable, Sendable {
  /// The app's name has nothing in it.
  case emptyAppName
  /// The app's name is longer than `limit` bytes.
  case appNameTooLong([UInt8], limit: Int)
  /// The app's name has a byte in it that isn't a letter, a digit, `-`, `_` or `.`.
  case characterInAppName([UInt8], UInt8)
  /// The app's name begins or ends with `-`, `_` or `.`.
  case edgeOfAppName([UInt8])
  /// The app's name is one that the layout keeps for itself.
  case reservedAppName([UInt8])
  /// The version means different things by PEP 440 and by SemVer.
  case ambiguousVersion(VersionAmbiguity)
  /// The directory's name could be taken apart in several ways: here they are, two or more.
  case severalReadings([VersionDirectoryName])

  /// One sentence for a person, without a final stop: what is wrong and what to do about it.
  public var description: String {
    switch self {
    case .emptyAppName:
      return "the app's name is empty; give it one of letters, digits, '-', '_' and '.'"
    case .appNameTooLong(let name, let limit):
      return "the app's name \(Self.text(name)) is \(name.count) bytes long; give it one of at most"
        + " \(limit)"
    case .characterInAppName(let name, let byte):
      return "the app's name \(Self.text(name)) has \(Self.text(byte)) in it; use ASCII letters,"
        + " digits, '-', '_' and '.' only"
    case .edgeOfAppName(let name):
      return "the app's name \(Self.text(name)) must begin and end with a letter or a digit; take"
        + " the '-', '_' or '.' away"
    case .reservedAppName(let name):
      return
        "the app's name \(Self.text(name)) is kept for the updater's own files; choose one that"
        + " isn't 'updates' and doesn't begin with 'esky-'"
    case .ambiguousVersion(let ambiguity):
      return ambiguity.description
    case .severalReadings(let readings):
      var text = "the directory's name \(Self.text(readings.first?.bytes ?? [])) can be read as"
      for (index, reading) in readings.enumerated() {
        text += index == 0 ? " app " : ", or app "
        text += Self.text(reading.name.bytes) + " in version " + Self.text(reading.version.text)
      }
      return text
        + "; choose a name for the app in which no '-' has a digit behind it, or write the"
        + " version without '-'"
    }
  }

  /// Bytes between quotation marks; what isn't UTF-8 shows as replacement characters.
  private static func text(_ bytes: [UInt8]) -> String {
    "'" + String(decoding: bytes, as: UTF8.self) + "'"
  }

  /// A printable byte between quotation marks, another by its number.
  private static func text(_ byte: UInt8) -> String {
    byte > 0x20 && byte < 0x7F ? text([byte]) : "byte \(byte)"
  }
}
