import Bytes

/// The place in a launcher that says which program of which app it starts: a marker, then the app's name and the program's
/// path, each ended by NUL.
///
/// Source: Layout.md, "The launcher". The launcher itself has it from Sources/C/CLauncherSlot.
public struct LauncherSlot {
  /// What it begins with.
  public static let marker: StaticString = "esky launcher slot, version 1 >>"
  /// Of how many bytes the file of a launcher is at the most.
  public static let longestFile: Int64 = 1 << 20
  /// Of how many bytes it is, the marker among them.
  public static let length = 384

  private let contents: [UInt8]
  /// The end of what was looked at: a slot may lie across two pieces.
  private var window: [UInt8] = []
  private var count = 0
  private var isRight = true
  /// True for a launcher, of whatever program.
  public private(set) var isLauncher = false

  /// Begins to look for the slot of a program.
  public init(app: AppName, program: [UInt8]) {
    contents = Self.contents(app: app, program: program)
  }

  /// Takes the next piece of a file.
  public mutating func add(_ piece: UnsafeRawBufferPointer) {
    window.append(contentsOf: piece)
    for place in Self.places(in: window) {
      count += 1
      if Self.isSlot(window[place..<place + Self.length - Self.marker.utf8CodeUnitCount]) {
        isLauncher = true
      }
      if !window[place...].starts(with: contents) { isRight = false }
    }
    window.removeFirst(max(0, window.count - Self.length + 1))
  }

  /// True where a slot of a launcher begins, filled or not, and not just its marker, as in what makes launchers.
  private static func isSlot(_ bytes: ArraySlice<UInt8>) -> Bool {
    var ends = 0
    for byte in bytes {
      if byte == 0 { ends += 1 } else if ends > 1 { return false }
    }
    return ends > 2
  }

  /// Where slots hold what they say, in bytes that have room for the whole of them: behind their markers.
  public static func places(in bytes: [UInt8]) -> [Int] {
    let mark = marker.bytes
    var places: [Int] = []
    var index = 0
    while index + length <= bytes.count {
      if bytes[index] == mark[0], bytes[index..<index + mark.count].elementsEqual(mark) {
        places.append(index + mark.count)
      }
      index += 1
    }
    return places
  }

  /// What a slot says, from its place on.
  public static func contents(app: AppName, program: [UInt8]) -> [UInt8] {
    app.bytes + [0] + program + [0]
  }

  /// True for a launcher of this program; also for a file that is no launcher of ours.
  public var isOfProgram: Bool { count == 0 || count == 1 && isRight }
}
