public import FileSystem

/// One version directory: `appname-X.Y.platform`.
public struct VersionFolder: Sendable {
  /// Where it stands.
  public let path: Path
  /// What its name says.
  public let name: VersionDirectoryName

  /// Uses a folder as a version directory; nothing is looked at.
  public init(_ path: Path, _ name: VersionDirectoryName) {
    self.path = path
    self.name = name
  }

  /// Lists the files that this version expects in the app folder; its presence makes it complete.
  public var bootstrapFile: Path { path.appending("esky-bootstrap.txt") }
  /// What that list is called once the publisher has taken the version back: it is not complete then.
  public var withdrawnFile: Path { path.appending("esky-bootstrap.withdrawn") }
  /// Holds those files until they have been moved into the app folder.
  public var bootstrapFolder: Path { path.appending("esky-bootstrap") }
  /// Names the files of the app folder that may give way to those; written before the commit.
  public var replacesFile: Path { path.appending("esky-replaces.txt") }
  /// The control files.
  public var controlFiles: Path { path.appending("esky-files") }
  /// What the packager decided.
  public var settingsFile: Path { controlFiles.appending("settings.txt") }
  /// Every file with size, mode and SHA-256.
  public var manifestFile: Path { controlFiles.appending("manifest.txt") }
  /// The root of trust that this version shipped with.
  public var trustedRoot: Path { controlFiles.appending("root.json") }
  /// The finder.
  public var finder: Path { controlFiles.appending("esky") }
  /// The finder as a library with a C interface.
  public var library: Path {
    #if os(macOS)
      controlFiles.appending("libesky.dylib")
    #else
      controlFiles.appending("libesky.so")
    #endif
  }
}
