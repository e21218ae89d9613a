import Archive
import Bytes
import FileSystem
import Layout
import TUF

/// The hashes that a manifest gives, by the places of files in a walk through the archive.
///
/// The manifest is read as it comes: it may be larger than all else that is known of an archive.
struct BundleDigests: Sendable {
  private static let length = 32
  /// The bytes of a SHA-256 for every entry of the walk, zeros for those without one.
  private var bytes: [UInt8]
  private var isListed: [Bool]
  private var hasDigest: [Bool]

  /// Compares a manifest with the archive that it is in, as far as the central directory tells.
  ///
  /// - Throws: ``BundleError/problem(_:)`` for what is listed and not there, there and not listed, or of another
  ///   kind, size, link target or use.
  init(of archive: borrowing ZipReader, in tree: BundleTree) throws(BundleError) {
    let path = ("esky-files/manifest.txt" as StaticString).bytes
    guard let place = archive.place(tree.directory + path), archive.walk[place].kind == .file else {
      throw .problem(.missing(path))
    }
    let entry = archive.walk[place]
    if entry.size > Int64(Manifest.maximumLength) { throw .problem(.damaged(path)) }
    let count = archive.walk.count
    bytes = [UInt8](repeating: 0, count: count * Self.length)
    isListed = [Bool](repeating: false, count: count)
    hasDigest = isListed
    // It does not list itself.
    isListed[place] = true

    var reader = ManifestReader()
    var problem: BundleProblem?
    do throws(ArchiveError) {
      try archive.read(entry) { (piece) throws(ArchiveError) in
        let isGood = reader.add(piece) { listed in
          if problem == nil { problem = take(listed, archive, tree) }
        }
        if !isGood || problem != nil { throw .stopped }
      }
    } catch {
      guard case .stopped = error else { throw .archive(error) }
    }
    if let problem { throw .problem(problem) }
    if !reader.isWhole { throw .problem(.damaged(path)) }
    if let path = firstUnlisted(archive, tree) { throw .problem(.notInManifest(path)) }
  }

  /// Takes one line of the manifest; what is wrong with it, or nil.
  private mutating func take(
    _ listed: Manifest.Entry, _ archive: borrowing ZipReader, _ tree: BundleTree
  ) -> BundleProblem? {
    var path = tree.directory + listed.path
    if case .bootstrap = listed.kind { path = tree.top + listed.path }
    guard let place = archive.place(path) else {
      if case .directory = listed.kind, archive.isFolder(path) { return nil }
      return .inManifestButMissing(listed.path)
    }
    // Twice, or the manifest itself.
    if isListed[place] { return .damaged("esky-files/manifest.txt") }
    isListed[place] = true
    let entry = archive.walk[place]
    let isAsListed: Bool
    switch (listed.kind, entry.kind) {
    case (.directory, .directory): isAsListed = true
    case (.link(let target), .symbolicLink(let found)): isAsListed = target == found
    case (.file(let permissions, let size, let hash), .file),
      (.bootstrap(let permissions, let size, let hash), .file):
      isAsListed = entry.size == size && entry.isExecutable == (permissions & 0o100 != 0)
      keep(hash, at: place)
    default: isAsListed = false
    }
    return isAsListed ? nil : .notAsInManifest(listed.path)
  }

  private mutating func keep(_ hash: [UInt8], at place: Int) {
    guard let digest = Hex.decode(hash), digest.count == Self.length else { return }
    hasDigest[place] = true
    for index in 0..<Self.length { bytes[place * Self.length + index] = digest[index] }
  }

  /// What is in the version directory, or a file for the app folder, and not listed.
  private func firstUnlisted(_ archive: borrowing ZipReader, _ tree: BundleTree) -> [UInt8]? {
    let walk = archive.walk
    for place in walk.indices where !isListed[place] {
      let entry = walk[place]
      let path = entry.path.bytes
      if path.starts(with: tree.directory) { return tree.shown(path) }
      if entry.kind != .directory { return tree.shown(path) }
    }
    return nil
  }

  /// Looks at the contents of the files, one after the other.
  func check() -> any ContentsCheck { DigestCheck(self) }

  fileprivate func expected(_ place: Int) -> ArraySlice<UInt8>? {
    hasDigest[place] ? bytes[place * Self.length..<(place + 1) * Self.length] : nil
  }
}

private final class DigestCheck: ContentsCheck {
  private let digests: BundleDigests
  private let hasher = Hasher(.sha256)
  private var expected: ArraySlice<UInt8>?

  init(_ digests: BundleDigests) { self.digests = digests }

  func begin(_ place: Int) {
    expected = digests.expected(place)
    hasher.restart()
  }

  func add(_ piece: UnsafeRawBufferPointer) {
    if expected != nil { hasher.update(piece) }
  }

  func isRight() -> Bool {
    guard let expected else { return true }
    return hasher.finish().bytes.elementsEqual(expected)
  }
}
