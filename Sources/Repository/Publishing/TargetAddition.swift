public import FileSystem

/// A file that should become a target.
public struct TargetAddition: Sendable {
  /// The name that clients ask for.
  public let name: TargetName
  /// The file, which is copied.
  public let source: Path
  /// The publisher's own data, an object; nil for none.
  public let custom: JSONBuilder?

  /// Puts an addition together.
  public init(_ name: TargetName, source: Path, custom: JSONBuilder? = nil) {
    self.name = name
    self.source = source
    self.custom = custom
  }
}

/// What a change made of the repository.
public struct Publication: Sendable {
  /// The version of each role that was signed anew, in the order in which they were put in place;
  /// none when nothing was to be done.
  public let versions: [(role: Role, version: Int64)]
  /// The targets that were there already with the same bytes and the same data.
  public let unchanged: [TargetName]
}
