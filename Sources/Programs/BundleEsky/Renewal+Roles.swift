import FileSystem
import Repository

extension Renewal {
  /// Which roles online keys can renew, and which keys those are.
  struct Online {
    /// Names as `refresh` takes them; many bins by what their names begin with.
    var roles: [String] = ["snapshot", "timestamp"]
    /// The files of the keys, relative to the folder of all keys.
    var files: [String] = ["online/snapshot.key", "online/timestamp.key"]

    /// What `init` makes.
    init() {}

    /// What a repository has come to since; as `init` makes it where no key of a folder `online` signs for anything.
    init(_ folder: RepositoryFolder, keys: Path) throws {
      var found: [(file: String, key: KeyObject)] = []
      let online = keys.appending("online")
      guard try FileSystem.exists(online) else { return }
      let names = try FileSystem.list(online).map { Path($0.name).text }.sorted()
      for name in names where name.hasSuffix(".key") || name.hasSuffix(".signer") {
        found.append(("online/\(name)", try KeyObject(file: online.appending(name))))
      }
      var roles: [String] = []
      var used: Set<String> = []
      for status in try folder.status(now: now) + folder.delegatedStatus(now: now) {
        let mine = found.filter { status.keys.contains($0.key) }
        let name = status.bins ?? status.role.name
        guard mine.count >= status.threshold else { continue }
        used.formUnion(mine.map(\.file))
        if !roles.contains(name) { roles.append(name) }
      }
      if roles.isEmpty { return }
      // In the order of what init makes, so that nothing changes where nothing is new.
      let first = self.roles.filter(roles.contains)
      self.roles = first + roles.filter { !first.contains($0) }
      files = found.map(\.file).filter(used.contains)
    }
  }

  /// Lets the files that are there renew what the online keys of a repository can sign by now.
  ///
  /// - Returns: a sentence for each file that was changed.
  static func follow(_ folder: RepositoryFolder, keys: Path) throws -> [String] {
    try Failure.naming {
      guard try FileSystem.exists(Self.folder) else { return [] }
      let online = try Online(folder, keys: keys)
      return try edit(of: folder.directory) { path, text in
        var changed = replacing(
          in: text, from: "refresh --within ", after: " ", to: " --repository ",
          by: online.roles.map(quoted).joined(separator: " "))
        let hasKeys = changed.contains(archiving)
        changed = replacing(
          in: changed, from: archiving + quoted(keys), after: " ", to: " | base64 ",
          by: online.files.map(quoted).joined(separator: " "))
        if changed == text { return nil }
        return (
          changed,
          "\(path.text) renews \(online.roles.joined(separator: ", ")); put it again where it is used"
            + (hasKeys ? ", and set ESKY_ONLINE_KEYS to what the command in it prints" : "")
        )
      }
    }
  }

  /// How the line begins that packs the keys for CI.
  static let archiving = "tar -c -C "

  /// Replaces what stands between the first `start` behind a beginning and an end, wherever the beginning is.
  private static func replacing(
    in text: String, from beginning: String, after start: String, to end: String,
    by replacement: String
  ) -> String {
    var parts = text.components(separatedBy: beginning)
    for place in parts.indices.dropFirst() {
      let part = parts[place]
      guard let first = part.range(of: start), let last = part.range(of: end),
        first.upperBound <= last.lowerBound
      else { continue }
      parts[place] = part[..<first.upperBound] + replacement + part[last.lowerBound...]
    }
    return parts.joined(separator: beginning)
  }
}

extension String {
  /// The parts between places where another text stands.
  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }

  /// Where another text first stands.
  fileprivate func range(of other: String) -> Range<String.Index>? { firstRange(of: other) }
}
