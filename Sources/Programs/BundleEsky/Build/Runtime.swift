import FileSystem
import Layout

/// What every bundle carries: launcher, finder, and the finder as a library.
struct Runtime {
  let launcher: Path
  let finder: Path
  let library: Path
  let libraryName: StaticString

  /// Finds the runtime and checks that it is for a platform.
  ///
  /// - Parameter folder: nil for `runtime/` beside this program.
  init(folder: Path?, for platform: Platform) throws {
    let place: Path
    if let folder {
      place = folder
    } else {
      guard let own = FileSystem.executable() else {
        throw Failure("can't tell where bundle-esky is; give --runtime")
      }
      place = own.parent.appending("runtime")
    }
    let isMac = platform.tag.starts(with: "macos-".utf8)
    libraryName = isMac ? "libesky.dylib" : "libesky.so"
    launcher = place.appending("launcher")
    finder = place.appending("esky")
    library = place.appending(libraryName)
    for path in [launcher, finder, library] {
      guard (try? FileSystem.status(path))?.kind == .regular else {
        throw Failure(
          "\(path.text) is missing; bundle-esky needs its runtime folder beside itself, or --runtime"
        )
      }
      if let found = try Self.platform(of: path), platform != .any, found != platform {
        throw Failure(
          "\(path.text) is for \(String(decoding: found.tag, as: UTF8.self)), not for \(String(decoding: platform.tag, as: UTF8.self)); give the runtime for that platform with --runtime"
        )
      }
    }
  }

  /// What an ELF file says it is for; nil when it is none, or of an unknown machine.
  ///
  /// Byte 18 and 19 are `e_machine`. System V ABI, ELF header
  private static func platform(of path: Path) throws -> Platform? {
    let head = try Failure.naming { () throws(FileError) -> [UInt8] in
      var bytes = [UInt8](repeating: 0, count: 20)
      let file = try File(path, .read)
      _ = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      return bytes
    }
    guard head.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { return nil }
    switch head[18] {
    case 62: return Platform("linux-x86_64")
    case 183: return Platform("linux-aarch64")
    default: return nil
    }
  }
}
