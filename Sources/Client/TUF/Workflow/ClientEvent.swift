/// What the client tells while it works, for a log.
public enum ClientEvent: Sendable {
  /// A file is asked for.
  case request(url: String)
  /// A file passed all of its checks and is trusted from now on.
  case trusted(file: String, version: Int64)
  /// A file that was stored earlier passed all of its checks again and need not be fetched.
  case kept(file: String, version: Int64)
  /// A file that was asked for is not there, as it may be: the next root.
  case absent(url: String)
  /// A file passed one of its checks; the next may still refuse it.
  case passed(PassedCheck)
}

/// A check of the client workflow that a file passed.
public struct PassedCheck: Sendable {
  /// The file, or the path of a target.
  public let file: String
  /// The step of TUF 1.0.34 that asks for it: `5.4.2`.
  public let step: StaticString
  /// What was checked, in a few words: `signatures`.
  public let rule: StaticString
}

/// Receives what the client tells.
public protocol ClientObserver: AnyObject {
  /// Called in the order of events, on the thread that called the client.
  func observe(_ event: ClientEvent)
}

/// Receives how far a download is.
public protocol DownloadObserver: AnyObject {
  /// Called as bytes arrive, `received` of `total`; false ends the download and keeps what there is.
  func downloaded(_ received: Int64, of total: Int64) -> Bool
}
