public import FileSystem
public import Layout

/// Finds versions in a local folder of archives: a memory stick, a network share, a test.
///
/// Nothing is verified: whoever may write into the folder decides what the app becomes.
public final class LocalFolderFinder: VersionFinder {
  private let folder: Path
  private let app: AppName

  /// Looks for archives of an app in a folder.
  public init(_ folder: Path, app: AppName) {
    self.folder = folder
    self.app = app
  }

  /// None: a folder says nothing but what it holds.
  public var withdrawn: [VersionDirectoryName] { [] }

  /// Nothing: a folder has no publisher who would change it.
  public var source: [UInt8] { [] }

  /// Whoever may write into the folder is trusted with all.
  public func vouches(for root: [UInt8]) -> Bool { true }

  /// The archives of the app in the folder.
  public func offers() throws(EskyError) -> [Offer] {
    do throws(FileError) {
      var found: [Offer] = []
      for entry in try FileSystem.list(folder) {
        guard let name = DownloadName.version(entry.name),
          DownloadName.archive(name) == entry.name, name.name == app
        else { continue }
        let status = try FileSystem.status(folder.appending(entry.name))
        if status.kind == .regular { found.append(Offer(name: name, size: status.size)) }
      }
      return found
    } catch {
      throw .file(error)
    }
  }

  /// Copies an archive.
  public func fetch(
    _ offer: Offer, to place: FilePlace, observer: (any ProgressObserver)?
  ) throws(EskyError) {
    let source = folder.appending(DownloadName.archive(offer.name))
    let part = place.appendingSuffix(".part")
    let isWhole: Bool
    do throws(FileError) {
      isWhole = try Self.copy(source, to: part, size: offer.size, observer)
      if isWhole {
        let folder = try place.folder.open()
        try folder.rename(part.name, to: folder, place.name)
        try folder.sync()
      }
    } catch {
      throw .file(error)
    }
    if !isWhole { throw .cancelled }
  }

  /// False when the observer wanted no more.
  private static func copy(
    _ source: Path, to target: FilePlace, size: Int64, _ observer: (any ProgressObserver)?
  ) throws(FileError) -> Bool {
    let input = try File(source, .read)
    let output = try target.replace()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { buffer.deallocate() }
    var copied: Int64 = 0
    while true {
      let count = try input.read(into: buffer)
      if count == 0 { break }
      try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      copied += Int64(count)
      if let observer, !observer.progress(.downloading(received: copied, total: size)) {
        return false
      }
    }
    try output.sync()
    return true
  }
}
