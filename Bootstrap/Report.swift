import Bytes
import FileSystem
import Layout

/// One line on stderr, put together from bytes.
///
/// Names and paths may come from strangers, so the line is escaped. Bytes because String and its interpolation would be a third of the launcher.
struct Report {
  private var bytes: [UInt8] = []

  mutating func add(_ text: StaticString) {
    bytes.append(contentsOf: text.bytes)
  }

  mutating func add(_ text: [UInt8]) {
    bytes.append(contentsOf: text)
  }

  mutating func add(path: Path) {
    bytes.append(contentsOf: path.bytes)
  }

  mutating func add(_ error: FileError) {
    add("can't ")
    add(error.operation.verb)
    add(" ")
    add(path: error.path)
    add(": ")
    add(code: error.code)
  }

  /// Adds the system's words for an `errno`.
  mutating func add(code: CInt) {
    add(SystemError(code: code).words)
  }

  /// Says that an update waits for somebody who may finish it; only to root, whom that may surprise.
  static func unfinished(_ version: VersionFolder, _ identity: Identity) {
    guard EffectiveUser.isRoot else { return }
    var line = Report()
    line.add(identity.app.bytes)
    line.add(": the update to ")
    line.add(version.name.version.text)
    line.add(" waits for the user whose folder ")
    line.add(path: identity.folder.root)
    line.add(" is: root changes nothing in it")
    line.send()
  }

  /// Writes the line; where there is no stderr, nobody hears it.
  consuming func send() {
    var line = PrintableText.escape(bytes)
    line.append(0x0a)
    StandardStream.error.write(line)
  }
}
