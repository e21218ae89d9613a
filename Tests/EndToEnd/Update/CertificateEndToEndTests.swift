import Foundation
import Testing

/// Updates from a web server whose certificate comes from an authority of one's own, and what is said of
/// certificates that are not trusted.
struct CertificateEndToEndTests {
  /// libcurl as distributions ship it.
  enum Flavour: String, CaseIterable {
    case openSSL = "libcurl.so.4"
    case gnuTLS = "libcurl-gnutls.so.4"

    /// The folder in which this flavour is called as the first that is looked for.
    func folder() throws -> TemporaryFolder {
      let folder = try TemporaryFolder("flavour")
      let library = try #require(
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
          .map { $0 + "/" + rawValue }.first(where: File.exists),
        "\(rawValue) is missing; scripts/setup installs it")
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/libcurl.so.4", withDestinationPath: library)
      return folder
    }
  }

  /// Says a problem of a certificate, and what people are told of it.
  struct Problem: Sendable {
    let name: String
    let certificate: String
    let time: String?
    let isKnown: Bool
    let remark: String

    static let all = [
      Problem(
        name: "unknown issuer", certificate: "IP:127.0.0.1", time: nil, isKnown: false,
        remark: "is from an issuer that this machine does not know"),
      Problem(
        name: "wrong name", certificate: "DNS:example.org", time: nil, isKnown: true,
        remark: "is for another name"),
      Problem(
        name: "expired", certificate: "IP:127.0.0.1", time: "-20d", isKnown: true,
        remark: "has expired, or this machine's clock is wrong"),
      Problem(
        name: "not yet valid", certificate: "IP:127.0.0.1", time: "+20d", isKnown: true,
        remark: "is not valid yet, or this machine's clock is wrong"),
    ]
  }

  @Test(arguments: Flavour.allCases)
  func namesWhatIsWrongWithACertificate(flavour: Flavour) throws {
    let libraries = try flavour.folder()
    let authority = try CertificateAuthority()
    let packager = try Packager()
    let user = try Installation(unzipping: packager.release("1.0", url: "https://127.0.0.1:1"))
    for problem in Problem.all {
      let server = try WebServer(
        packager.repository,
        authority.directives(for: problem.certificate, at: problem.time))
      var command = try user.finder(["check", "--update-url", server.url])
      command.environment["LD_LIBRARY_PATH"] = libraries.path
      if problem.isKnown { command.environment["SSL_CERT_FILE"] = authority.certificate }
      let outcome = try command.run()
      #expect(outcome.status == 20, "\(problem.name): \(outcome.errors)")
      #expect(outcome.complaints.count == 1)
      #expect(outcome.errors.contains(problem.remark), "\(problem.name): \(outcome.errors)")
      let host = server.url.dropFirst("https://".count)
      #expect(outcome.errors.contains("certificate of \(host)") || problem.name == "wrong name")
    }
  }

  @Test(arguments: Flavour.allCases, ["SSL_CERT_FILE", "SSL_CERT_DIR"])
  func trustsTheAuthoritiesThatTheEnvironmentNames(flavour: Flavour, variable: String) throws {
    let libraries = try flavour.folder()
    let authority = try CertificateAuthority()
    let packager = try Packager()
    let server = try WebServer(packager.repository, authority.directives(for: "IP:127.0.0.1"))
    let user = try Installation(unzipping: packager.release("1.0", url: server.url))
    try packager.release("1.1", url: server.url)
    let place = variable == "SSL_CERT_DIR" ? try authority.hashedFolder() : authority.certificate
    var command = try user.finder(["update"])
    command.environment["LD_LIBRARY_PATH"] = libraries.path
    #expect(try command.run().status == 20)
    command.environment[variable] = place
    let outcome = try command.run()
    #expect(outcome.status == 11, "\(outcome.errors)")

    let work = try TemporaryFolder("client")
    let words = ["--metadata-dir", work.path, "--metadata-url", server.url + "/metadata"]
    for product in ["tuf-client", "embedded/tuf-client"] {
      let client = try Dist.product(product)
      try Command(client, words + ["init", packager.repository + "/metadata/1.root.json"]).succeed()
      var refresh = Command(client, words + ["refresh"])
      refresh.environment["LD_LIBRARY_PATH"] = libraries.path
      let refused = try refresh.run()
      #expect(refused.status == 1)
      #expect(refused.errors.contains("issuer that this machine does not know"))
      refresh.environment[variable] = place
      try refresh.succeed()
      // An empty variable is none.
      refresh.environment[variable] = ""
      refresh.arguments += ["--ca-file", authority.certificate]
      try refresh.succeed()
    }
  }

  /// Where the packager puts the certificates: into the app's folder, or where each machine has them.
  @Test(arguments: [true, false], Flavour.allCases)
  func trustsTheAuthoritiesThatTheSettingsName(isInside: Bool, flavour: Flavour) throws {
    let libraries = try flavour.folder()
    let authority = try CertificateAuthority()
    let packager = try Packager()
    let server = try WebServer(packager.repository, authority.directives(for: "IP:127.0.0.1"))
    let certificates = try #require(File.text(authority.certificate))
    let place = isInside ? "certs/ca.pem" : authority.certificate
    let files = ["certs/ca.pem": certificates]
    let user = try Installation(
      unzipping: packager.release("1.0", url: server.url, files: files, ["--ca-file", place]))
    let settings = File.text(user.version("1.0") + "/esky-files/settings.txt")
    #expect(settings?.contains("\nca-file \(place)\n") == true)
    try packager.release("1.1", url: server.url, files: files, ["--ca-file", place])

    // Somebody else's authorities in the environment take nothing away.
    let other = try CertificateAuthority()
    var command = try user.finder(["check"])
    command.environment["LD_LIBRARY_PATH"] = libraries.path
    command.environment["SSL_CERT_FILE"] = other.certificate
    #expect(try command.run().status == 10)
    command.environment["SSL_CERT_FILE"] = nil
    command.arguments[2] = "background"
    #expect(try command.run().status == 11)
    #expect(try user.run("x").output == "1.1|x\n")

    // The server moves to another authority, which the machine knows: no version in between is needed.
    let moved = try WebServer(packager.repository, other.directives(for: "IP:127.0.0.1"))
    var check = try user.finder(["check", "--update-url", moved.url])
    check.environment["LD_LIBRARY_PATH"] = libraries.path
    #expect(try check.run().status == 20)
    check.environment["SSL_CERT_FILE"] = other.certificate
    #expect(try check.run().status == 0)
  }

  /// An app that root installed for all, which looks for updates as whoever runs it.
  @Test(.enabled(if: geteuid() == 0, "only root installs for others"))
  func theBackgroundCheckOfAnotherUserTrustsThemToo() throws {
    let authority = try CertificateAuthority()
    let packager = try Packager()
    let server = try WebServer(packager.repository, authority.directives(for: "IP:127.0.0.1"))
    let certificates = try #require(File.text(authority.certificate))
    let user = try Installation(
      unzipping: packager.release(
        "1.0", url: server.url, files: ["ca.pem": certificates], ["--ca-file", "ca.pem"]))
    try packager.release("1.1", url: server.url)
    chmod(user.folder.path, 0o755)
    let home = try TemporaryFolder("home")
    chown(home.path, 65534, 65534)
    var command = try user.finder(["background"])
    command.environment["HOME"] = home.path
    #expect(try command.unprivileged().run().status == 10)
  }

  @Test func namesCertificatesThatAreNotThere() throws {
    let authority = try CertificateAuthority()
    let packager = try Packager()
    let server = try WebServer(packager.repository, authority.directives(for: "IP:127.0.0.1"))
    let archive = try packager.release("1.0", url: server.url, ["--ca-file", "/no/such.pem"])
    let user = try Installation(unzipping: archive)
    let outcome = try user.esky("check")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("can't read certificates of authorities in /no/such.pem"))
    // A machine that knows the authority by itself does without.
    var command = try user.finder(["check"])
    command.environment["SSL_CERT_FILE"] = authority.certificate
    #expect(try command.run().status == 0)
    command.environment["SSL_CERT_FILE"] = "/no/such/either.pem"
    #expect(try command.run().errors.contains("/no/such.pem"))
    // Nobody waits for a pipe that nobody writes.
    let pipe = user.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    command.arguments += ["--update-url", server.url]
    command.environment["SSL_CERT_FILE"] = pipe
    #expect(try command.run().status == 1)
    #expect(try user.finder(["check"]).run(seconds: 60).status == 1)
  }

  @Test func buildRefusesCertificatesThatAreNone() throws {
    let packager = try Packager()
    try packager.write("1.0", files: ["certs/empty.pem": "nothing"])
    func build(_ file: String) throws -> Outcome {
      try packager.command([
        "build", packager.source, "--name", "hello", "--version", "1.0", "--ca-file", file,
      ]).run()
    }
    let missing = try build("certs/ca.pem")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("has no file certs/ca.pem"))
    let empty = try build("certs/empty.pem")
    #expect(empty.status == 1)
    #expect(empty.errors.contains("certs/empty.pem holds no certificate"))
    #expect(!File.exists(packager.archive("1.0")))
  }

  @Test(
    arguments: [
      ("http://example.org/hello", true), ("HTTP://example.org", true),
      ("https://example.org/hello", false), ("file:///srv/hello", false),
      ("http://127.0.0.1:8080/hello", false), ("http://localhost/hello", false),
    ])
  func buildNamesAnUpdateURLThatIsNotEncrypted(url: String, isNamed: Bool) throws {
    let packager = try Packager()
    try packager.write("1.0")
    let outcome = try packager.command([
      "build", packager.source, "--name", "hello", "--version", "1.0", "--update-url", url,
    ]).run()
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("\(url) is not encrypted") == isNamed, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty != isNamed)
  }
}
