import Foundation
import LoopbackServer
import Testing

/// Whatever it is given, the program ends with 0 or 1.
@Suite struct HostileInputTests {
  @Test func showsHelp() throws {
    let sandbox = try Sandbox()
    for words in [["--help"], ["-h"], ["refresh", "--help"], ["help", "--metadata-dir", "x"]] {
      let run = try sandbox.run(words)
      #expect(run.status == 0)
      #expect(run.output.contains("examples:"))
      #expect(run.errors == "")
    }
    #expect(sandbox.names("") == [])
  }

  @Test(
    arguments: [
      [], ["refresh"], ["--metadata-dir"], ["--metadata-dir="], ["--metadata-dir", "d"],
      ["frobnicate"],
      ["--metadata-dir", "d", "frobnicate"], ["--metadata-dir", "d", "init"], ["--frobnicate"],
      ["-x"],
      ["--metadata-dir", "d", "init", "a", "b"], ["--metadata-dir", "d", "init", "missing"],
      ["--metadata-dir", "d", "init", "/"], ["--metadata-dir", "d", "init", ""],
      ["--metadata-dir", "d", "refresh"], ["--metadata-dir", "d", "list"],
      ["--metadata-dir", "d", "refresh", "--metadata-url", "nonsense"],
      ["--metadata-dir", "d", "verify"], ["--metadata-dir", "d", "verify", "f"],
      ["--metadata-dir", "d", "download", "--metadata-url", "http://127.0.0.1:1/"],
      ["--metadata-dir", "d", "list", "--target-name", "x"],
      ["--metadata-dir", "d", "list", "--force"],
      ["--metadata-dir", "d", "list", "--max-delegations", "-1"],
      ["--metadata-dir", "d", "list", "--max-delegations=99999999999999999999"],
      ["--metadata-dir", "d", "list", "--max-root-length", "x"],
      ["--metadata-dir", "d", "list", "list"], ["--", "--help"], ["\u{1b}[2J"], ["-"], [""],
      ["--metadata-dir", "/dev/null", "list"],
      ["--metadata-dir", "/dev/null/x", "refresh", "--metadata-url", "x"],
    ] as [[String]])
  func refusesACommandLine(words: [String]) throws {
    let sandbox = try Sandbox()
    let run = try sandbox.run(words)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("tuf-client: "))
    #expect(run.errors.filter { $0 == "\n" }.count == 1)
    #expect(!run.errors.contains("\u{1b}"))
    #expect(sandbox.names("") == [])
  }

  static let roots: [(String, [UInt8])] = [
    ("empty", []), ("zeros", [UInt8](repeating: 0, count: 10_000)), ("null", Array("null".utf8)),
    ("object", Array("{}".utf8)), ("not UTF-8", [0x22, 0xff, 0x22]),
    ("deep arrays", [UInt8](repeating: 0x5b, count: 400_000)),
    ("deep objects", Array(String(repeating: "{\"a\":", count: 100_000).utf8)),
    ("half an escape", Array("\"\\u12".utf8)), ("half a pair", Array("\"\\ud800\\".utf8)),
    ("too long", [UInt8](repeating: 0x20, count: 600_000)),
    ("huge version", root(version: "99999999999999999999999999")),
    ("huge threshold", root(threshold: "9223372036854775807")),
    ("threshold beyond", root(threshold: "9223372036854775808")),
    ("threshold 0", root(threshold: "0")), ("negative", root(version: "-9223372036854775808")),
    ("exponent", root(version: "1e999999999")), ("fraction", root(version: "1.0")),
    ("long number", root(version: String(repeating: "9", count: 100_000))),
    ("unsigned", root()), ("no such day", root(expires: "2030-02-30T00:00:00Z")),
    ("other specification", root(specification: "2.0.0")),
    ("escapes of the terminal", root(specification: "1.\\u001b[2J")),
  ]

  static func root(
    version: String = "1", threshold: String = "1", expires: String = "2030-01-01T00:00:00Z",
    specification: String = "1.0.0"
  ) -> [UInt8] {
    let role = "{\"keyids\":[\"k\"],\"threshold\":\(threshold)}"
    return Array(
      """
      {"signatures":[{"keyid":"k","sig":"zz"}],"signed":{"_type":"root",\
      "spec_version":"\(specification)","version":\(version),"expires":"\(expires)",\
      "keys":{"k":{"keytype":"ed25519","scheme":"ed25519","keyval":{"public":"00"}}},\
      "roles":{"root":\(role),"timestamp":\(role),"snapshot":\(role),"targets":\(role)}}}
      """.utf8)
  }

  @Test(arguments: roots.map(\.0))
  func refusesARoot(what: String) throws {
    let sandbox = try Sandbox()
    try sandbox.write("root.json", Self.roots.first { $0.0 == what }?.1 ?? [])
    let run = try sandbox.run(["--metadata-dir", "trust", "init", "root.json"])
    #expect(run.status == 1, "\(run.output)")
    #expect(run.errors.contains("root.json"))
    #expect(run.errors.filter { $0 == "\n" }.count == 1)
    #expect(!run.errors.contains("\u{1b}"))
    #expect(sandbox.names("") == ["root.json"])
  }

  @Test func refusesRandomAndBrokenRoots() throws {
    let sandbox = try Sandbox()
    var generator = SystemRandomNumberGenerator()
    let good = try Site().root
    for round in 0..<20 {
      var bytes = (0..<Int.random(in: 1...3000, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      if round.isMultiple(of: 2) {
        bytes = good
        // A digit of the signature or a byte of what is signed: neither may pass.
        bytes.remove(at: Int.random(in: 0..<bytes.count, using: &generator))
      }
      try sandbox.write("root.json", bytes)
      let run = try sandbox.run(["--metadata-dir", "trust", "init", "root.json"])
      #expect(run.status == 1, "\(String(decoding: bytes, as: UTF8.self))")
    }
    #expect(sandbox.names("trust") == [])
  }

  @Test(arguments: ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"])
  func refusesWhateverAServerSays(file: String) throws {
    let client = try ClientOfSite()
    let answers: [LoopbackServer.Response] = [
      .resource([]), .resource([UInt8](repeating: 0x5b, count: 10_000)), .endless(),
      .resource(Array("{\"signatures\":[],\"signed\":{}}".utf8)), .body([], status: 500), .close,
      .truncated(Array("{".utf8), length: 100), .raw(Array("nonsense\r\n\r\n".utf8)),
      .gzip(zeros: 20 << 20), .redirect(to: "/metadata/\(file)"),
    ]
    for answer in answers {
      client.site.answer("/metadata/\(file)", answer)
      let run = try client.refresh()
      #expect(run.status == 1, "\(answer)")
      #expect(run.errors.contains("\(client.site.metadataURL)/\(file)"), "\(run.errors)")
      #expect(run.errors.filter { $0 == "\n" }.count == 1)
    }
  }

  /// Stolen online keys can sign anything; 48 MiB of it would take 340 MiB of memory.
  @Test func aSnapshotThatSwellsIsRefusedInLittleMemory() throws {
    let client = try ClientOfSite()
    client.site.publishSwelling(version: 2, zeros: 24 << 20)
    let run = try client.refresh(kibibytes: 300_000)
    #expect(run.status == 1)
    #expect(run.errors.contains("snapshot.json would take more memory than is left"))
    #expect(client.sandbox.roles == ["root.json", "timestamp.json"])
  }
}
