import Bytes
import FileSystem
import Layout
import TUF

/// A random number that an app folder keeps, so that a roll-out reaches it or not, and not by chance each day.
///
/// It is sent to nobody. A version takes its place in the queue by a hash of the number and the version's
/// name: whoever is early in one roll-out is not so in all.
struct InstallationID {
  private let digits: [UInt8]

  /// Reads the number, or makes one; where it can't be kept, it is another one next time.
  init(_ work: WorkArea) {
    if let text = try? work.installationID.read(limit: 64), text.count == 33,
      Hex.decode(Array(text.dropLast())) != nil
    {
      digits = Array(text.dropLast())
      return
    }
    guard let bytes = Entropy.bytes(16) else {
      // Last in every queue.
      digits = []
      return
    }
    digits = Hex.encode(bytes)
    _ = try? work.make()
    _ = try? work.installationID.writeAtomically(digits + [0x0a])
  }

  /// Takes the digits as they are.
  init(digits: [UInt8]) {
    self.digits = digits
  }

  /// The place in the queue for a version, from 0 to 9,999.
  func place(for name: VersionDirectoryName) -> Int64 {
    if digits.isEmpty { return 9_999 }
    var text = digits
    text.append(0x20)
    text += name.name.bytes
    text.append(0x20)
    text += name.version.text
    let hash = Digest(.sha256, of: text).bytes
    var number: Int64 = 0
    for byte in hash[..<6] { number = number << 8 | Int64(byte) }
    return number % 10_000
  }
}
