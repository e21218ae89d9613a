import Bytes

/// The place in a launcher that says which program of which app it starts: a marker, then the app's name and the program's
/// path, each ended by NUL.
///
/// Source: Layout.md, "The launcher". The launcher itself has it from Sources/C/CLauncherSlot.
public struct LauncherSlot {
  /// What it begins with.
  public static let marker: StaticString = "esky launcher slot, version 1 >>"
  /// Of how many bytes it is, the marker among them.
  public static let length = 384

  private let contents: [UInt8]
  /// The end of what was looked at: a slot may lie across two pieces.
  private var window: [UInt8] = []
  private var count = 0
  private var isRight = true

  /// Begins to look for the slot of a program.
  public init(app: AppName, program: [UInt8]) {
    contents = app.bytes + [0] + program + [0]
  }

  /// Takes the next piece of a file.
  public mutating func add(_ piece: UnsafeRawBufferPointer) {
    let mark = Self.marker.bytes
    window.append(contentsOf: piece)
    var place = 0
    while place + Self.length <= window.count {
      if window[place] == mark[0], window[place..<place + mark.count].elementsEqual(mark) {
        count += 1
        let said = window[(place + mark.count)...].prefix(contents.count)
        if !said.elementsEqual(contents) { isRight = false }
      }
      place += 1
    }
    window.removeFirst(place)
  }

  /// True for a launcher of this program; also for a file that is no launcher of ours.
  public var isOfProgram: Bool { count == 0 || count == 1 && isRight }
}
