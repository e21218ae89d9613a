import Foundation
import LoopbackServer

/// A web server on loopback that serves a repository, and misbehaves when asked to.
final class Mirror: @unchecked Sendable {
  typealias Answer = @Sendable (LoopbackServer.Request) -> LoopbackServer.Response?

  private let lock = NSLock()
  private var answer: Answer?
  private var seen = 0
  private let folder: String
  private var server: LoopbackServer?

  /// Serves a folder.
  init(_ folder: String) throws {
    self.folder = folder
    server = try LoopbackServer { [weak self] in self?.respond($0) ?? .close }
  }

  deinit { server?.stop() }

  var url: String { server?.url ?? "" }

  /// Answers requests for which the closure has a response by that, all others as files.
  func answer(_ answer: Answer?) { lock.withLock { self.answer = answer } }

  /// The requests since the last call of this.
  func requests() -> [LoopbackServer.Request] {
    let all = server?.requests ?? []
    return lock.withLock {
      defer { seen = all.count }
      return Array(all.dropFirst(seen))
    }
  }

  func stop() { server?.stop() }

  private func respond(_ request: LoopbackServer.Request) -> LoopbackServer.Response {
    let answer = lock.withLock { self.answer }
    return answer?(request) ?? .folder(folder)
  }
}

/// A packager, their web server, and a user who has unzipped the first version.
struct Story {
  let packager: Packager
  let mirror: Mirror
  let user: Installation

  /// Publishes a first version and installs it.
  init(
    _ version: String = "1.0", programs: [String]? = nil, files: [String: String] = [:],
    in name: String = "app", _ more: [String] = []
  ) throws {
    packager = try Packager()
    mirror = try Mirror(packager.repository)
    let archive = try packager.release(
      version, url: mirror.url, programs: programs, files: files, more)
    user = try Installation(unzipping: archive, in: name)
  }

  /// Publishes another version.
  @discardableResult
  func release(
    _ version: String, programs: [String]? = nil, program: String? = nil,
    files: [String: String] = [:], _ more: [String] = []
  ) throws -> String {
    try packager.release(
      version, url: mirror.url, programs: programs, program: program, files: files, more)
  }
}
