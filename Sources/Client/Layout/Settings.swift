import Bytes
import FileSystem

/// How often the launcher starts the finder in the background.
public enum CheckInterval: Sendable {
  case never, onStart, daily, weekly

  /// The word in settings.
  public var word: StaticString {
    switch self {
    case .never: "never"
    case .onStart: "on-start"
    case .daily: "daily"
    case .weekly: "weekly"
    }
  }

  /// Reads the word; nil for any other.
  public init?(_ word: [UInt8]) {
    for known in [CheckInterval.never, .onStart, .daily, .weekly]
    where word == known.word.bytes {
      self = known
      return
    }
    return nil
  }

  /// Seconds that must have passed since the last start of the finder; nil for never.
  public var seconds: Int64? {
    switch self {
    case .never: nil
    case .onStart: 0
    case .daily: 24 * 3600
    case .weekly: 7 * 24 * 3600
    }
  }

  /// True when the finder is due; a last start in the future, after a clock was set back, does not count.
  ///
  /// - Parameters:
  ///   - last: when it was last started, in seconds since 1970 UTC; nil when never.
  ///   - now: the same for now.
  public func isDue(last: Int64?, now: Int64) -> Bool {
    guard let seconds else { return false }
    guard let last, last <= now else { return true }
    return now - last >= seconds
  }
}

/// What the packager decided for a version: `esky-files/settings.txt`.
public struct Settings: Sendable {
  /// Where updates come from: the URL of the folder that holds `metadata/` and `targets/`.
  public var updateURL: [UInt8]?
  /// How often the launcher starts the finder.
  public var check: CheckInterval
  /// The channel that installations follow; nil for the stable one.
  public var channel: [UInt8]?
  /// A file of certificates in PEM, whose issuers are trusted beside those that the machine knows: a path in the
  /// version directory, or an absolute one; nil for none.
  public var caFile: [UInt8]?

  /// Puts settings together.
  public init(
    updateURL: [UInt8]? = nil, check: CheckInterval = .never, channel: [UInt8]? = nil,
    caFile: [UInt8]? = nil
  ) {
    self.updateURL = updateURL
    self.check = check
    self.channel = channel
    self.caFile = caFile
  }

  /// Reads the text of the file; nil when it is damaged.
  public init?(_ text: [UInt8]) {
    guard let control = ControlFile(text, kind: "esky-settings") else { return nil }
    updateURL = control.value("update-url")
    check = control.value("check").flatMap { CheckInterval($0) } ?? .never
    channel = control.value("channel")
    caFile = control.value("ca-file")
  }

  /// The text of the file.
  public var text: [UInt8] {
    var control = ControlFile()
    if let updateURL { control.append("update-url", updateURL) }
    control.append("check", check.word.bytes)
    if let channel { control.append("channel", channel) }
    if let caFile { control.append("ca-file", caFile) }
    return control.text(kind: "esky-settings")
  }
}

extension VersionFolder {
  /// The version's settings.
  public func settings() throws(LayoutError) -> Settings {
    let text: [UInt8]
    do throws(FileError) {
      text = try FileSystem.read(settingsFile, limit: ControlFile.maximumLength)
    } catch {
      throw .file(error)
    }
    guard let settings = Settings(text) else { throw .damaged(settingsFile) }
    return settings
  }
}
