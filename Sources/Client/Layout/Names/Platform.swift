import Bytes
import FileSystem

/// What a version was built for: an operating system and a processor, or anything.
///
/// **Grammar.** The tag is `any` or `os-arch`; os is one of `linux`, `macos`, `windows`, `freebsd`;
/// arch is 1 to `maximumArchitectureLength` of `a` to `z`, `0` to `9` and `_`. There is no dot in a
/// tag, so the last dot of a version directory's name is the one before it.
public struct Platform: Equatable, Sendable {
  /// The greatest length of the part behind the `-`, in bytes.
  public static let maximumArchitectureLength = 32

  /// The tag as it stands in names: `linux-x86_64`.
  public let tag: [UInt8]

  /// Takes a tag; nil if it is none.
  public init?(_ bytes: [UInt8]) {
    guard Platform.isTag(bytes, bytes.indices) else { return nil }
    tag = bytes
  }

  /// Takes a tag; nil if it is none.
  public init?(_ text: String) {
    self.init(Array(text.utf8))
  }

  /// Takes bytes that were found to be a tag.
  init(known tag: [UInt8]) {
    self.tag = tag
  }

  /// The platform of what runs anywhere.
  public static let any = Platform(known: anyTag.bytes)

  /// The platform this code was compiled for.
  ///
  /// The processor is called what the system calls it: `aarch64` on Linux and FreeBSD is `arm64` on
  /// macOS and Windows.
  public static let current = Platform(
    known: operatingSystem.bytes + [UInt8(ascii: "-")] + architecture.bytes)

  /// Whether what was built for this platform runs on another.
  public func runs(on other: Platform) -> Bool {
    self == other || self == .any
  }

  /// Whether `bytes[range]` is a tag.
  static func isTag(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var dash: Int?
    for index in range {
      let byte = bytes[index]
      if byte == UInt8(ascii: "-"), dash == nil {
        dash = index
      } else if !byte.isDigit, byte != UInt8(ascii: "_"), !byte.isLetter || byte != byte.lowered {
        return false
      }
    }
    guard let dash else { return isWord(anyTag, bytes, range) }
    let architecture = range.upperBound - dash - 1
    guard architecture > 0, architecture <= maximumArchitectureLength else { return false }
    let system = range.lowerBound..<dash
    return isWord("linux", bytes, system) || isWord("macos", bytes, system)
      || isWord("windows", bytes, system) || isWord("freebsd", bytes, system)
  }

  private static func isWord(_ word: StaticString, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    range.count == word.utf8CodeUnitCount
      && word.begins(bytes, at: range.lowerBound, end: range.upperBound)
  }

  private static let anyTag: StaticString = "any"

  #if os(macOS)
    private static let operatingSystem: StaticString = "macos"
  #elseif os(Windows)
    private static let operatingSystem: StaticString = "windows"
  #elseif os(FreeBSD)
    private static let operatingSystem: StaticString = "freebsd"
  #else
    private static let operatingSystem: StaticString = "linux"
  #endif

  #if arch(x86_64)
    private static let architecture: StaticString = "x86_64"
  #elseif arch(arm64) && (os(macOS) || os(Windows))
    private static let architecture: StaticString = "arm64"
  #elseif arch(arm64)
    private static let architecture: StaticString = "aarch64"
  #elseif arch(arm)
    private static let architecture: StaticString = "armv7"
  #elseif arch(i386)
    private static let architecture: StaticString = "i686"
  #elseif arch(riscv64)
    private static let architecture: StaticString = "riscv64"
  #elseif arch(powerpc64le)
    private static let architecture: StaticString = "ppc64le"
  #elseif arch(s390x)
    private static let architecture: StaticString = "s390x"
  #else
    #error("give this processor a name in Platform.swift")
  #endif
}
