public import FileSystem
public import Layout
import TUF

/// A file of a version that is not as its manifest says.
public enum ManifestProblem: Sendable {
  /// It is missing, or something else has its name.
  case missing(Path)
  /// It has another size, hash or link target.
  case changed(Path)
  /// It may be executed and was not made so, or the other way round.
  case permissions(Path)

  /// One sentence for a person, without a final stop.
  public var description: String {
    switch self {
    case .missing(let path): "\(path.text) is missing"
    case .changed(let path): "\(path.text) has been changed"
    case .permissions(let path): "\(path.text) may be executed, or may not, other than it was made"
    }
  }
}

extension Esky {
  /// Compares every file of a version with its manifest.
  ///
  /// - Returns: what differs; files beside those of the manifest are not looked at.
  public func verify(_ name: VersionDirectoryName) throws(EskyError) -> [ManifestProblem] {
    let version = folder.version(name)
    var problems: [ManifestProblem] = []
    var failure: FileError?
    var reader = ManifestReader()
    do throws(FileError) {
      // Read as it comes: it may be larger than all else that is held here.
      try File(version.manifestFile, .read).readPieces { piece in
        let isGood = reader.add(piece) { entry in
          if failure != nil { return }
          do throws(FileError) {
            if let problem = try check(entry, of: version) { problems.append(problem) }
          } catch {
            failure = error
          }
        }
        return isGood && failure == nil
      }
    } catch {
      throw error.isAboutContents ? .layout(.damaged(version.manifestFile)) : .file(error)
    }
    if let failure { throw .file(failure) }
    guard reader.isWhole else { throw .layout(.damaged(version.manifestFile)) }
    return problems
  }

  private func check(
    _ entry: Manifest.Entry, of version: VersionFolder
  ) throws(FileError) -> ManifestProblem? {
    var path = version.path.appending(entry.path)
    if case .bootstrap = entry.kind { path = folder.root.appending(entry.path) }
    guard try FileSystem.exists(path) else { return .missing(path) }
    let status = try FileSystem.linkStatus(path)
    switch entry.kind {
    case .directory:
      return status.kind == .directory ? nil : .missing(path)
    case .link(let target):
      if status.kind != .symbolicLink { return .missing(path) }
      return try FileSystem.readSymbolicLink(path).bytes == target ? nil : .changed(path)
    case .file(let permissions, let size, let hash),
      .bootstrap(let permissions, let size, let hash):
      if status.kind != .regular { return .missing(path) }
      if status.size != size { return .changed(path) }
      if try Digest(.sha256, ofFile: path).hex != hash { return .changed(path) }
      // Whoever unzipped it may have given it to nobody else.
      return (status.permissions ^ permissions) & 0o100 == 0 ? nil : .permissions(path)
    }
  }
}
