/// The most that the client takes from a repository; a hostile one can cost no more than this.
public struct Limits: Sendable {
  /// New versions of root in one refresh: bounds the walk that an endless chain of roots would make.
  public var rootRotations = 256
  /// Bytes of a root file, whose length is listed nowhere: endless data.
  public var rootLength: Int64 = 512 << 10
  /// Bytes of a timestamp file, whose length is listed nowhere: endless data.
  public var timestampLength: Int64 = 16 << 10
  /// Bytes of a snapshot file where the timestamp lists no length: endless data.
  public var snapshotLength: Int64 = 4 << 20
  /// Bytes of a targets file where the snapshot lists no length: endless data.
  public var targetsLength: Int64 = 16 << 20
  /// Roles visited in the search for one target: a maze of delegations.
  public var delegations = 32

  /// The defaults.
  public init() {}
}

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
