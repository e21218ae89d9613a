import Bytes
import Foundation
import JSON
import Repository
import TUF
import Testing

/// Five megabytes of metadata made to cost as much as they can: `tuf-client` as it ships answers with 0 or 1,
/// in the time that a test gives it and in 64 MB of address space, its own code included.
struct HostileMetadataEndToEndTests {
  private static let size = 5_000_000

  /// A part of what is signed, by what is wrong with it.
  static let fillers: KeyValuePairs<String, @Sendable () -> String> = [
    "numbers": { "\"x\":[" + repeated("0,") + "0]" },
    "empty arrays": { "\"x\":[" + repeated("[],") + "0]" },
    "empty objects": { "\"x\":[" + repeated("{},") + "0]" },
    "deep arrays": {
      let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
      return "\"x\":[" + repeated(deep + ",") + "0]"
    },
    "one text": { "\"x\":\"" + repeated("abcdefgh") + "\"" },
    "escapes": { "\"x\":\"" + repeated("\\u00e9\\n") + "\"" },
    "commas in a text": { "\"x\":\"" + repeated(",:[{") + "\"" },
    "names that go down": { "\"x\":{" + numbered { "\"\(9_999_999 - $0)\":0" } + "}" },
    "escaped names that go down": {
      "\"x\":{" + numbered { "\"\\u006e\(9_999_999 - $0)\":0" } + "}"
    },
    "the same name": { "\"x\":{" + repeated("\"a\":0,") + "\"a\":0}" },
    "many targets": {
      "\"targets\":{" + numbered { "\"\($0)\":{\"hashes\":{\"sha256\":\"00\"},\"length\":1}" } + "}"
    },
    "many hashes": { "\"targets\":{\"a\":{\"hashes\":{" + numbered { "\"\($0)\":\"\"" } + "}}}" },
    "many keys": { delegations(keys: numbered { "\"\($0)\":{}" }, roles: "") },
    "many roles": { delegations(keys: "\"k\":{}", roles: numbered { role("r\($0)") }) },
    "many key ids": {
      let ids = numbered { "\"\($0)\"" }
      return delegations(keys: "\"k\":{}", roles: role("r", ids: ids))
    },
    "many paths": {
      delegations(keys: "\"k\":{}", roles: role("r", paths: numbered { "\"\($0)*\"" }))
    },
    "one long pattern": {
      delegations(keys: "\"k\":{}", roles: role("r", paths: "\"" + repeated("*a") + "\""))
    },
    "a pattern of slashes": {
      delegations(keys: "\"k\":{}", roles: role("r", paths: "\"" + repeated("/") + "\""))
    },
    "keys and roles that use them": {
      let keys = numbered(size / 2) { "\"\($0)\":{}" }
      let roles = numbered(size / 2) { role("r\($0)", ids: "\"\($0)\"") }
      return delegations(keys: keys, roles: roles)
    },
  ]

