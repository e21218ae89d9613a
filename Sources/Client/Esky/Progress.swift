public import Layout
import TUF

/// How far an update is.
public enum ProgressEvent: Sendable {
  /// The repository is asked what it offers.
  case checking
  /// Bytes of the archive are arriving.
  case downloading(received: Int64, total: Int64)
  /// Files are being written into the work area.
  case unpacking(written: Int64, total: Int64)
  /// A version was refused for its own faults, and the next best one is tried.
  case passedOver(VersionDirectoryName, EskyError)
  /// The version is being put in place; from here on it can't be cancelled.
  case installing
}

/// Receives how far an update is.
public protocol ProgressObserver: AnyObject {
  /// Called on the thread that called the update; false cancels what can still be cancelled.
  func progress(_ event: ProgressEvent) -> Bool
}

/// Hands a download's progress on.
final class DownloadProgress: DownloadObserver {
  private let observer: (any ProgressObserver)?

  init(_ observer: (any ProgressObserver)?) {
    self.observer = observer
  }

  func downloaded(_ received: Int64, of total: Int64) -> Bool {
    observer?.progress(.downloading(received: received, total: total)) ?? true
  }
}
