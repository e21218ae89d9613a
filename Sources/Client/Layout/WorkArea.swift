public import FileSystem

/// What a finder keeps of one app: all of it can be made again.
///
/// It is `updates/APPNAME/` in the app folder. Whoever may not write there keeps what belongs to checking, and
/// only that, in a folder of their own: see ``UserCache``.
public struct WorkArea: Sendable {
  /// The folder.
  public let folder: Folder

  /// Uses a folder; nothing is looked at.
  public init(_ folder: Folder) {
    self.folder = folder
  }

  /// Held by the one process that changes the app folder; only its owner may open it.
  public var lock: FilePlace { folder.file("lock") }
  /// Changed when the launcher last started the finder.
  public var lastCheck: FilePlace { folder.file("last-check") }
  /// A random number by which a roll-out reaches this folder early or late.
  public var installationID: FilePlace { folder.file("installation-id") }
  /// What came of the last checks.
  public var state: FilePlace { folder.file("state") }
  /// Archives that were refused.
  public var refused: FilePlace { folder.file("refused") }
  /// What the finder did in the background.
  public var log: FilePlace { folder.file("log") }
  /// Trusted TUF metadata.
  public var metadata: Folder { folder.folder("metadata") }
  /// Archives on their way in.
  public var downloads: Folder { folder.folder("downloads") }
  /// Where archives are unpacked.
  public var staging: Folder { folder.folder("staging") }
  /// Version directories on their way out.
  public var retired: Folder { folder.folder("retired") }

  /// Makes the folder where it is missing.
  public func make() throws(FileError) { _ = try folder.make() }
}
