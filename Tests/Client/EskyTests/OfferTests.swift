import Layout
import Testing

@testable import Esky

/// Which of the versions on offer is taken.
struct OfferTests {
  /// What is offered and installed, and what comes of it.
  struct Choice: CustomTestStringConvertible {
    let offers: [String]
    let installed: String?
    let best: String?
    var testDescription: String { "\(installed ?? "nothing") with \(offers)" }
  }

  static let here = String(decoding: Platform.current.tag, as: UTF8.self)

  @Test(arguments: [
    Choice(offers: [], installed: "hello-1.0.any", best: nil),
    Choice(offers: ["hello-1.1.any"], installed: "hello-1.0.any", best: "hello-1.1.any"),
    Choice(offers: ["hello-1.1.any"], installed: nil, best: "hello-1.1.any"),
    Choice(offers: ["hello-1.0.any"], installed: "hello-1.0.any", best: nil),
    Choice(offers: ["hello-1.0.0.any"], installed: "hello-1.0.any", best: nil),
    Choice(offers: ["hello-0.9.any"], installed: "hello-1.0.any", best: nil),
    Choice(
      offers: ["hello-1.9.any", "hello-1.10.any", "hello-1.2.any"], installed: "hello-1.0.any",
      best: "hello-1.10.any"),
    // Pre-releases are for those who run one.
    Choice(offers: ["hello-1.1rc1.any"], installed: "hello-1.0.any", best: nil),
    Choice(offers: ["hello-1.1rc1.any"], installed: nil, best: nil),
    Choice(
      offers: ["hello-1.1rc2.any"], installed: "hello-1.1rc1.any", best: "hello-1.1rc2.any"),
    Choice(
      offers: ["hello-1.1.any", "hello-1.2a1.any"], installed: "hello-1.1rc1.any",
      best: "hello-1.2a1.any"),
    Choice(offers: ["hello-1.0.any"], installed: "hello-1.1rc1.any", best: nil),
    Choice(
      offers: ["hello-1.0.post1.any"], installed: "hello-1.0.any", best: "hello-1.0.post1.any"),
    // Platforms and apps.
    Choice(
      offers: ["hello-2.0.windows-x86_64", "hello-1.1.any"], installed: "hello-1.0.any",
      best: "hello-1.1.any"),
    Choice(
      offers: ["hello-1.1.any", "hello-1.1.\(here)"], installed: "hello-1.0.any",
      best: "hello-1.1.\(here)"),
    Choice(
      offers: ["hello-1.1.\(here)", "hello-1.1.any"], installed: "hello-1.0.any",
      best: "hello-1.1.\(here)"),
    Choice(offers: ["other-2.0.any"], installed: "hello-1.0.any", best: nil),
    Choice(offers: ["hello-world-2.0.any"], installed: "hello-1.0.any", best: nil),
  ])
  func theNewestThatRunsHereIsTaken(choice: Choice) throws {
    func name(_ text: String) throws -> VersionDirectoryName {
      try #require(VersionDirectoryName(parsing: Array(text.utf8)))
    }
    let offers = try choice.offers.map { Offer(name: try name($0), size: 1) }
    let installed = try choice.installed.map { try name($0) }
    for order in [offers, offers.reversed()] {
      let best = OfferChoice(app: try AppName("hello"), installed: installed).best(of: order)
      #expect(best?.name.text == choice.best)
    }
  }
}
