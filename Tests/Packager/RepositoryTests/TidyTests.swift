import FileSystem
import TUF
import Testing

@testable import Audit
@testable import Repository

/// What nobody can ask for any more goes, and nothing else.
struct TidyTests {
  /// The files' own times are those of the test's run.
  private static let today = Int64(4_000_000_000)

  private func life() throws -> (Setup, RepositoryFolder) {
    let setup = try Setup()
    var repository = try setup.create()
    for number in 0..<4 {
      try repository.addTargets(
        [try setup.addition("a", "text \(number)")], replacing: true, keys: setup.ring, now: now)
    }
    try repository.refresh([.root], keys: setup.ring, now: now)
    try repository.addTargets([try setup.addition("b", "b")], keys: setup.ring, now: now)
    try repository.removeTargets(
      [try TargetName("b")], keepingFiles: true, keys: setup.ring, now: now)
    return (setup, repository)
  }

  @Test func onlyWhatIsCurrentIsLeft() throws {
    let (setup, repository) = try life()
    let trial = try repository.tidy(olderThan: day, now: Self.today, isTrial: true)
    let gone = try repository.tidy(olderThan: day, now: Self.today)
    #expect(gone.map(\.text).sorted() == trial.map(\.text).sorted())
    let left = try setup.names("metadata").filter { !$0.hasSuffix(".gz") }
    #expect(
      left == ["1.root.json", "2.root.json", "7.snapshot.json", "7.targets.json", "timestamp.json"])
    #expect(try setup.names("targets").count == 1)
    #expect(try setup.findings() == [])
    #expect(try setup.fresh() == ["a": "text 3"])
    #expect(try repository.tidy(olderThan: day, now: Self.today).isEmpty)
  }

  @Test func whatIsYoungStays() throws {
    let (setup, repository) = try life()
    let before = try setup.names("metadata") + setup.names("targets")
    #expect(try repository.tidy(olderThan: 100 * 365 * day, now: Self.today).isEmpty)
    #expect(try setup.names("metadata") + setup.names("targets") == before)
  }

  @Test func nothingGoesWhereSomethingIsWrong() throws {
    let (setup, repository) = try life()
    try FileSystem.writeAtomically([1], to: setup.folder.appending("metadata/7.targets.json"))
    let before = try setup.names("metadata")
    #expect(
      refusal { () throws(RepositoryError) in
        _ = try repository.tidy(olderThan: 0, now: Self.today)
      } == "unsound")
    #expect(try setup.names("metadata") == before)
  }
}
