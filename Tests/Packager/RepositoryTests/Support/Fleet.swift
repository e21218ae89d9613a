import FileSystem
import Repository
import TUF
import Testing

/// Clients of one repository, each of which stopped at another point of its history.
final class Fleet {
  private let scratch: Scratch
  private let setup: Setup
  private var count = 0

  init(_ setup: Setup) throws {
    scratch = try Scratch()
    self.setup = setup
  }

  private func folder(_ number: Int) -> Path { scratch.path.appending("client-\(number)") }

  /// Makes a repository with a target, a client that has never been there, and one that is up to date.
  func begin() throws -> RepositoryFolder {
    var repository = try setup.create()
    try repository.addTargets([try setup.addition("app", "one")], keys: setup.ring, now: now)
    try addNewcomer()
    try addCurrent()
    return repository
  }

  /// Adds a client that trusts the first root and has seen nothing else.
  func addNewcomer() throws {
    try FileSystem.makeDirectory(folder(count))
    try FileSystem.writeAtomically(
      FileSystem.read(setup.folder.appending("metadata/1.root.json"), limit: 1 << 20),
      to: folder(count).appending("root.json"))
    count += 1
  }

  /// Adds a client that is up to date now.
  func addCurrent(at time: Int64 = now) throws {
    try addNewcomer()
    try update(count - 1, in: folder(count - 1), at: time)
  }

  /// Lets every client update, each from where it stopped, in a copy, so that it stays behind.
  ///
  /// - Returns: the number of clients.
  @discardableResult
  func check(
    _ targets: [String: String] = [:], at time: Int64 = now,
    _ location: SourceLocation = #_sourceLocation
  ) throws -> Int {
    for number in 0..<count {
      let copy = scratch.path.appending("copy")
      try FileSystem.removeTree(copy)
      try FileSystem.makeDirectory(copy)
      for entry in try FileSystem.list(folder(number))
      where entry.name.suffix(5) == utf8(".json")[...] {
        try FileSystem.writeAtomically(
          FileSystem.read(folder(number).appending(entry.name), limit: 1 << 24),
          to: copy.appending(entry.name))
      }
      do {
        let client = try update(number, in: copy, at: time)
        for (name, text) in targets {
          let target = try #require(
            try client.target(utf8(name)), "client \(number) finds no \(name)",
            sourceLocation: location)
          let file = scratch.path.appending("target")
          try FileSystem.removeIfPresent(file)
          try client.download(target, to: file, baseURL: "targets")
          #expect(
            try FileSystem.read(file, limit: 1 << 20) == utf8(text), sourceLocation: location)
        }
      } catch let error as TUFError {
        Issue.record("client \(number) of \(count): \(error.description)", sourceLocation: location)
      }
    }
    return count
  }

  @discardableResult
  private func update(_ number: Int, in folder: Path, at time: Int64) throws(TUFError) -> Client {
    let client = try Client(
      store: MetadataStore(folder), shippedRoot: nil, metadataURL: "metadata",
      fetcher: FolderFetcher(setup.folder), now: time)
    try client.refresh()
    return client
  }
}