  @Test(arguments: fillers.map(\.key))
  func costsLittle(in kind: String) throws {
    let filler = try #require(Self.fillers.first { $0.key == kind }).value()
    let site = try Site()
    try site.publish(targets: filler)
    let outcome = try site.client(["download", "--target-name", "a", "--target-name", "b"])
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.hasPrefix("tuf-client: "), "\(outcome)")
  }

  @Test func aSnapshotOfManyRolesIsReadInThatSpace() throws {
    let site = try Site()
    let roles = Self.numbered(3_900_000) { "\"bin-\($0).json\":{\"version\":1}" }
    try site.publish(targets: "\"targets\":{}", roles: roles + ",")
    #expect(try site.client(["refresh"]).status == 0)
    // The next one is compared with it, name by name.
    let next = Self.numbered(3_900_000) { "\"bin-\($0).json\":{\"version\":2}" }
    try site.publish(targets: "\"targets\":{}", roles: next + ",", version: 2)
    let outcome = try site.client(["refresh"])
    #expect(outcome.status == 0, "\(outcome)")
  }

  @Test func signaturesWithoutEndAreRefusedInThatSpace() throws {
    let site = try Site()
    try site.publish(targets: "\"targets\":{}")
    let signature = Self.numbered { "{\"keyid\":\"\($0)\",\"sig\":\"00\"}" }
    let file = "{\"signatures\":[\(signature)],\"signed\":{}}"
    try File.write(file.utf8, to: site.folder.path + "/metadata/1.targets.json")
    #expect(try site.client(["refresh"]).errors.contains("more than 1024 signatures"))
  }

  // MARK: Text

  private static func repeated(_ piece: String) -> String {
    String(repeating: piece, count: size / piece.utf8.count)
  }

  /// As many pieces as there is room for, with commas between.
  private static func numbered(_ size: Int = size, _ piece: (Int) -> String) -> String {
    var text = piece(1_000_000)
    var number = 1_000_001
    while text.utf8.count < size {
      text += ","
      text += piece(number)
      number += 1
    }
    return text
  }

  private static func delegations(keys: String, roles: String) -> String {
    "\"delegations\":{\"keys\":{\(keys)},\"roles\":[\(roles)]},\"targets\":{}"
  }

  private static func role(
    _ name: String, ids: String = "\"k\"", paths: String = "\"x\""
  ) -> String {
    "{\"keyids\":[\(ids)],\"name\":\"\(name)\",\"paths\":[\(paths)],\"terminating\":false,\"threshold\":1}"
  }

  /// A repository in a folder whose targets file is what a test makes it, properly signed.
  private final class Site {
    let folder: TemporaryFolder
    private let program: String
    private let key: PrivateKey

    init() throws {
      folder = try TemporaryFolder("site")
      program = try Dist.product("embedded/tuf-client")
      key = try PrivateKey()
      let id = key.object.id
      let role = "{\"keyids\":[\"\(id)\"],\"threshold\":1}"
      let keys = String(decoding: try key.object.json.canonical(), as: UTF8.self)
      try write(
        "1.root.json", "root",
        """
        "consistent_snapshot":true,"keys":{"\(id)":\(keys)},"roles":{"root":\(role),\
        "snapshot":\(role),"targets":\(role),"timestamp":\(role)}
        """)
    }

    func publish(targets: String, roles: String = "", version: Int = 1) throws {
      let isWhole = targets.contains("\"targets\":")
      let entry = "{\"version\":\(version)}"
      try write(
        "\(version).targets.json", "targets", targets + (isWhole ? "" : ",\"targets\":{}"), version)
      try write(
        "\(version).snapshot.json", "snapshot", "\"meta\":{\(roles)\"targets.json\":\(entry)}",
        version)
      try write("timestamp.json", "timestamp", "\"meta\":{\"snapshot.json\":\(entry)}", version)
    }

    private func write(
      _ name: String, _ type: String, _ fields: String, _ version: Int = 1
    ) throws {
      let head =
        "\"expires\":\"2100-01-01T00:00:00Z\",\"spec_version\":\"1.0.34\",\"version\":\(version)"
      let signed = "{\"_type\":\"\(type)\",\(head),\(fields)}"
      var message = Array(signed.utf8)
      if let document = try? JSONDocument(parsing: message),
        let canonical = try? CanonicalJSON.encode(document.root)
      {
        message = canonical
      }
      let signature = String(decoding: Hex.encode(key.sign(message)), as: UTF8.self)
      let file = """
        {"signatures":[{"keyid":"\(key.object.id)","sig":"\(signature)"}],"signed":\(signed)}
        """
      try File.write(file.utf8, to: folder.path + "/metadata/" + name)
    }

    func client(_ words: [String]) throws -> Outcome {
      let trusted = folder.path + "/trusted"
      try Command(
        program, ["--metadata-dir", trusted, "init", folder.path + "/metadata/1.root.json"]
      ).succeed()
      var all = [
        "-c", "ulimit -v 65536; exec \"$@\"", "sh", program, "--metadata-dir", trusted,
        "--metadata-url", "file://" + folder.path + "/metadata",
      ]
      if words[0] == "download" {
        all += ["--target-dir", folder.path + "/got", "--target-base-url", "file:///nowhere"]
      }
      return try Command("/bin/sh", all + words).run()
    }
  }
}
