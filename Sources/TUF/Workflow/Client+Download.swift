public import FileSystem

extension Client {
  /// §5.7: Fetches a target to a path; length and hashes are verified while the bytes arrive.
  ///
  /// The bytes go to `path` with `.part` behind; only a verified file gets the name. A `.part` that an
  /// interrupted run left is continued when the server can. A file that is there already and has the
  /// right hashes is left as it is.
  ///
  /// - Parameter baseURL: what the target path is joined to.
  /// - Throws: ``TUFError``; nothing stands under `path` then that was not there before.
  public func download(
    _ target: TargetFile, to path: Path, baseURL: String,
    observer progress: (any DownloadObserver)? = nil
  ) throws(TUFError) {
    let name = String(decoding: target.path, as: UTF8.self)
    do throws(FileError) {
      if try Download.isComplete(path, target) { return }
    } catch {
      throw .file(error)
    }
    let url = RequestPath.join(baseURL, requestPath(of: target))
    let download: Download
    do throws(FileError) {
      download = try Download(target, to: path, progress: progress)
    } catch {
      throw .file(error)
    }
    let resumed = download.received > 0
    do throws(TUFError) {
      try fetch(download, url: url, name: name)
      return
    } catch {
      // A part that does not belong to this target spoils the whole; only a fresh try tells.
      guard resumed, case .wrongHash = error else { throw error }
    }
    try fetch(download, url: url, name: name)
  }

  private func fetch(_ download: Download, url: String, name: String) throws(TUFError) {
    if !download.isFull {
      observer?.observe(.request(url: url))
      do throws(FetchError) {
        try fetcher.fetch(
          FetchRequest(url: url, limit: download.target.length, offset: download.received),
          into: download)
      } catch {
        if let failure = download.failure { throw .file(failure) }
        switch error {
        case .tooLong(let limit):
          download.discard()
          throw .tooLong(file: name, limit: limit)
        default: throw .fetch(file: name, url: url, error)
        }
      }
    }
    try download.finish(name: name)
  }

  /// §6.2: The target path, with a hash before its last component where snapshots are consistent.
  func requestPath(of target: TargetFile) -> String {
    guard trusted.root.consistentSnapshot, let digest = target.hashes.first else {
      return RequestPath.encode(target.path, keepingSlashes: true)
    }
    var named = target.path
    let place = (named.lastIndex(of: 0x2f) ?? -1) + 1
    named.insert(contentsOf: digest.hex + [0x2e], at: place)
    return RequestPath.encode(named, keepingSlashes: true)
  }
}
