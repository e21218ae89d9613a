import Bytes
import Esky
import FileSystem
import Layout
import TUF
import Transfer

/// What the launcher starts: updates, cleans up, and writes what came of it into the log.
struct Background {
  /// The log is begun anew when it is longer; the one before is kept.
  private static let logLimit: Int64 = 64 << 10

  private let esky: Esky
  private let environment: Environment

  init(_ esky: Esky, _ environment: Environment) {
    self.esky = esky
    self.environment = environment
  }

  func run() -> ResultCode {
    if OffSwitch.find(esky.folder, variable: environment.updates) != nil { return .off }
    let started = SystemClock.milliseconds
    // Who may not install can look all the same; what came of it is noted for the app.
    guard esky.mayChange else { return check() }
    let status = update()
    do throws(EskyError) {
      let hasStarted = try runs(try esky.current(), since: started)
      for action in try esky.cleanup(keepingFallback: !hasStarted) { log(action.description) }
    } catch {
      log("cleanup: \(error.description)")
    }
    return status
  }

  /// True when a version is seen to run two seconds after the launcher started this.
  ///
  /// The launcher holds the lock of what it is about to execute, and lets go of it where that can't be
  /// executed or falls over at once. With only one version there is nothing to wait for.
  private func runs(
    _ newest: VersionDirectoryName, since started: Int64
  ) throws(EskyError) -> Bool {
    if try esky.survey().versions.count < 2 || !esky.isHeld(newest) { return false }
    let left = 2000 - Int(SystemClock.milliseconds - started)
    if left > 0 { SystemClock.sleep(milliseconds: left) }
    return esky.isHeld(newest)
  }

  private func check() -> ResultCode {
    do throws(EskyError) {
      let finder = try finder()
      let offer = try esky.check(finder, channel: environment.channel, at: environment.now)
      logStaleCopy(finder)
      log(offer.map { "\($0.name.version.description) is available" } ?? "up to date")
      return offer == nil ? .ok : .available
    } catch {
      return failed(error)
    }
  }

  private func finder() throws(EskyError) -> TUFVersionFinder {
    try esky.repositoryFinder(
      fetcher: SchemeFetcher(
        limits: .background, authorities: try esky.certificateAuthorities()),
      now: environment.now)
  }

  private func failed(_ error: EskyError) -> ResultCode {
    let status = ResultCode(error.kind)
    log("\(status.word.description): \(error.description)")
    return status
  }

  private func update() -> ResultCode {
    do throws(EskyError) {
      let finder = try finder()
      switch try esky.update(
        from: finder, channel: environment.channel, at: environment.now,
        observer: LogObserver { log($0) })
      {
      case .upToDate(let name):
        logStaleCopy(finder)
        log("\(name.version.description) is up to date")
        return .ok
      case .installed(let name, let unfinished):
        logStaleCopy(finder)
        log("installed \(name.version.description)")
        if let unfinished { log("left for the next start: \(unfinished.description)") }
        return .installed
      }
    } catch {
      return failed(error)
    }
  }

  private func logStaleCopy(_ finder: TUFVersionFinder) {
    if let error = finder.staleCopy { log("a cache had an old copy: \(error.description)") }
  }

  /// Adds a line; where the log can't be written, nobody is there to be told.
  private func log(_ text: String) {
    let log = esky.work.log
    guard let folder = try? log.folder.open() else { return }
    if let status = try? folder.linkStatus(log.name), status.size > Self.logLimit {
      _ = try? folder.rename(log.name, to: folder, log.appendingSuffix(".old").name)
    }
    guard let file = try? folder.open(log.name, .append) else { return }
    _ = try? file.write(PrintableText.escape("\(UTCTime.text(SystemClock.now)) \(text)") + [0x0a])
  }
}

/// Hands on what an update passes over; of the rest nobody sees anything.
private final class LogObserver: ProgressObserver {
  private let log: (String) -> Void

  init(_ log: @escaping (String) -> Void) {
    self.log = log
  }

  func progress(_ event: ProgressEvent) -> Bool {
    if case .passedOver(let name, let error) = event {
      log("passed over \(name.text): \(error.description)")
    }
    return true
  }
}
