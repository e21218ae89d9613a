import FileSystem
import TUF

extension RepositoryFolder {
  /// Whether clients that trust a root come to those of this repository.
  ///
  /// They do by a root that is here byte for byte, and by one right before the first that is here whose keys signed
  /// that: a repository that was founded again begins above older ones. Whoever trusts the newest takes a version
  /// with such a root only where the newest's keys have signed it.
  ///
  /// - Parameter bytes: the file, for instance `root.json` of a version that was shipped.
  /// - Throws: ``RepositoryError/badRoot(file:_:)`` for what is no root.
  public func isReached(from bytes: [UInt8], file: String) throws(RepositoryError) -> Bool {
    var trusted: TrustedSet
    do throws(TUFError) {
      trusted = try TrustedSet(root: bytes, file: file, now: .min)
    } catch {
      throw .badRoot(file: file, error)
    }
    let files = MetadataFiles(Self.metadata(directory))
    let limit = Limits().rootLength
    if let same = try files.read(Role.root.fileName(trusted.root.version), limit: limit) {
      return same == bytes
    }
    guard try Authority(.root, root: state.root.signed).isMet(by: trusted.root.metadata) else {
      return false
    }
    let (next, isOver) = trusted.root.version.addingReportingOverflow(1)
    guard !isOver, let bytes = try files.read(Role.root.fileName(next), limit: limit) else {
      return false
    }
    do throws(TUFError) {
      _ = try trusted.updateRoot(bytes, file: Role.root.fileName(next))
      return true
    } catch {
      return false
    }
  }
}
