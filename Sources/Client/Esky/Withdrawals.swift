import JSON
public import Layout
import TUF

/// The versions that a publisher has taken back: the member `x-esky-withdrawn` of signed targets.
///
/// An array of names of version directories. One that has no such form stands for no directory that could be
/// here, and is passed over; anything but an array of texts can't be read, and then nobody knows which of the
/// versions on offer are good.
public struct Withdrawals: Sendable {
  /// The name of the member.
  public static let member: StaticString = "x-esky-withdrawn"

  /// The texts as they stand there.
  public let texts: [[UInt8]]

  /// Reads the member; nil when it is no array of texts.
  ///
  /// Without the member nothing was taken back.
  public init?(_ value: JSONValue?) {
    guard let value else {
      texts = []
      return
    }
    guard let texts = TermsReader.names(value) else { return nil }
    self.texts = texts
  }

  /// The version directories that they name.
  public var names: [VersionDirectoryName] {
    var names: [VersionDirectoryName] = []
    for text in texts {
      if let name = VersionDirectoryName(parsing: text) { names.append(name) }
    }
    return names
  }
}
