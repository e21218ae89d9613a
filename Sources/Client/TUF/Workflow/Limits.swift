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
  public var listedLength: Int64 = 256 << 20
  /// Bytes of memory that all metadata takes which is held at once: files, and what is noted of their values.
  ///
  /// While a file is checked, its canonical form may take as much again as the file. Bounds what stolen
  /// online keys make of memory: a snapshot that is all brackets takes seven times its length, and so does
  /// each of the roles on the way to a target. Root and timestamp have lengths of their own.
  public var memory: Int64 = 256 << 20
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
