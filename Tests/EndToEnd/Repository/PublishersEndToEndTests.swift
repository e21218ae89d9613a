import Foundation
import Testing

/// Several users publish into one repository: what one of them began, the others can go on with.
@Suite(.enabled(if: geteuid() == 0, "only root can be several users"))
struct PublishersEndToEndTests {
  private let packager: Packager

  init() throws {
    packager = try Packager()
    chmod(packager.folder.path, 0o755)
    try Command("/bin/chown", ["-R", "65534:65534", packager.folder.path]).succeed()
  }

  private func command(_ words: [String], by user: Int) throws -> Command {
    try packager.command(words).by(user: user)
  }

  /// `sudo bundle-esky`, in a user's own repository.
  @Test func whatRootLetsWaitIsTheOwners() throws {
    let stage = ["refresh", "--force", "--stage", "root", "--keys", "keys/online"]
    #expect(try packager.command(stage).run().status == 12)
    try command(["refresh", "--force", "timestamp"], by: 65534).succeed()
    #expect(try command(["staged"], by: 65534).run().status == 12)
    try command(["sign"], by: 65534).succeed()
    #expect(try packager.command(stage).run().status == 12)
    try command(["staged", "--discard"], by: 65534).succeed()
    #expect(try command(["staged"], by: 65534).run().output == "nothing waits for signatures\n")
  }

  /// Two users whose common group may write the repository.
  @Test func aGroupGoesOnWithWhatOneOfThemBegan() throws {
    try Command(
      "/bin/chmod", ["-R", "g+rwXs", packager.repository, packager.path("keys")]
    ).succeed()
    let stage = ["refresh", "--force", "--stage", "root", "--keys", "keys/online"]
    #expect(try command(stage, by: 65533).run().status == 12)
    try command(["refresh", "--force", "timestamp"], by: 65534).succeed()
    try command(["sign"], by: 65534).succeed()
    #expect(try command(stage, by: 65534).run().status == 12)
    try command(["refresh", "--force", "timestamp"], by: 65533).succeed()
    try command(["staged", "--discard"], by: 65533).succeed()
  }

  @Test func whatIsClosedIsNamedWithWhoCanMendIt() throws {
    let stage = ["refresh", "--force", "--stage", "root", "--keys", "keys/online"]
    #expect(try packager.command(stage).run().status == 12)
    let staging = packager.repository + "/staging"
    try Command("/bin/chown", ["-R", "0:0", staging]).succeed()
    chmod(staging, 0o700)
    for words in [["refresh", "--force", "timestamp"], ["staged", "--discard"]] {
      let refused = try command(words, by: 65534).run()
      #expect(refused.status == 1)
      #expect(refused.errors.contains("which user 0 has closed to others"), "\(refused.errors)")
      #expect(refused.errors.contains("chown -R 65534 'repository/staging'"), "\(refused.errors)")
    }
    try Command("/bin/chown", ["-R", "65534", staging]).succeed()
    try command(["refresh", "--force", "timestamp"], by: 65534).succeed()
  }
}
