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

  /// 1.0, published, and 1.1 and 1.2, only built: made once for the many tests that need no others.
  private static let template = Result<Packager, any Error> {
    let packager = try Packager()
    packager.folder.removeAtExit()
    try packager.release("1.0", url: nil)
    for version in ["1.1", "1.2"] {
      try packager.write(version)
      try packager.build(version, url: nil)
    }
    return packager
  }

  /// The usual story with versions that are built already: 1.1 and 1.2 wait to be published.
  init(ready: Void) throws {
    packager = try Packager(copying: Self.template.get())
    mirror = try Mirror(packager.repository)
    user = try Installation(unzipping: packager.archive("1.0"))
    try File.write(
      "esky-settings 1\nupdate-url \(mirror.url)\nend\n".utf8,
      to: user.version("1.0") + "/esky-files/settings.txt")
  }

  /// Publishes a version that is built already.
  func publish(_ version: String) throws { try packager.publish(packager.archive(version)) }

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
