public import Esky
public import Layout

/// An app folder for asynchronous code.
///
/// Everything that waits for a disk, a network or a lock does so on a thread of its own, one call after
/// the other. Cancelling a task cancels its update as soon as that reports progress.
public actor AsyncEsky {
  /// The version that this process belongs to; nil when it is none of the app folder's.
  public nonisolated let running: VersionDirectoryName?

  private let esky: Esky
  private let thread = BlockingExecutor()

  /// The executor on which everything here runs.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  /// Wraps an open app folder.
  public init(_ esky: sending Esky) {
    running = esky.running
    self.esky = esky
  }

  /// Opens the app folder that this process belongs to; see ``Esky/Esky/ofThisApp()``.
  public static func ofThisApp() throws(EskyError) -> AsyncEsky {
    AsyncEsky(try Esky.ofThisApp())
  }

  /// The version that the launcher would start next.
  public func current() throws(EskyError) -> VersionDirectoryName {
    try esky.current()
  }

  /// The versions in the app folder, newest first.
  public func versions() throws(EskyError) -> [VersionDirectoryName] {
    try esky.survey().versions.map { $0.name }
  }

  /// Asks the repository for a newer version; installs nothing.
  ///
  /// - Returns: nil when there is none.
  public func check() throws(EskyError) -> Offer? {
    try esky.check(
      try esky.sourceOfUpdates(), channel: Esky.chosenChannel, at: Esky.now,
      observer: TaskObserver())
  }

  /// Installs the newest version on offer, if it is newer than what is installed.
  ///
  /// - Parameter progress: called on the thread that does the work, so it should be quick.
  /// - Throws: ``EskyError/cancelled`` when the task was cancelled in time.
  public func update(
    progress: @escaping @Sendable (ProgressEvent) -> Void = { _ in }
  ) throws(EskyError) -> UpdateOutcome {
    try esky.update(
      from: try esky.sourceOfUpdates(), channel: Esky.chosenChannel, at: Esky.now,
      observer: TaskObserver(progress))
  }

  /// What came of the last looks for updates, whoever looked; nil when nobody has.
  public func checkState() -> CheckState? {
    esky.checkState()
  }

  /// False for somebody who may look for updates here and not install them.
  public var mayChange: Bool { esky.mayChange }

  /// True when ``cleanup()`` would do something.
  public func needsCleanup() throws(EskyError) -> Bool {
    try esky.needsCleanup
  }

  /// Finishes an interrupted update and removes versions that nobody runs.
  ///
  /// - Returns: the steps that were taken.
  @discardableResult
  public func cleanup() throws(EskyError) -> [CleanupAction] {
    try esky.cleanup()
  }

  /// Replaces this process by the launcher that started it, which starts the newest version.
  ///
  /// - Parameter arguments: without the program's name; this process's own when nil.
  public func restart(arguments: [String]? = nil) throws(EskyError) -> Never {
    try esky.restart(arguments: arguments)
  }
}

/// Hands progress on, and wants no more once the current task is cancelled.
private final class TaskObserver: ProgressObserver {
  private let report: (ProgressEvent) -> Void

  init(_ report: @escaping (ProgressEvent) -> Void = { _ in }) {
    self.report = report
  }

  func progress(_ event: ProgressEvent) -> Bool {
    report(event)
    // The work is a synchronous part of the task that asked for it.
    return !Task.isCancelled
  }
}
