import CLauncherSlot
import FileSystem
import Layout

/// Which app this launcher starts, which of its programs, and where the app folder is.
struct Identity {
  let app: AppName
  /// The program's path, in the app folder and in every version directory.
  let program: [UInt8]
  let folder: AppFolder

  /// Reads the slot that bundling filled, and climbs from the launcher's real location to the root.
  ///
  /// With an empty slot the launcher takes app and program from its own file name.
  init?(executable: Path) {
    var name = Path(cString: esky_launcher_app()).bytes
    var program = Path(cString: esky_launcher_program()).bytes
    if name.isEmpty {
      name = executable.lastComponent
      program = name
    }
    var root = executable.parent
    for byte in program where byte == UInt8(ascii: "/") { root = root.parent }
    guard let app = try? AppName(name) else { return nil }
    self.app = app
    self.program = program
    folder = AppFolder(root, app)
  }
}
