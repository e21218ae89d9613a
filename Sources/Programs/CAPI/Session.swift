import Bytes
import Esky
import FileSystem
import Layout
import Transfer

/// What a C handle stands for: an open app folder, and the texts that were handed out.
final class Session {
  private(set) var esky: Esky?
  private(set) var message = CText()
  var root = CText()
  var running = CText()
  var current = CText()
  var available = CText()
  var version = CText()
  var notes = CText()
  var trouble = CText()
  var isRequired = false
  /// True when this process was started by the launcher of the app folder that is open here.
  private var isOfThisProcess = false

  /// The launcher that started this process; nil when it is that of another app folder.
  var launcher: Path? {
    isOfThisProcess ? ProcessEnvironment.value(of: EnvironmentNames.launcher).map { Path($0) } : nil
  }

  /// Opens the app folder; what fails stands in ``message``.
  func open(_ root: Path?) -> ResultCode {
    attempt { () throws(EskyError) in
      let named =
        root.map { Self.absolute($0).bytes } ?? ProcessEnvironment.value(of: EnvironmentNames.root)
      guard
        let found = Locator.find(
          variable: named, executable: FileSystem.executable(), library: FileSystem.library(),
          workingDirectory: nil)
      else { throw .layout(.notAnApp(".")) }
      let started = ProcessEnvironment.value(of: EnvironmentNames.root).map { Path($0) }
      isOfThisProcess = started.map { FileSystem.isSame($0, found.root) } ?? false
      let esky = try Esky(
        root: found.root, app: found.app,
        runningVersion: isOfThisProcess
          ? ProcessEnvironment.value(of: EnvironmentNames.version) : nil,
        user: UserFolders(
          caches: ProcessEnvironment.value(of: EnvironmentNames.caches),
          home: ProcessEnvironment.value(of: EnvironmentNames.home)))
      self.root.set(esky.folder.root.bytes)
      if let name = esky.running { running.set(name.version.text) }
      self.esky = esky
      return .ok
    }
  }

  /// Runs `body` with the open app folder.
  func with(_ body: (Esky) throws(EskyError) -> ResultCode) -> ResultCode {
    guard let esky else { return .usage }
    return attempt { () throws(EskyError) in try body(esky) }
  }

  /// The last error's text; never NULL.
  var messageText: UnsafePointer<CChar>? {
    if message.pointer == nil { message.set([]) }
    return UnsafePointer(message.pointer)
  }

  /// Frees what was handed out; the handle is gone.
  func freeTexts() {
    message.free()
    root.free()
    running.free()
    current.free()
    available.free()
    version.free()
    notes.free()
    trouble.free()
  }

  private func attempt(_ body: () throws(EskyError) -> ResultCode) -> ResultCode {
    do throws(EskyError) {
      return try body()
    } catch {
      message.set(PrintableText.escape(error.description))
      return ResultCode(error.kind)
    }
  }

  /// The channel that the environment chooses; nil for the packager's.
  var channel: [UInt8]? { ProcessEnvironment.value(of: EnvironmentNames.channel) }

  /// Seconds since 1970 UTC.
  var now: Int64 { SystemClock.now }

  func finder(_ esky: Esky) throws(EskyError) -> TUFVersionFinder {
    let variable = ProcessEnvironment.value(of: EnvironmentNames.updates)
    if let off = OffSwitch.find(esky.folder, variable: variable) {
      throw .off(off)
    }
    return try esky.repositoryFinder(
      fetcher: SchemeFetcher(
        limits: .interactive, authorities: try esky.certificateAuthorities()),
      now: now)
  }

  /// A path that means the same after the program has changed its working directory.
  private static func absolute(_ path: Path) -> Path {
    guard !path.isAbsolute, let folder = FileSystem.workingDirectory() else { return path }
    return folder.appending(path.bytes)
  }
}

/// A text that C may keep reading until it is set anew.
struct CText {
  private(set) var pointer: UnsafeMutablePointer<CChar>?

  mutating func set(_ bytes: [UInt8]) {
    free()
    // As C reads it: up to the first NUL.
    let text = Path(bytes).bytes
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count + 1)
    for index in text.indices { copy[index] = CChar(bitPattern: text[index]) }
    copy[text.count] = 0
    pointer = copy
  }

  mutating func free() {
    pointer?.deallocate()
    pointer = nil
  }
}

/// Hands progress to a C function.
final class CProgress: ProgressObserver {
  typealias Function = @convention(c) (CInt, Int64, Int64, UnsafeMutableRawPointer?) -> CInt

  private let function: Function
  private let context: UnsafeMutableRawPointer?

  init(_ function: @escaping Function, _ context: UnsafeMutableRawPointer?) {
    self.function = function
    self.context = context
  }

  func progress(_ event: ProgressEvent) -> Bool {
    switch event {
    case .checking: function(0, 0, 0, context) == 0
    case .downloading(let received, let total): function(1, received, total, context) == 0
    case .unpacking(let written, let total): function(2, written, total, context) == 0
    case .passedOver: true
    case .installing: function(3, 0, 0, context) == 0
    }
  }
}
