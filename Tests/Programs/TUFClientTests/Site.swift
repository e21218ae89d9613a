import Bytes
import Foundation
import JSON
import LoopbackServer
import Repository
import TUF

/// A repository in memory behind a server on this machine, signed as the test wants it.
final class Site: @unchecked Sendable {
  private let lock = NSLock()
  private var files: [String: LoopbackServer.Response] = [:]
  private let key: PrivateKey
  private let delegateKey: PrivateKey
  private var running: LoopbackServer?

  /// The keys of root, timestamp, snapshot and targets are one; a delegated role has another.
  init() throws {
    key = try PrivateKey()
    delegateKey = try PrivateKey()
    running = try LoopbackServer { [unowned self] request in
      lock.withLock { files[request.path] } ?? .body([], status: 404)
    }
    publishRoot(1)
    publish(version: 1, targets: [:])
  }

  deinit { running?.stop() }

  var url: String { running?.url ?? "" }
  var metadataURL: String { url + "/metadata" }
  var targetsURL: String { url + "/targets" }
  /// The paths that were asked for so far, as they came.
  var requests: [String] { running?.requests.map(\.target) ?? [] }
  private(set) var root: [UInt8] = []

  func stop() { running?.stop() }

  /// Answers requests for a path, undecoded, in some other way.
  func answer(_ path: String, _ response: LoopbackServer.Response?) {
    lock.withLock { files[path] = response }
  }

  /// Publishes a version of root, signed by the one key of this site.
  func publishRoot(_ version: Int, expires: Int = 86_400) {
    let role: JSONBuilder = ["keyids": [.text(key.object.id)], "threshold": 1]
    root = signed(
      [
        "_type": "root", "consistent_snapshot": true, "keys": keys(key),
        "roles": ["root": role, "timestamp": role, "snapshot": role, "targets": role],
      ], version, expires)
    answer("/metadata/\(version).root.json", .resource(root))
  }

  /// Publishes targets with the other top-level roles, all in one version.
  ///
  /// - Parameter delegated: what a role called `some/role` lists, to which all paths are delegated.
  func publish(
    version: Int, targets: KeyValuePairs<String, String>,
    delegated: KeyValuePairs<String, String>? = nil, expires: Int = 86_400
  ) {
    var members: [(name: [UInt8], value: JSONBuilder)] = [
      (Array("_type".utf8), "targets"), (Array("targets".utf8), list(targets)),
    ]
    var meta: [(name: [UInt8], value: JSONBuilder)] = []
    if let delegated {
      let role: JSONBuilder = [
        "name": "some/role", "keyids": [.text(delegateKey.object.id)], "threshold": 1,
        "terminating": false, "paths": ["*", "*/*"],
      ]
      members.append(
        (Array("delegations".utf8), ["keys": keys(delegateKey), "roles": [role]]))
      let bytes = signed(
        ["_type": "targets", "targets": list(delegated)], version, expires, delegateKey)
      answer("/metadata/\(version).some%2Frole.json", .resource(bytes))
      meta.append((Array("some/role.json".utf8), file(bytes, version)))
    }
    let bytes = signed(.object(members), version, expires)
    answer("/metadata/\(version).targets.json", .resource(bytes))
    meta.append((Array("targets.json".utf8), file(bytes, version)))
    let snapshot = signed(["_type": "snapshot", "meta": .object(meta)], version, expires)
    answer("/metadata/\(version).snapshot.json", .resource(snapshot))
    let timestamp = signed(
      ["_type": "timestamp", "meta": ["snapshot.json": file(snapshot, version)]], version,
      expires)
    answer("/metadata/timestamp.json", .resource(timestamp))
  }

  /// Publishes a snapshot that is properly signed and holds as many zeros as are wanted, and its timestamp.
  func publishSwelling(version: Int, zeros: Int) {
    let expires = UTCTime.text(Int64(Foundation.Date().timeIntervalSince1970) + 86_400)
    let message =
      "{\"_type\":\"snapshot\",\"expires\":\"\(expires)\",\"meta\":{},"
      + "\"spec_version\":\"1.0.34\",\"version\":\(version),\"x\":["
      + String(repeating: "0,", count: zeros - 1) + "0]}"
    let snapshot = signed(Array(message.utf8), by: key)
    answer("/metadata/\(version).snapshot.json", .resource(snapshot))
    let timestamp = signed(
      ["_type": "timestamp", "meta": ["snapshot.json": file(snapshot, version)]], version, 86_400)
    answer("/metadata/timestamp.json", .resource(timestamp))
  }

  /// The path of a target's file on the server, undecoded; slashes where the parts join are one.
  func path(_ name: String, _ contents: String) -> String {
    let joined = name.drop { $0 == "/" }
    var parts = joined.split(separator: "/", omittingEmptySubsequences: false).map {
      PercentEncoding.encode(Array($0.utf8), keepingSlashes: false)
    }
    let digits = String(decoding: Digest(.sha256, of: Array(contents.utf8)).hex, as: UTF8.self)
    parts[parts.count - 1] = "\(digits).\(parts[parts.count - 1])"
    return "/targets/" + parts.joined(separator: "/")
  }

  private func list(_ targets: KeyValuePairs<String, String>) -> JSONBuilder {
    .object(
      targets.map { name, contents in
        answer(path(name, contents), .resource(Array(contents.utf8)))
        return (Array(name.utf8), hashes(Array(contents.utf8), []))
      })
  }

  private func file(_ bytes: [UInt8], _ version: Int) -> JSONBuilder {
    hashes(bytes, [(Array("version".utf8), .integer(Int64(version)))])
  }

  private func hashes(
    _ bytes: [UInt8], _ more: [(name: [UInt8], value: JSONBuilder)]
  ) -> JSONBuilder {
    let digits = String(decoding: Digest(.sha256, of: bytes).hex, as: UTF8.self)
    return .object(
      more + [
        (Array("length".utf8), .integer(Int64(bytes.count))),
        (Array("hashes".utf8), ["sha256": .text(digits)]),
      ])
  }

  private func keys(_ key: PrivateKey) -> JSONBuilder {
    .object([(Array(key.object.id.utf8), key.object.json)])
  }

  private func signed(
    _ contents: JSONBuilder, _ version: Int, _ expires: Int, _ other: PrivateKey? = nil
  ) -> [UInt8] {
    let key = other ?? key
    guard case .object(var members) = contents else { return [] }
    let when = Int64(Foundation.Date().timeIntervalSince1970) + Int64(expires)
    members.append((Array("expires".utf8), .text(UTCTime.text(when))))
    members.append((Array("spec_version".utf8), "1.0.34"))
    members.append((Array("version".utf8), .integer(Int64(version))))
    return signed((try? JSONBuilder.object(members).canonical()) ?? [], by: key)
  }

  /// The file of something canonical.
  private func signed(_ message: [UInt8], by key: PrivateKey) -> [UInt8] {
    let signature = String(decoding: Hex.encode(key.sign(message)), as: UTF8.self)
    let head =
      "{\"signatures\":[{\"keyid\":\"\(key.object.id)\",\"sig\":\"\(signature)\"}],\"signed\":"
    return Array(head.utf8) + message + Array("}".utf8)
  }
}
