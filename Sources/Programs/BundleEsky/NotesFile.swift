import Esky
import FileSystem

/// Release notes in a file of their own.
enum NotesFile {
  static func read(_ name: String) throws -> [UInt8] {
    // A device or a pipe may have no end, or wait for somebody; so may what the system makes up as it is read.
    let status = try Failure.naming { try FileSystem.status(Path(name)) }
    if status.kind != .regular || isMadeUp(name) {
      throw Failure("\(name) is no ordinary file; write the notes into one")
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(Path(name), limit: ReleaseTerms.notesLimit)
    } catch {
      if error.isTooLarge {
        throw Failure("\(name) is longer than 64 KiB; put a link into the notes in place of them")
      }
      throw Failure(error.description)
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Failure("\(name) is no UTF-8 text")
    }
    return bytes
  }

  /// True for a file of the system's own.
  private static func isMadeUp(_ name: String) -> Bool {
    guard let real = try? FileSystem.realPath(Path(name)) else { return false }
    return ["/proc/", "/sys/"].contains { real.bytes.starts(with: $0.utf8) }
  }
}
