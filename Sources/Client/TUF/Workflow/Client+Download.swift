import Bytes
public import FileSystem

extension Client {
  /// §5.7: Fetches a target; length and hashes are verified while the bytes arrive.
  ///
  /// The bytes go to a part file first; only a verified file gets the name. A part that an interrupted
  /// run left is continued when the server can; one that can't become the target is removed. A file
  /// that is there already and has the right hashes is left as it is.
  ///
  /// - Parameters:
  ///   - baseURL: what the target path is joined to.
  ///   - part: the part file, on whatever volume, in a folder that is made when it is needed; nil for `file`
  ///     with `.part` behind.
  ///   - beginning: what the target begins with, where that is known; see ``FetchRequest/beginning``.
  /// - Throws: ``TUFError``; nothing stands in place of `file` then that was not there before.
  public func download(
    _ target: TargetFile, to file: FilePlace, part: FilePlace? = nil, baseURL: String,
    beginning: [UInt8]? = nil, observer progress: (any DownloadObserver)? = nil
  ) throws(TUFError) {
    let name = String(decoding: target.path, as: UTF8.self)
    do throws(FileError) {
      if try Download.isComplete(file, target) {
        passed(name, "hashes of the file that is there")
        return
      }
    } catch {
      throw .file(error)
    }
    let url = RequestPath.join(baseURL, requestPath(of: target))
    let download: Download
    do throws(FileError) {
      if let part { try FileSystem.makeDirectories(part.folder.path) }
      download = try Download(
        target, to: file, part: part ?? file.appendingSuffix(".part"), progress: progress)
    } catch {
      throw .file(error)
    }
    let resumed = download.received > 0
    do throws(TUFError) {
      do throws(TUFError) {
        try fetch(download, url: url, name: name, beginning: beginning)
      } catch {
        // A part that does not belong to this target spoils the whole; only a fresh try tells.
        guard resumed, case .wrongHash = error.rule else { throw error }
        try fetch(download, url: url, name: name, beginning: beginning)
      }
    } catch {
      // An empty part is nothing to go on from.
      if error.isAttack || download.received == 0 { download.discard() }
      throw error
    }
    passed(name, "length and hashes")
  }

  /// §5.7: Fetches a target to a path, in a folder that may be reached through links.
  public func download(
    _ target: TargetFile, to path: Path, baseURL: String,
    observer progress: (any DownloadObserver)? = nil
  ) throws(TUFError) {
    try download(target, to: FilePlace(path), baseURL: baseURL, observer: progress)
  }

  private func passed(_ name: String, _ rule: StaticString) {
    observer?.observe(.passed(PassedCheck(file: name, step: "5.7.3", rule: rule)))
  }

  private func fetch(
    _ download: Download, url: String, name: String, beginning: [UInt8]?
  ) throws(TUFError) {
    if !download.isFull {
      observer?.observe(.request(url: url))
      var request = FetchRequest(
        url: url, limit: download.target.length, offset: download.received)
      request.beginning = beginning
      do throws(FetchError) {
        try fetcher.fetch(request, into: download)
      } catch {
        if let failure = download.failure { throw .file(failure) }
        switch error {
        case .tooLong(let limit):
          throw .refused(url: url, step: "5.7.3", .tooLong(file: name, limit: limit))
        default: throw .fetch(file: name, url: url, error)
        }
      }
    }
    try blaming(url, step: "5.7.3") { () throws(TUFError) in try download.finish(name: name) }
  }

  /// §6.2: The target path, with a hash before its last component where snapshots are consistent.
  func requestPath(of target: TargetFile) -> String {
    guard trusted.root.consistentSnapshot, let digest = target.hashes.first else {
      return PercentEncoding.encode(target.path, keepingSlashes: true)
    }
    return PercentEncoding.encode(
      RequestPath.hashed(target.path, digest.hex), keepingSlashes: true)
  }
}
