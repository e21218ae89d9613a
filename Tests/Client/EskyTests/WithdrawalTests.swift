import FileSystem
import Foundation
import Layout
import Testing

@testable import Esky

/// The only way down: the publisher has taken a version back.
@Suite(.serialized)
struct WithdrawalTests {
  /// A folder of archives whose owner says what was withdrawn.
  final class Finder: VersionFinder {
    private let folder: LocalFolderFinder
    var withdrawn: [VersionDirectoryName]

    init(_ fixture: AppFixture, withdrawn: [VersionDirectoryName]) {
      folder = fixture.finder
      self.withdrawn = withdrawn
    }

    func offers() throws(EskyError) -> [Offer] { try folder.offers() }

    var source: [UInt8] { folder.source }
    func vouches(for root: [UInt8]) -> Bool { folder.vouches(for: root) }

    func fetch(
      _ offer: Offer, to place: FilePlace, observer: (any ProgressObserver)?
    ) throws(EskyError) {
      try folder.fetch(offer, to: place, observer: observer)
    }
  }

  private func update(_ fixture: AppFixture, withdrawn: [String]) throws -> UpdateOutcome {
    let finder = Finder(fixture, withdrawn: try withdrawn.map { try fixture.name($0) })
    for _ in 1...500 {
      do {
        return try fixture.esky().update(from: finder)
      } catch let error as EskyError {
        guard case .locked = error else { throw error }
        usleep(2000)
      }
    }
    return try fixture.esky().update(from: finder)
  }

  private func versions(_ fixture: AppFixture) throws -> [String] {
    try fixture.esky().survey().versions.map { version in
      version.name.version.description
        + (version.withdrawnList == nil ? version.isRunnable ? "" : " broken" : " withdrawn")
    }
  }

  @Test func goesDownToTheNewestThatIsStillOffered() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.2", programs: ["hello", "bin/new"])
    try fixture.archive("1.0")
    try fixture.archive("1.1")
    try fixture.archive("1.2")
    guard case .installed(let name, nil) = try update(fixture, withdrawn: ["1.2"]) else {
      Issue.record("nothing was installed")
      return
    }
    #expect(name == (try fixture.name("1.1")))
    #expect(try fixture.esky().current() == name)
    #expect(try versions(fixture) == ["1.2 withdrawn", "1.1"])
    try fixture.cleanup()
    #expect(try versions(fixture) == ["1.1"])
    // What only the withdrawn version brought is gone; what both list is the older one's.
    #expect(try !FileSystem.exists(fixture.root.appending("bin/new")))
    let launcher = try FileSystem.read(fixture.root.appending("hello"), limit: 100)
    #expect(launcher == Array("#!/bin/sh\n: launcher of 1.1".utf8))
    guard case .upToDate = try update(fixture, withdrawn: ["1.2"]) else {
      Issue.record("it went on")
      return
    }
  }

  @Test func takesTheOlderVersionThatIsStillThere() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.1")
    try fixture.archive("1.2")
    try fixture.update()
    try fixture.archive("1.1")
    // It is not fetched again: an archive that nobody could unpack does not matter.
    try FileSystem.writeAtomically(
      [], to: fixture.archives.appending(DownloadName.archive(try fixture.name("1.1"))))
    guard case .installed(let name, nil) = try update(fixture, withdrawn: ["1.2"]) else {
      Issue.record("nothing was installed")
      return
    }
    #expect(name == (try fixture.name("1.1")))
    #expect(try versions(fixture) == ["1.2 withdrawn", "1.1"])
  }

  @Test func goesUpWhereSomethingNewerIsOffered() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.2")
    try fixture.archive("1.1")
    try fixture.archive("1.3")
    guard case .installed(let name, nil) = try update(fixture, withdrawn: ["1.2"]) else {
      Issue.record("nothing was installed")
      return
    }
    #expect(name == (try fixture.name("1.3")))
    try fixture.cleanup()
    #expect(try versions(fixture) == ["1.3"])
  }

  @Test func staysWhereNothingElseIsOffered() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.2")
    try fixture.archive("1.2")
    guard case .upToDate(let name) = try update(fixture, withdrawn: ["1.2"]) else {
      Issue.record("something was installed")
      return
    }
    #expect(name == (try fixture.name("1.2")))
    #expect(try versions(fixture) == ["1.2"])
  }

  @Test func whoeverRunsItGoesOn() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.2")
    try fixture.archive("1.1")
    let version = AppFolder(fixture.root, fixture.app).version(try fixture.name("1.2"))
    let running = try VersionLock(version, .shared)
    #expect(running.outcome == .locked)
    _ = try update(fixture, withdrawn: ["1.2"])
    #expect(try fixture.esky().isHeld(try fixture.name("1.2")))
    try fixture.esky().cleanup()
    #expect(try versions(fixture) == ["1.2 withdrawn", "1.1"])
    extendLifetime(running)
  }

  @Test func anInterruptedStepDownIsFinished() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.2")
    try fixture.archive("1.1")
    let before = try fixture.keep(as: "before")
    var call = 1
    while true {
      try fixture.restore(from: before)
      let esky = try fixture.esky()
      let finder = Finder(fixture, withdrawn: [try fixture.name("1.2")])
      Fault.plan(call: call, code: EIO, lasting: true)
      let result = Result { try esky.update(from: finder) }
      if !Fault.clear() {
        if case .failure(let error as EskyError) = result, case .locked = error { continue }
        break
      }
      // Some version starts, whatever happened.
      _ = try fixture.esky().current()
      _ = try update(fixture, withdrawn: ["1.2"])
      #expect(try fixture.esky().current() == fixture.name("1.1"), "call \(call)")
      call += 1
    }
    #expect(call > 50)
  }
}
