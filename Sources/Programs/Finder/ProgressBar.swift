import Esky
import FileSystem

/// Shows how far an update is: a bar on a terminal, a line for each phase in a pipe.
final class ProgressBar: ProgressObserver {
  private enum Mode {
    case bar, lines, none
  }

  private enum Phase {
    case none, checking, downloading, unpacking, installing
  }

  private let mode: Mode
  private var phase = Phase.none
  private var started: Int64 = 0
  private var startedAt: Int64 = 0
  private var drawnAt: Int64 = -1000
  private var isDrawn = false

  init(_ options: Options) {
    if options.quiet || options.json {
      mode = .none
    } else {
      mode = StandardStream.error.isTerminal ? .bar : .lines
    }
  }

  func progress(_ event: ProgressEvent) -> Bool {
    switch event {
    case .checking: begin(.checking, "looking for a newer version", 0)
    case .downloading(let received, let total):
      begin(.downloading, "downloading \(Amount.bytes(total))", received)
      draw("downloading", received, total, withRate: true)
    case .unpacking(let written, let total):
      begin(.unpacking, "unpacking \(Amount.bytes(total))", 0)
      draw("unpacking", written, total, withRate: false)
    case .passedOver(let name, let error):
      finish()
      phase = .none
      Output.error("esky: passed over \(name.text): \(error.description)")
    case .installing: begin(.installing, "installing", 0)
    }
    return true
  }

  /// Takes the bar off the terminal; what follows begins on a clean line.
  func finish() {
    if isDrawn { Output.draw("\r\u{1b}[K") }
    isDrawn = false
  }

  private func begin(_ new: Phase, _ text: String, _ done: Int64) {
    if phase == new { return }
    phase = new
    started = done
    startedAt = SystemClock.milliseconds
    drawnAt = -1000
    switch mode {
    case .bar:
      finish()
      Output.draw(text)
      isDrawn = true
    case .lines: if new != .checking { Output.line(text) }
    case .none: break
    }
  }

  /// Draws the bar, at most ten times a second.
  ///
  /// `downloading [#######·······]  48%  13.5/28.1 MB  3.2 MB/s  4 s left`
  private func draw(_ verb: String, _ done: Int64, _ total: Int64, withRate: Bool) {
    let now = SystemClock.milliseconds
    guard mode == .bar, total > 0, now - drawnAt >= 100 || done == total else { return }
    drawnAt = now
    let permille = min(1000, Int64(Double(done) / Double(total) * 1000))
    var line = "\r\u{1b}[K\(verb) ["
    let width = max(10, min(40, Int64(StandardStream.error.columns) - 60))
    var column: Int64 = 0
    while column < width {
      line += column * 1000 < permille * width ? "#" : "."
      column += 1
    }
    line += "] \(permille / 10)%  \(Amount.bytes(done)) of \(Amount.bytes(total))"
    let elapsed = now - startedAt
    if withRate, elapsed >= 500, done > started {
      let rate = (done - started) * 1000 / elapsed
      line += "  \(Amount.bytes(rate))/s"
      if rate > 0 { line += "  \(Amount.seconds((total - done) / rate)) left" }
    }
    Output.draw(line)
    isDrawn = true
  }
}
