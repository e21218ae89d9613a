import FileSystem
import Foundation
import Layout
import Testing

@testable import Esky

/// Every system call of an update and of a cleanup fails once, and once for good.
///
/// A fault that lasts is a full disk, or the moment at which the process was killed.
@Suite(.serialized)
struct InstallFaultTests {
  struct Kind: CustomTestStringConvertible {
    let testDescription: String
    let code: CInt
    let lasting: Bool

    static let all = [
      Kind(testDescription: "full from then on", code: ENOSPC, lasting: true),
      Kind(testDescription: "one input or output error", code: EIO, lasting: false),
      Kind(testDescription: "input or output errors from then on", code: EIO, lasting: true),
      Kind(testDescription: "one refusal", code: EACCES, lasting: false),
      Kind(testDescription: "one that is missing", code: ENOENT, lasting: false),
    ]
  }

  /// An app folder with 1.0, and 1.1 to be had, which has another program and lacks one.
  private func fixture() throws -> AppFixture {
    let fixture = try AppFixture()
    try fixture.unzip("1.0", programs: ["hello", "bin/old"])
    try fixture.archive("1.1", programs: ["hello", "bin/new"], files: ["data", "lib/more"])
    write("mine", to: fixture.outer + "/app/notes.txt")
    return fixture
  }

  /// Fails call n of `act` for n = 1, 2, 3 … until none is met, and looks at the folder after each.
  private func failEachCall(
    of fixture: AppFixture, _ kind: Kind, before: String, final: [String: String],
    _ act: (Esky, LocalFolderFinder) throws -> Void
  ) throws -> Int {
    var call = 1
    while true {
      try fixture.restore(from: before)
      // Locked means that another test is just starting a program: see `unlocked`.
      let esky = try fixture.esky()
      let finder = fixture.finder
      Fault.plan(call: call, code: kind.code, lasting: kind.lasting)
      let result = Result { try act(esky, finder) }
      let met = Fault.clear()
      if !met {
        if case .failure(let error as EskyError) = result, case .locked = error { continue }
        try result.get()
        return call - 1
      }
      let place = Comment(rawValue: "call \(call), \(result)")
      try expectIntact(fixture, place)
      // What comes next, whatever it is, gets all the way.
      try fixture.update()
      try fixture.cleanup()
      var tree = try fixture.tree()
      // No system says once that a file is missing which is there; this one is of no use any more then.
      if kind.code == ENOENT { tree = tree.filter { !$0.key.hasSuffix("/esky-replaces.txt") } }
      #expect(tree == final, place)
      #expect(try fixture.esky().cleanupPlan().isEmpty, place)
      call += 1
      if call > 3000 {
        Issue.record("it does not end")
        return call
      }
    }
  }

  /// The old version or the new one can run, and every launcher is that of one of them.
  private func expectIntact(_ fixture: AppFixture, _ place: Comment) throws {
    let survey = try fixture.esky().survey()
    let newest = try #require(survey.newestRunnable, place)
    #expect(["1.0", "1.1"].contains(newest.name.version.description), place)
    let tree = try fixture.tree()
    let directory = String(decoding: newest.name.bytes, as: UTF8.self)
    let version = newest.name.version.description
    #expect(tree["\(directory)/hello"]?.hasSuffix(" program \(version)") == true, place)
    #expect(tree["\(directory)/data"]?.hasSuffix("data of \(version)") == true, place)
    #expect(tree["hello"]?.contains(" launcher of 1.") == true, place)
    #expect(tree["notes.txt"]?.hasSuffix("mine") == true, place)
    if version == "1.1" {
      // A launcher that is not there yet waits where the launcher or cleanup takes it from.
      let isThere = tree["bin/new"] != nil || tree["\(directory)/esky-bootstrap/bin/new"] != nil
      #expect(isThere, place)
    }
  }

  @Test(arguments: Kind.all)
  func anUpdateLeavesTheOldVersionOrTheNew(kind: Kind) throws {
    let fixture = try fixture()
    let before = try fixture.keep(as: "before")
    try fixture.update()
    try fixture.cleanup()
    let calls = try failEachCall(
      of: fixture, kind, before: before, final: try fixture.tree()
    ) { esky, finder in
      // A step behind the commit that fails is told of in the outcome, and is no failure.
      switch try esky.update(from: finder) {
      case .installed, .upToDate: break
      }
    }
    #expect(calls > 60)
  }

  // No system says once that a file is missing which is there.
  @Test(arguments: Kind.all.filter { $0.code != ENOENT })
  func aCleanupLeavesTheNewVersion(kind: Kind) throws {
    let fixture = try fixture()
    try fixture.update()
    // As after an interrupted run: the launchers are still to be moved, and things lie about.
    let root = fixture.outer + "/app/"
    let directory = String(decoding: try fixture.name("1.1").bytes, as: UTF8.self)
    try FileManager.default.createDirectory(
      atPath: root + directory + "/esky-bootstrap/bin", withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: root + "bin/new", toPath: root + directory + "/esky-bootstrap/bin/new")
    try FileManager.default.createDirectory(
      atPath: root + "updates/hello/staging/hello-1.1.any/lib", withIntermediateDirectories: true)
    let before = try fixture.keep(as: "before")
    try fixture.cleanup()
    let final = try fixture.tree()
    #expect(final["bin/old"] == nil)
    #expect(final["bin/new"]?.hasSuffix("launcher of 1.1") == true)
    let calls = try failEachCall(of: fixture, kind, before: before, final: final) { esky, _ in
      try esky.cleanup()
    }
    #expect(calls > 30)
  }

  @Test func anUpdateThatRepairsABrokenVersionLeavesTheOldOne() throws {
    let fixture = try fixture()
    try fixture.update()
    let final: [String: String]
    let directory = String(decoding: try fixture.name("1.1").bytes, as: UTF8.self)
    unlink(fixture.outer + "/app/" + directory + "/hello")
    let before = try fixture.keep(as: "before")
    try fixture.update()
    try fixture.cleanup()
    final = try fixture.tree()
    for kind in Kind.all.prefix(2) {
      _ = try failEachCall(of: fixture, kind, before: before, final: final) { esky, finder in
        _ = try esky.update(from: finder)
      }
    }
  }

  @Test func theFirstErrorIsTheOneThatIsTold() throws {
    let fixture = try fixture()
    let esky = try fixture.esky()
    Fault.plan(call: 40, code: ENOSPC, lasting: true)
    defer { _ = Fault.clear() }
    #expect {
      try esky.update(from: fixture.finder)
    } throws: { error in
      guard let error = error as? EskyError else { return false }
      return error.kind == .failed && error.description.hasSuffix("No space left on device")
    }
  }
}
