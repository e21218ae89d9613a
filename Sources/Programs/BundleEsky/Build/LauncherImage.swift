import Bytes
import FileSystem
import Layout

/// A launcher whose slot says which app it starts.
///
/// Source: Layout.md, "The launcher".
enum LauncherImage {
  /// The bytes of a launcher for one program of an app.
  ///
  /// - Parameter empty: the launcher as it was built.
  static func filled(
    _ empty: [UInt8], app: AppName, program: [UInt8], file: Path
  ) throws -> [UInt8] {
    let places = LauncherSlot.places(in: empty)
    guard places.count == 1 else {
      throw Failure(
        "\(file.text) is no launcher of this version; build or install the runtime again")
    }
    var image = empty
    var place = places[0]
    for byte in LauncherSlot.contents(app: app, program: program) {
      image[place] = byte
      place += 1
    }
    return image
  }

  /// Why a program can't have a launcher; nil when it can.
  static func problem(program: [UInt8]) -> String? {
    if program.count > 255 { return "its path is longer than 255 bytes" }
    let top = program.split(separator: 0x2f).first.map { Array($0) } ?? []
    for name in ["updates", "updates-off"] as [StaticString] where top == name.bytes {
      return "the app folder needs the name \(name.description) for itself"
    }
    if VersionDirectoryName(parsing: top) != nil {
      return "its name is that of a version directory"
    }
    return nil
  }
}
