import Bytes
import Esky
import FileSystem
import Layout
import TUF

/// Says what came of a command, to a person or, with `--json`, to a machine.
struct Report {
  private let options: Options

  init(_ options: Options) {
    self.options = options
  }

  func failure(_ error: EskyError) -> ResultCode {
    let status = ResultCode(error.kind)
    if options.json {
      var line = JSONLine()
      line.add("result", status.word.bytes)
      line.add("message", error.description)
      Output.line(line.closed)
    }
    Output.error("esky: \(status.word.description): \(error.description)")
    return status
  }

  /// - Parameter withdrawal: says that the version was taken back, with nothing to go to; nil when it was not.
  func upToDate(_ name: VersionDirectoryName, withdrawal: String?) -> ResultCode {
    if options.json {
      var line = JSONLine()
      line.add("result", "up-to-date")
      line.add("version", name.version.text)
      if let withdrawal {
        line.add("withdrawn", true)
        line.add("message", withdrawal)
      }
      Output.line(line.closed)
    } else if let withdrawal {
      Output.line("\(text(name.name.bytes)): \(withdrawal)")
    } else {
      Output.line("\(text(name.name.bytes)) \(name.version.description) is up to date")
    }
    return .ok
  }

  func available(_ offer: Offer, installed: VersionDirectoryName) -> ResultCode {
    // The only reason to go back.
    let isOlder = VersionDirectoryName.isNewer(installed, than: offer.name)
    if options.json {
      var line = JSONLine()
      line.add("result", "available")
      line.add("version", installed.version.text)
      line.add("available", offer.name.version.text)
      line.add("size", offer.size)
      line.add("required", offer.terms.isRequired)
      if isOlder { line.add("withdrawn", true) }
      if let notes = offer.terms.notes { line.add("notes", notes) }
      Output.line(line.closed)
    } else {
      var line =
        "\(text(offer.name.name.bytes)) \(offer.name.version.description) is available (\(Amount.bytes(offer.size))); installed is \(installed.version.description)"
      if isOlder { line += ", which was withdrawn" }
      if offer.terms.isRequired { line += "; the update is required" }
      Output.line(line)
      if let notes = offer.terms.notes { Output.notes(notes) }
    }
    return .available
  }

  func installed(_ name: VersionDirectoryName, unfinished: EskyError?) -> ResultCode {
    if options.json {
      var line = JSONLine()
      line.add("result", "installed")
      line.add("version", name.version.text)
      if let unfinished { line.add("unfinished", unfinished.description) }
      Output.line(line.closed)
    } else {
      Output.line(
        "installed \(text(name.name.bytes)) \(name.version.description); it starts next time")
      if let unfinished {
        Output.error("esky: left for the next start: \(unfinished.description)")
      }
    }
    return .installed
  }

  func add(_ state: CheckState, to line: inout JSONLine) {
    line.add("checked", UTCTime.text(state.checked))
    line.add("check-result", state.result)
    if let message = state.message { line.add("check-message", message) }
    if let since = state.failingSince {
      line.add("failing-since", UTCTime.text(since))
      line.add("failures", state.failures)
    }
    if let available = state.available { line.add("available", available) }
    if let withdrawn = state.withdrawn { line.add("withdrawn", withdrawn) }
    if let since = state.withdrawnSince { line.add("withdrawn-since", UTCTime.text(since)) }
  }

  /// What people should know of the last looks; nothing when all is well.
  func show(_ state: CheckState) {
    if let available = state.available { Output.line("  available    \(text(available))") }
    if let withdrawal = state.withdrawal { Output.line("  withdrawn    \(withdrawal)") }
    if let since = state.failingSince, let message = state.message {
      let times = state.failures == 1 ? "once" : "\(state.failures) times"
      Output.line("  failing      since \(UTCTime.text(since)), \(times): \(text(message))")
    }
  }

  func list(_ survey: Survey, running: VersionDirectoryName?) -> ResultCode {
    var rows: [String] = []
    for version in survey.versions {
      let state: StaticString
      if version.isDamaged {
        state = "damaged"
      } else if version.withdrawnList != nil {
        state = "withdrawn"
      } else if version.list == nil {
        state = "incomplete"
      } else if !version.isRunnable {
        state = "not-runnable"
      } else {
        state = version.isUnfinished ? "unfinished" : "complete"
      }
      let isNext = survey.newestRunnable?.name == version.name
      let isRunning = running == version.name
      if options.json {
        var line = JSONLine()
        line.add("name", version.name.bytes)
        line.add("version", version.name.version.text)
        line.add("platform", version.name.platform.tag)
        line.add("state", state.bytes)
        line.add("next", isNext)
        line.add("running", isRunning)
        rows.append(line.closed)
      } else {
        var row = "\(version.name.text)  \(state.description)"
        if isNext { row += ", starts next" }
        if isRunning { row += ", running" }
        rows.append(row)
      }
    }
    if options.json {
      Output.line(JSONLine.array(rows))
    } else {
      for row in rows { Output.line(row) }
    }
    return .ok
  }

  /// Tells of a cache that lags behind: nothing is wrong, but somebody may want to know.
  func staleCopy(_ finder: TUFVersionFinder) {
    guard let error = finder.staleCopy, !options.json else { return }
    Output.error(
      "esky: a cache on the way had an old copy, and was passed by: \(error.description)")
  }

  func cleaned(_ actions: [CleanupAction], left: Int) -> ResultCode {
    if options.json {
      var line = JSONLine()
      line.add("result", "ok")
      line.addRaw(
        "done", JSONLine.array(actions.map { JSONLine.quoted(Array($0.description.utf8)) }))
      line.add("left", Int64(left))
      Output.line(line.closed)
    } else {
      for action in actions { Output.line(action.description) }
      if actions.isEmpty { Output.line("nothing to clean up") }
    }
    return .ok
  }

  func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension CleanupAction {
  /// The step in words.
  var description: String {
    switch self {
    case .finishUpdate(let name): "finished the update to \(name.text)"
    case .removeRootFile(let path): "removed \(String(decoding: path, as: UTF8.self))"
    case .retire(let name): "removed \(name.text)"
    case .delete(let place): "removed \(place.path.text)"
    }
  }
}
