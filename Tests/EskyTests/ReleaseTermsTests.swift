import FileSystem
import Layout
import TUF
import Testing

@testable import Esky

/// What a publisher says of a version, and who takes it then.
struct ReleaseTermsTests {
  private func terms(_ text: String) throws -> ReleaseTerms {
    ReleaseTerms(custom: try JSONDocument(parsing: Array("{\"esky\":\(text)}".utf8)).root)
  }

  private func name(_ version: String) throws -> VersionDirectoryName {
    try #require(VersionDirectoryName(parsing: Array("hello-\(version).any".utf8)))
  }

  private func offer(
    _ version: String, _ text: String = "{}", share: Int64 = 10_000
  ) throws -> Offer {
    Offer(name: try name(version), size: 1, terms: try terms(text), share: share)
  }

  private func choice(_ installed: String) throws -> OfferChoice {
    OfferChoice(app: try AppName("hello"), installed: try name(installed))
  }

  @Test func withoutTermsEverybodyMayHaveItAtOnce() throws {
    for terms in [ReleaseTerms(custom: nil), try terms("{}")] {
      #expect(terms.channels == [ReleaseTerms.stable])
      #expect(!terms.isRequired && terms.notes == nil && terms.rollOut == nil)
      #expect(terms.minimumVersion == nil && !terms.isUnreadable)
    }
  }

  @Test func readsAll() throws {
    let all = try terms(
      """
      {"channels":["beta"],"notes":"a\\nb","required":true,"minimum-version":"1.2",\
      "roll-out":{"start":"2023-11-14T22:13:20Z","percent":5,"hours":10,"halted":false}}
      """)
    #expect(all.channels.map { String(decoding: $0, as: UTF8.self) } == ["beta"])
    #expect(all.notes == Array("a\nb".utf8))
    #expect(all.isRequired)
    #expect(all.minimumVersion == Version("1.2"))
    #expect(all.rollOut?.start == 1_700_000_000)
    #expect(all.rollOut?.share(at: 1_700_000_000) == 500)
  }

  /// A roll-out that begins at 1,700,000,000, how many seconds later, and the share of 10,000.
  @Test(arguments: [
    ("{}", 0, 10_000), ("{\"percent\":10}", 0, 1000), ("{\"percent\":0}", 9_999_999, 0),
    ("{\"percent\":10,\"halted\":true}", 0, 0), ("{\"start\":START}", -1, 0),
    ("{\"start\":START}", 0, 10_000),
    ("{\"start\":START,\"percent\":25}", 1, 2500), ("{\"start\":START,\"hours\":100}", 0, 0),
    ("{\"start\":START,\"hours\":100}", 3600, 100),
    ("{\"start\":START,\"hours\":100}", 360_000, 10_000),
    ("{\"start\":START,\"hours\":100,\"percent\":50}", 180_000, 7500),
    ("{\"start\":START,\"hours\":100,\"halted\":true}", 400_000, 0),
  ])
  func aRollOutGrowsByItself(text: String, seconds: Int64, share: Int64) throws {
    let whole = text.replacing("START", with: "\"2023-11-14T22:13:20Z\"")
    let terms = try terms("{\"roll-out\":\(whole)}")
    #expect(terms.rollOut?.share(at: 1_700_000_000 + seconds) == share)
  }

  @Test(arguments: [
    "{\"roll-out\":7}", "{\"roll-out\":{\"percent\":101}}", "{\"roll-out\":{\"percent\":-1}}",
    "{\"roll-out\":{\"start\":\"soon\"}}", "{\"roll-out\":{\"hours\":5}}",
    "{\"roll-out\":{\"start\":\"2023-11-14T22:13:20Z\",\"hours\":0}}",
    "{\"roll-out\":{\"start\":\"2023-11-14T22:13:20Z\",\"hours\":9999999}}",
    "{\"minimum-version\":\"one\"}", "{\"minimum-version\":1}",
  ])
  func whatCanNotBeUnderstoodIsNotTaken(text: String) throws {
    #expect(try terms(text).isUnreadable)
    #expect(try choice("1.0").best(of: [offer("1.1", text)]) == nil)
  }

  /// The channel that is followed, and the newest version that is found.
  @Test(arguments: [("stable", "1.1"), ("beta", "2.0rc1"), ("nightly", "1.1")])
  func channelsAreFollowed(channel: String, best: String) throws {
    var choice = try choice("1.0")
    choice.channel = Array(channel.utf8)
    let offers = [
      try offer("1.1"), try offer("2.0rc1", "{\"channels\":[\"beta\"]}"),
      try offer("1.9", "{\"channels\":[]}"),
    ]
    #expect(choice.best(of: offers)?.name.version.text == Array(best.utf8))
  }

  @Test func aVersionThatIsTooOldGoesByWayOfAnother() throws {
    let offers = [try offer("1.5"), try offer("2.0", "{\"minimum-version\":\"1.5\"}")]
    #expect(try choice("1.0").best(of: offers)?.name.version.text == Array("1.5".utf8))
    #expect(try choice("1.5").best(of: offers)?.name.version.text == Array("2.0".utf8))
  }

  @Test func onlyTheFirstInTheQueueTakeWhatIsRolledOut() throws {
    let offers = [try offer("1.1"), try offer("1.2", share: 300)]
    for (place, best) in [(0, "1.2"), (299, "1.2"), (300, "1.1"), (9999, "1.1")]
      as [(Int64, String)]
    {
      var choice = try choice("1.0")
      choice.place = { _ in place }
      #expect(choice.best(of: offers)?.name.version.text == Array(best.utf8))
    }
  }

  @Test func placesAreSpreadEvenlyAndAnewForEachVersion() throws {
    var early = 0
    var both = 0
    for number in 0..<2000 {
      let id = InstallationID(digits: Array(String(number, radix: 16).utf8))
      let first = id.place(for: try name("1.1")) < 1000
      let second = id.place(for: try name("1.2")) < 1000
      if first { early += 1 }
      if first && second { both += 1 }
      #expect(id.place(for: try name("1.1")) == id.place(for: try name("1.1")))
    }
    #expect(150...250 ~= early)
    #expect(both < 60)
  }

  @Test func anInstallationKeepsItsNumber() throws {
    let fixture = try AppFixture()
    let work = AppFolder(fixture.root, fixture.app).work
    let place = InstallationID(work).place(for: try name("1.1"))
    let text = try work.installationID.read(limit: 100)
    #expect(text.count == 33)
    #expect(InstallationID(work).place(for: try name("1.1")) == place)
    try work.installationID.writeAtomically(Array("damaged".utf8))
    _ = InstallationID(work)
    #expect(try work.installationID.read(limit: 100).count == 33)
  }

  @Test func withdrawnVersionsAreNotTaken() throws {
    let offers = [try offer("1.1"), try offer("1.2")]
    let best = try choice("1.0").best(of: offers, withdrawn: [try name("1.2")])
    #expect(best?.name.version.text == Array("1.1".utf8))
  }
}
