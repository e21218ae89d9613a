import FileSystem
import JSON
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
      #expect(terms.minimumVersion == nil && terms.unreadable == nil)
      #expect(terms.share(at: 0) == 10_000)
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

  /// What stands in `custom`, and the member that can't be read.
  static let unreadable: [(text: String, member: String)] = {
    let others: [String: [String]] = [
      "channels": [
        "\"beta\"", "{}", "true", "7", "null", "[\"beta\",7]", "[null]", "[[\"beta\"]]",
      ],
      "notes": ["7", "true", "[\"new\"]", "{}", "null"],
      "required": ["\"true\"", "1", "0", "null", "[]", "{}"],
      "minimum-version": ["\"one\"", "\"\"", "1", "true", "null", "[\"1.0\"]"],
      "roll-out": ["7", "true", "\"halted\"", "null", "[]"],
    ]
    // Each is the whole of a roll-out; START is a good time.
    let rollOuts = [
      "\"percent\":\"50\"", "\"percent\":true", "\"percent\":null", "\"percent\":[50]",
      "\"percent\":101", "\"percent\":-1", "\"percent\":1180591620717411303424",
      "\"percent\":9223372036854775807", "\"percent\":-9223372036854775809",
      "\"halted\":\"true\"", "\"halted\":1", "\"halted\":null", "\"halted\":[true]",
      "\"start\":\"soon\"", "\"start\":1700000000", "\"start\":null", "\"start\":\"2023-11-14\"",
      "\"hours\":5", "\"start\":START,\"hours\":0", "\"start\":START,\"hours\":9999999",
      "\"start\":START,\"hours\":\"5\"", "\"start\":START,\"hours\":null",
      "\"start\":START,\"hours\":true", "\"start\":START,\"hours\":1180591620717411303424",
    ]
    var all = [
      ("7", "custom"), ("[]", "custom"), ("null", "custom"), ("\"esky\"", "custom"),
      ("{\"esky\":7}", "esky"), ("{\"esky\":[]}", "esky"), ("{\"esky\":null}", "esky"),
      ("{\"esky\":\"{}\"}", "esky"), ("{\"esky\":true}", "esky"),
    ]
    let long = String(repeating: "n", count: ReleaseTerms.notesLimit + 1)
    all.append(("{\"esky\":{\"notes\":\"\(long)\"}}", "notes"))
    for (member, values) in others.sorted(by: { $0.key < $1.key }) {
      for value in values { all.append(("{\"esky\":{\"\(member)\":\(value)}}", member)) }
    }
    for text in rollOuts {
      let whole = text.replacing("START", with: "\"2023-11-14T22:13:20Z\"")
      all.append(("{\"esky\":{\"roll-out\":{\(whole)}}}", "roll-out"))
    }
    return all
  }()

  /// Nobody takes it: neither those who would be first, nor after the end of any roll-out, nor in any channel.
  @Test(arguments: unreadable)
  func whatCanNotBeReadIsNotTaken(text: String, member: String) throws {
    let terms = ReleaseTerms(custom: try JSONDocument(parsing: Array(text.utf8)).root)
    #expect(terms.unreadable?.description == member)
    #expect(terms.share(at: .max) == 0)
    #expect(!terms.isOffered(in: ReleaseTerms.stable))
    var choice = try choice("1.0")
    for channel in ["stable", "beta"] {
      choice.channel = Array(channel.utf8)
      // Also where whoever asks has looked at nothing but the bytes.
      let offer = Offer(name: try name("1.1"), size: 1, terms: terms, share: 10_000)
      #expect(choice.best(of: [offer]) == nil)
    }
  }

  @Test(arguments: [
    "{}", "{\"other\":7}", "{\"esky\":{\"later\":7}}", "{\"esky\":{\"roll-out\":{\"later\":[]}}}",
    "{\"esky\":{\"channels\":[\"stable\",\"beta\"],\"notes\":\"\",\"required\":false}}",
  ])
  func membersOfOtherNamesArePassedOver(text: String) throws {
    let terms = ReleaseTerms(custom: try JSONDocument(parsing: Array(text.utf8)).root)
    #expect(terms.unreadable == nil && terms.share(at: 0) == 10_000)
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
