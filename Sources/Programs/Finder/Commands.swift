import Bytes
import Esky
import FileSystem
import Layout
import TUF
import Transfer

/// The commands.
struct Commands {
  private let options: Options
  private let environment: Environment
  private let esky: Esky
  private let report: Report

  /// Finds and opens the app folder.
  init(_ options: Options, _ environment: Environment) throws(EskyError) {
    self.options = options
    self.environment = environment
    report = Report(options)
    let workingDirectory = FileSystem.workingDirectory()
    let isRoot = EffectiveUser.isRoot
    let root = options.root.map { Self.absolute($0, workingDirectory).bytes }
    guard
      let found = Locator.find(
        variable: root ?? environment.root,
        executable: FileSystem.executable(),
        // Anybody may have put an app into a folder above the one that root happens to be in.
        workingDirectory: isRoot ? nil : workingDirectory)
    else {
      let place = workingDirectory ?? "."
      throw .layout(isRoot ? .notNamed(place) : .notAnApp(place))
    }
    // A program of one app may look after another.
    let isOurs = environment.root == found.root.bytes
    esky = try Esky(
      root: found.root, app: found.app,
      runningVersion: isOurs ? environment.version : nil,
      user: environment.user)
  }

  private static func absolute(_ path: Path, _ workingDirectory: Path?) -> Path {
    guard !path.isAbsolute, let workingDirectory else { return path }
    return workingDirectory.appending(path.bytes)
  }

  func run() throws(EskyError) -> ResultCode {
    switch options.command {
    case .status: return try status()
    case .check: return try check()
    case .update: return try update()
    case .cleanup:
      let done = try esky.cleanup()
      return report.cleaned(done, left: try esky.cleanupPlan().actions.count)
    case .list: return report.list(try esky.survey(), running: esky.running)
    case .verify: return try verify()
    case .background: return Background(esky, environment).run()
    case .help, .version: return .ok
    }
  }

  private func finder() throws(EskyError) -> TUFVersionFinder {
    if let off = offSwitch { throw .off(off) }
    return try esky.repositoryFinder(
      url: options.updateURL,
      fetcher: SchemeFetcher(
        limits: .interactive, authorities: try esky.certificateAuthorities()),
      now: environment.now)
  }

  private var offSwitch: OffSwitch? {
    OffSwitch.find(esky.folder, variable: environment.updates)
  }

  private func check() throws(EskyError) -> ResultCode {
    let progress = ProgressBar(options)
    defer { progress.finish() }
    let installed = try esky.current()
    let source = try finder()
    let found = try esky.check(
      source, channel: environment.channel, at: environment.now, observer: progress)
    progress.finish()
    report.staleCopy(source)
    guard let offer = found else { return upToDate(installed) }
    return report.available(offer, installed: installed)
  }

  private func update() throws(EskyError) -> ResultCode {
    let progress = ProgressBar(options)
    defer { progress.finish() }
    let source = try finder()
    let outcome = try esky.update(
      from: source, channel: environment.channel, at: environment.now, observer: progress)
    progress.finish()
    report.staleCopy(source)
    switch outcome {
    case .upToDate(let name): return upToDate(name)
    case .installed(let name, let unfinished):
      return report.installed(name, unfinished: unfinished)
    }
  }

  private func upToDate(_ name: VersionDirectoryName) -> ResultCode {
    report.upToDate(name, withdrawal: esky.checkState()?.withdrawal)
  }

  private func verify() throws(EskyError) -> ResultCode {
    let name = try esky.current()
    let problems = try esky.verify(name)
    if options.json {
      var line = JSONLine()
      line.add("result", problems.isEmpty ? "ok" : "failed")
      line.add("version", name.version.text)
      line.addRaw(
        "problems", JSONLine.array(problems.map { JSONLine.quoted(Array($0.description.utf8)) }))
      Output.line(line.closed)
    } else if problems.isEmpty {
      Output.line("\(name.text) is as it was made")
    }
    for problem in problems { Output.error("esky: \(problem.description)") }
    return problems.isEmpty ? .ok : .failed
  }

  private func status() throws(EskyError) -> ResultCode {
    let survey = try esky.survey()
    let settings = try esky.settings()
    let plan = try esky.cleanupPlan()
    let last = esky.lastCheck
    let state = esky.checkState()
    let current = try esky.current()
    if options.json {
      var line = JSONLine()
      line.add("name", esky.app.bytes)
      line.add("root", esky.folder.root.bytes)
      line.add("version", current.version.text)
      line.add("platform", current.platform.tag)
      if let running = esky.running { line.add("running", running.version.text) }
      if let url = settings.updateURL { line.add("update-url", url) }
      line.add("check", settings.check.word.bytes)
      if let channel = settings.channel { line.add("channel", channel) }
      if let last { line.add("last-check", UTCTime.text(last)) }
      line.add("off", offSwitch != nil)
      line.add("versions", Int64(survey.versions.count))
      line.add("needs-cleanup", !plan.isEmpty)
      line.add("may-update", esky.mayChange)
      if let state { report.add(state, to: &line) }
      Output.line(line.closed)
      return .ok
    }
    Output.line(
      "\(report.text(esky.app.bytes)) \(current.version.description) in \(esky.folder.root.text)")
    if let running = esky.running, running != current {
      Output.line("  running      \(running.version.description)")
    }
    let source =
      settings.updateURL.map { report.text($0) } ?? "nowhere: the bundle names no update-url"
    Output.line("  updates      from \(source)")
    var check = "  checks       \(settings.check.word.description)"
    if let last { check += ", last \(UTCTime.text(last))" }
    Output.line(check)
    if let state { report.show(state) }
    if !esky.mayChange { Output.line("  installing   is for whoever may write the folder") }
    if let off = offSwitch { Output.line("  switched off \(off.description)") }
    Output.line(
      plan.isEmpty
        ? "  cleanup      not needed"
        : "  cleanup      needed: \(plan.actions.count) \(plan.actions.count == 1 ? "step" : "steps")"
    )
    return .ok
  }
}
