import Esky
import EskyAsync
import Foundation

/// Says what it finds, one "key words…" a line; its first argument says what it does.
@main struct Hello {
  static func main() async throws {
    print("version", version)
    print("pid", getpid())
    print("argv", CommandLine.arguments.dropFirst().joined(separator: " "))
    print("blocked", blockedSignals)
    do throws(EskyError) {
      switch CommandLine.arguments.dropFirst().first {
      case "sync": try upgrade()
      case "async": try await upgradeAsync()
      case "cancel": try await cancel()
      default: _ = try Esky.ofThisApp()
      }
    } catch {
      print("error", error.kind, error.description)
    }
  }

  /// One build stands for both versions: which one it is stands beside the program.
  static var version: String {
    let folder = Bundle.main.bundleURL.appendingPathComponent("version.txt")
    return (try? String(contentsOf: folder, encoding: .utf8)) ?? "none"
  }

  static var blockedSignals: String {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }.map(String.init) ?? ""
  }

  static func upgrade() throws(EskyError) {
    let app = try Esky.ofThisApp()
    print("running", app.running?.version.description ?? "none")
    print("versions", try app.survey().versions.map { $0.name.version.description })
    guard version == "1.0" else {
      print("cleaned", try app.cleanup().count)
      return print("left", try app.survey().versions.map { $0.name.version.description })
    }
    let finder = try app.sourceOfUpdates()
    guard let offer = try app.check(finder) else { return print("check none") }
    print("check", offer.name.version.description)
    if case .installed(let name, nil) = try app.update(from: finder, observer: Observer()) {
      print("installed", name.version.description)
      try app.restart()
    }
  }

  static func upgradeAsync() async throws(EskyError) {
    let app = try AsyncEsky.ofThisApp()
    print("running", app.running?.version.description ?? "none")
    print("versions", try await app.versions().map { $0.version.description })
    guard version == "1.0" else {
      print("needs-cleanup", try await app.needsCleanup())
      print("cleaned", try await app.cleanup().count)
      return print("left", try await app.versions().map { $0.version.description })
    }
    print("check", try await app.check()?.name.version.description ?? "none")
    if case .installed(let name, nil) = try await app.update(progress: Observer.say) {
      print("installed", name.version.description)
      print("current", try await app.current().version.description)
      try await app.restart()
    }
  }

  static func cancel() async throws(EskyError) {
    let app = try AsyncEsky.ofThisApp()
    let update = Task { try await app.update() }
    update.cancel()
    switch await update.result {
    case .success(let outcome): print("outcome", outcome)
    case .failure(let error): print("cancelled", (error as? EskyError)?.kind == .cancelled)
    }
    print("current", try await app.current().version.description)
  }
}

final class Observer: ProgressObserver {
  func progress(_ event: ProgressEvent) -> Bool {
    Self.say(event)
    return true
  }

  @Sendable static func say(_ event: ProgressEvent) {
    switch event {
    case .checking: print("progress checking 0 0")
    case .downloading(let done, let total): print("progress downloading", done, total)
    case .unpacking(let done, let total): print("progress unpacking", done, total)
    case .passedOver(let name, let error): print("passed over", name.text, error.description)
    case .installing: print("progress installing 0 0")
    }
  }
}
