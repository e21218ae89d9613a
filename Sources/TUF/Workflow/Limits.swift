/// The most that the client takes from a repository; a hostile one can cost no more than this.
public struct Limits: Sendable {
  /// New versions of root in one refresh; the next refresh goes on from there (§5.3.3).
  ///
  /// Bounds the walk that an endless chain of roots would make.
  public var rootRotations = 256
  /// Bytes of a root file, whose length is listed nowhere: endless data.
  public var rootLength: Int64 = 512 << 10
  /// Bytes of a timestamp file, whose length is listed nowhere: endless data.
  public var timestampLength: Int64 = 16 << 10
  /// Bytes of a snapshot file where the timestamp lists no length: endless data.
  public var snapshotLength: Int64 = 4 << 20
  /// Bytes of a targets file where the snapshot lists no length: endless data.
  public var targetsLength: Int64 = 16 << 20
  /// Bytes of a snapshot or targets file whatever length is listed; as many as the parser can address.
  ///
  /// Bounds what a stolen online key that lists an enormous length makes of memory.
  public var listedLength: Int64 = 256 << 20
  /// Roles visited in the search for one target: a maze of delegations.
  public var delegations = 32
  /// Values nested in one another in a metadata file: a text that is all brackets.
  public var depth = 64

  /// The defaults.
  public init() {}

  /// The most bytes of a file that one trusted says the length of, or does not.
  func length(listed: Int64?, otherwise: Int64) -> Int64 {
    min(listed ?? otherwise, listedLength)
  }
}
