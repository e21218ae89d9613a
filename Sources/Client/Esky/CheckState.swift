import Bytes
import FileSystem
import Layout
import TUF

/// What came of the last looks for updates, so that an app and its user can be told, whoever looked.
///
/// A control file in the work area:
///
/// ```
/// esky-state 1
/// checked 1795348800
/// result offline
/// message can't fetch timestamp.json from …
/// failing-since 1794744000
/// failures 7
/// available 1.3
/// withdrawn 1.2
/// withdrawn-since 1795262400
/// end
/// ```
///
/// Times are in seconds since 1970 UTC. `message`, `failing-since` and `failures` are there while looks fail, `available`
/// while a newer version waits to be installed, `withdrawn` and `withdrawn-since`, when that was first seen, while the
/// version that starts was taken back and there is nothing to go to in its place.
public struct CheckState: Equatable, Sendable {
  /// When somebody last looked, in seconds since 1970 UTC.
  public var checked: Int64
  /// The word for what came of it; see ``ResultCode/word``.
  public var result: [UInt8]
  /// Why it failed; nil when it did not.
  public var message: [UInt8]?
  /// Since when all looks have failed, in seconds since 1970 UTC; nil when the last did not.
  public var failingSince: Int64?
  /// How many looks in a row have failed.
  public var failures: Int64 = 0
  /// The newest version on offer that is not installed; nil for none.
  public var available: [UInt8]?
  /// The version that starts, where its publisher has taken it back and offers none in its place.
  public var withdrawn: [UInt8]?
  /// When that was first seen, in seconds since 1970 UTC.
  public var withdrawnSince: Int64?

  init(checked: Int64, result: ResultCode) {
    self.checked = checked
    self.result = result.word.bytes
  }

  /// Reads the text of the file; nil when it is damaged.
  init?(_ text: [UInt8]) {
    guard let control = ControlFile(text, kind: "esky-state"),
      let checked = control.value("checked").flatMap({ Int64(digits: $0) }),
      let result = control.value("result")
    else { return nil }
    self.checked = checked
    self.result = result
    message = control.value("message")
    failingSince = control.value("failing-since").flatMap { Int64(digits: $0) }
    failures = control.value("failures").flatMap { Int64(digits: $0) } ?? 0
    available = control.value("available")
    withdrawn = control.value("withdrawn")
    withdrawnSince = control.value("withdrawn-since").flatMap { Int64(digits: $0) }
  }

  /// The text of the file.
  var text: [UInt8] {
    var control = ControlFile()
    control.append("checked", Array(String(checked).utf8))
    control.append("result", result)
    if let message { control.append("message", message) }
    if let failingSince {
      control.append("failing-since", Array(String(failingSince).utf8))
      control.append("failures", Array(String(failures).utf8))
    }
    if let available { control.append("available", available) }
    if let withdrawn { control.append("withdrawn", withdrawn) }
    if let withdrawnSince {
      control.append("withdrawn-since", Array(String(withdrawnSince).utf8))
    }
    return control.text(kind: "esky-state")
  }

  /// One sentence about a version that was taken back, without a final stop; nil when none was.
  public var withdrawal: String? {
    guard let withdrawn else { return nil }
    let since = withdrawnSince.map { ", as was first seen \(UTCTime.text($0))" } ?? ""
    return
      "version \(String(decoding: withdrawn, as: UTF8.self)) was taken back by its publisher, who offers none in its place yet\(since)"
  }

  /// One sentence for a person about what is wrong, without a final stop; nil when nothing is.
  public var trouble: String? {
    if let failingSince {
      let why = message.map { String(decoding: $0, as: UTF8.self) } ?? "no reason was noted"
      return "looking for updates has failed since \(UTCTime.text(failingSince)): \(why)"
    }
    return withdrawal
  }
}

extension Esky {
  /// When the launcher last started the finder, in seconds since 1970 UTC; nil for never.
  public var lastCheck: Int64? { (try? work.lastCheck.status())??.modified }

  /// What came of the last looks for updates; nil when nobody has looked, or that can't be read.
  public func checkState() -> CheckState? {
    guard let text = try? work.state.read(limit: ControlFile.maximumLength) else { return nil }
    return CheckState(text)
  }

  /// Notes what came of a look; where that can't be written, the next one notes it.
  func note(
    _ result: ResultCode, available: VersionDirectoryName? = nil,
    withdrawn: VersionDirectoryName? = nil, at now: Int64?
  ) {
    guard let now else { return }
    var state = CheckState(checked: now, result: result)
    state.available = available?.version.text
    if let withdrawn {
      let before = checkState()
      state.withdrawn = withdrawn.version.text
      state.withdrawnSince = before?.withdrawn == state.withdrawn ? before?.withdrawnSince : nil
      state.withdrawnSince = Self.since(state.withdrawnSince, now)
    }
    write(state)
  }

  /// Notes that a look failed; what was known of versions before stays.
  func note(_ error: EskyError, at now: Int64?) {
    guard let now else { return }
    switch error.kind {
    // Nobody looked.
    case .locked, .off, .cancelled: return
    case .offline, .refused, .failed: break
    }
    let before = checkState()
    var state = CheckState(checked: now, result: ResultCode(error.kind))
    let message = Array(error.description.utf8.prefix(4096))
    state.message = message.map { $0 == 0x0a ? 0x20 : $0 }
    state.failingSince = Self.since(before?.failingSince, now)
    // What stands in the file may be anything.
    state.failures = min(before?.failures ?? 0, Int64.max - 1) + 1
    state.available = before?.available
    state.withdrawn = before?.withdrawn
    if state.withdrawn != nil { state.withdrawnSince = Self.since(before?.withdrawnSince, now) }
    write(state)
  }

  /// Since when something is so; what a wrong clock once put into the future counts as now.
  private static func since(_ noted: Int64?, _ now: Int64) -> Int64 {
    min(noted ?? now, now)
  }

  private func write(_ state: CheckState) {
    _ = try? work.state.writeAtomically(state.text)
  }
}
