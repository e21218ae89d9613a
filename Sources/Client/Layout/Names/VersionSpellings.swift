import Bytes
import FileSystem

/// An ambiguous version as it was written, and two spellings that leave no doubt.
public struct VersionSpellings: Equatable, Sendable {
  /// The version as it was written.
  public let written: [UInt8]

  /// What PEP 440 takes it for, in PEP 440's normal form: `1.0.0.post1`, `1.0.0rc10`.
  public let pep440: [UInt8]

  /// A pre-release in SemVer's manner that PEP 440 doesn't read otherwise: `1.0.0-alpha.1`,
  /// `1.0.0-rc.10`.
  public let semVer: [UInt8]

  /// Spells out a version whose PEP 440 reading has these parts.
  ///
  /// - Parameters:
  ///   - text: the version as it was written.
  ///   - parts: what PEP 440 sees in it.
  ///   - isSemVer: whether it is a SemVer version too, which may have more numbers than one behind
  ///     the word of its pre-release.
  init(_ text: [UInt8], _ parts: VersionParts, isSemVer: Bool) {
    var release = Array(text[parts.release.range])
    if !parts.epoch.isEmpty {
      release = Array(text[parts.epoch.range]) + [UInt8(ascii: "!")] + release
    }
    var normal = release
    var dotted = release + [UInt8(ascii: "-")]
    if parts.kind != .none {
      let number = Self.plain(text, parts.pre)
      normal += parts.kind.letters.bytes
      normal += number
      dotted += PreReleaseKind.words[parts.kind.word] + [UInt8(ascii: ".")] + number
    } else {
      dotted += "alpha".utf8
    }
    if let post = parts.post {
      let number = Self.plain(text, post)
      normal += ".post".utf8
      normal += number
      dotted += [UInt8(ascii: ".")] + number
    }
    if let dev = parts.dev {
      let number = Self.plain(text, dev)
      normal += ".dev".utf8
      normal += number
      if isSemVer { dotted += [UInt8(ascii: ".")] + number }
    }
    if let local = parts.local {
      let suffix = [UInt8(ascii: "+")] + text[local.range]
      normal += suffix
      dotted += suffix
    }
    written = text
    pep440 = normal
    semVer = dotted
  }

  private static func plain(_ text: [UInt8], _ number: ByteRun) -> [UInt8] {
    let digits = text[Version.significant(text, number.range)]
    return digits.isEmpty ? [UInt8(ascii: "0")] : Array(digits)
  }
}
