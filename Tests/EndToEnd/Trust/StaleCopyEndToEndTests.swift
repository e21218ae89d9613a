import Foundation
import LoopbackServer
import Testing

/// A content network whose copies lag is told from somebody who attacks.
struct StaleCopyEndToEndTests {
  private let story: Story

  init() throws {
    story = try Story("1.0")
    try story.release("1.1")
    #expect(try story.user.esky("check").status == 10)
  }

  private static func isPastCaches(_ request: LoopbackServer.Request) -> Bool {
    request.headers["cache-control"] == "no-cache"
  }

  /// Answers as a cache does that has an old copy of a file, and fetches the new one when it is told to.
  private func lag(_ file: String, _ old: Data?, isStubborn: Bool = false) {
    story.mirror.answer { request in
      guard request.path.hasSuffix(file), isStubborn || !Self.isPastCaches(request) else {
        return nil
      }
      return old.map { LoopbackServer.Response.body(Array($0)) } ?? .body([], status: 404)
    }
  }

  private var timestamp: Data {
    get throws {
      try Data(
        contentsOf: URL(
          fileURLWithPath: story.packager.repository + "/metadata/timestamp.json"))
    }
  }

  @Test func anOldCopyInACacheIsPassedBy() throws {
    let old = try timestamp
    try story.release("1.2")
    #expect(try story.user.esky("check").output.contains("1.2 is available"))
    // The cache goes back to what it had.
    lag("timestamp.json", old)
    let outcome = try story.user.esky("check")
    #expect(outcome.status == 10)
    #expect(
      outcome.errors.hasPrefix(
        "esky: a cache on the way had an old copy, and was passed by: timestamp.json"))
    #expect(outcome.output.contains("1.2 is available"))
  }

  @Test func whatStaysOldPastAllCachesIsSuspicious() throws {
    let old = try timestamp
    try story.release("1.2")
    #expect(try story.user.esky("check").status == 10)
    lag("timestamp.json", old, isStubborn: true)
    let outcome = try story.user.esky("check")
    #expect(outcome.status == 21)
    #expect(outcome.errors.contains("is a rollback"))
    #expect(outcome.errors.contains("no old copy explains it"))
  }

  @Test func aCacheThatStillSaysThatAFileIsMissingIsPassedBy() throws {
    try story.release("1.2")
    lag(".snapshot.json", nil)
    let outcome = try story.user.esky("check")
    #expect(outcome.status == 10)
    #expect(outcome.errors.contains("a cache on the way had an old copy"))
    lag(".snapshot.json", nil, isStubborn: true)
    try story.release("1.3")
    let missing = try story.user.esky("check")
    #expect(missing.status == 20)
    #expect(missing.errors.contains("published in part, or a mirror lags"))
  }
}
