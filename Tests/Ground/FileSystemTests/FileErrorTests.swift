import FileSystem
import Foundation
import Testing

struct FileErrorTests {
  private typealias Predicate = @Sendable (FileError) -> Bool

  /// What an error is said to be, by name.
  private static let predicates: [(name: String, holds: Predicate)] = [
    ("missing", \.isMissing), ("about kind", \.isAboutKind), ("too large", \.isTooLarge),
    ("taken", \.isTaken), ("about name", \.isAboutName), ("not empty", \.isNotEmpty),
    ("forbidden", \.isForbidden), ("denied", \.isDenied), ("not permitted", \.isNotPermitted),
    ("busy", \.isBusy), ("across volumes", \.isAcrossVolumes),
  ]

  @Test(arguments: [
    (ENOENT, ["missing"]), (ENOTDIR, ["missing"]), (EISDIR, ["about kind"]),
    (EFBIG, ["too large"]), (EEXIST, ["taken", "about name", "not empty"]),
    (ENOTEMPTY, ["not empty"]), (ENAMETOOLONG, ["about name"]),
    (EACCES, ["forbidden", "denied"]), (EPERM, ["forbidden", "not permitted"]),
    (EROFS, ["forbidden"]), (EBUSY, ["busy"]), (EXDEV, ["across volumes"]), (EIO, []),
  ])
  func isNamedByItsCode(code: CInt, names: [String]) {
    let error = FileError(.rename, "/a/b", code: code)
    #expect(Self.predicates.filter { $0.holds(error) }.map(\.name) == names)
  }

  @Test func isMadeByName() {
    #expect(FileError.missing(.open, "/a").code == ENOENT)
    #expect(FileError.notPermitted(.create, "/a").code == EPERM)
    #expect(FileError.noLocks("/a").code == ENOLCK)
    #expect(FileError.foreign("/a").isTaken)
  }

  @Test func saysWhatWasTriedOnWhatAndWhy() {
    let error = FileError.notPermitted(.rename, "/a/b")
    #expect(error.description == "can't rename /a/b: Operation not permitted")
    #expect(error.cause.description == "Operation not permitted")
    #expect(FileError.foreign("/a").description.contains("move it away"))
  }

  @Test(arguments: [ENOENT, EACCES, ENOSPC, 99_999])
  func hasTheWordsOfTheSystem(code: CInt) {
    #expect(SystemError(code: code).description == String(cString: strerror(code)))
  }

  /// What somebody put where a name is needed is what he has to move.
  @Test func namesWhatIsInTheWay() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let (file, taken) = (path.appending("file"), path.appending("taken"))
    try FileSystem.writeAtomically([1], to: file)
    try FileSystem.makeDirectory(taken)
    let inTheWay =
      "\(taken.text) is a link, a folder or a device where a file belongs; move it away"
    #expect(fault { () throws(FileError) in try FileSystem.rename(file, to: taken) } == inTheWay)
    #expect(
      fault { () throws(FileError) in
        let open = try Directory(path)
        try open.rename(Array("file".utf8), to: open, Array("taken".utf8))
      } == inTheWay)
    for link in [path.appending("link"), path.appending("behind")] {
      try FileSystem.makeSymbolicLink(link, to: link == path.appending("link") ? taken : file)
      let name = link.lastComponent
      #expect(
        fault { () throws(FileError) in
          _ = try Directory(path).openDirectory(Array(name))
        }
          == "\(link.text) is, or lies behind, a link or a file where a folder belongs; move that away"
      )
    }
  }

  private func fault(_ body: () throws(FileError) -> Void) -> String? {
    do throws(FileError) {
      try body()
      return nil
    } catch {
      return error.description
    }
  }
}
