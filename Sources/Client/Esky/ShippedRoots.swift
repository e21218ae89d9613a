import Bytes
import FileSystem
import Layout
import TUF

/// Which roots of trust that versions shipped are known to belong to the trusted metadata, and which do not.
///
/// A control file beside the metadata, of one line for each root: `known SHA-256` for one that the metadata began
/// with or that the trusted root came from, `foreign SHA-256` for one that it did not come from. A version whose root is
/// not known was unpacked by a user: what a finder downloads has its root noted first. See Layout.md, "Trust".
struct ShippedRoots {
  private let file: FilePlace
  private var known: [[UInt8]] = []
  private var foreign: [[UInt8]] = []

  /// Reads what is known.
  init(_ metadata: Folder) {
    file = metadata.file(Self.name)
    guard let text = try? file.read(limit: ControlFile.maximumLength),
      let control = ControlFile(text, kind: "esky-roots")
    else { return }
    known = control.values("known")
    foreign = control.values("foreign")
  }

  /// The name of the file.
  static var name: [UInt8] { ("shipped-roots" as StaticString).bytes }

  func isKnown(_ root: [UInt8]) -> Bool { known.contains(Self.digest(root)) }
  func isForeign(_ root: [UInt8]) -> Bool { foreign.contains(Self.digest(root)) }

  /// Notes a root that belongs to the trusted metadata; durable on return.
  mutating func addKnown(_ root: [UInt8]) throws(FileError) {
    if isKnown(root) { return }
    known.append(Self.digest(root))
    foreign.removeAll { $0 == Self.digest(root) }
    try write()
  }

  /// Notes a root that does not.
  mutating func addForeign(_ root: [UInt8]) throws(FileError) {
    if isForeign(root) { return }
    foreign.append(Self.digest(root))
    try write()
  }

  /// Begins anew with one root.
  mutating func replace(by root: [UInt8]) throws(FileError) {
    known = [Self.digest(root)]
    foreign = []
    try write()
  }

  private func write() throws(FileError) {
    var control = ControlFile()
    // The oldest go first; nobody has unpacked a thousand.
    for digest in known.suffix(1000) { control.append("known", digest) }
    for digest in foreign.suffix(1000) { control.append("foreign", digest) }
    try file.writeAtomically(control.text(kind: "esky-roots"))
  }

  private static func digest(_ root: [UInt8]) -> [UInt8] { Digest(.sha256, of: root).hex }
}
