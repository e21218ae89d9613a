import FileSystem
import JSON

extension Client {
  /// Notes where the entries of targets stand that have been read a second time without a change: there may be a
  /// third.
  func makeIndex(_ targets: Targets, _ file: FileIdentity) {
    // It is still the file that was read; an index that can't be written costs time and no more.
    guard store.identity(MetadataType.targets.role) == file, let index = targets.index(file: file)
    else { return }
    _ = try? store.write(index: index)
  }

  /// The target by the index, where nothing has changed since the last refresh; nil to look into the whole file.
  func indexed(_ path: [UInt8]) -> TargetFile? {
    guard trusted.targets == nil, let lastRefresh,
      let text = TargetIndex.entry(
        path, index: store.targetIndex, targets: store.file(MetadataType.targets.role),
        file: lastRefresh.targets.identity)
    else { return nil }
    do throws(JSONError) {
      let root = try JSONDocument(parsing: text, depth: limits.depth).root
      guard let entry = root[path], entry.isObject else { return nil }
      return try? TargetFile(path, entry, Reader(file: "targets.json"))
    } catch {
      return nil
    }
  }
}
