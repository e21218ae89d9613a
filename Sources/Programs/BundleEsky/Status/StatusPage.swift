import Bytes
import Layout
import Repository
import TUF

/// The status of a repository as one page of HTML: no script, and nothing that is fetched.
struct StatusPage {
  private let report: StatusReport

  init(_ report: StatusReport) {
    self.report = report
  }

  var html: String {
    let title = HTML.escape("\(report.repository) · \(report.verdict.text)")
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>\(Self.style)</style></head>
      <body>
      <header><h1>\(HTML.escape(report.repository))</h1>
      <p class="verdict \(report.verdict.rawValue)">\(HTML.escape(report.verdict.text))</p>
      <p class="made">as of \(UTCTime.text(report.made))</p></header>
      <main>
      \(summary)
      \(waiting)
      \(expiries)
      \(keys)
      \(versions)
      </main>
      <footer>Written by bundle-esky status --html; run it again for a newer one.</footer>
      </body></html>

      """
  }

  // MARK: Parts

  private var summary: String {
    let soonest =
      (report.roles.map { ($0.role.name, $0.daysLeft) } + report.bins.map { ($0.name, $0.daysLeft) })
      .min { $0.1 < $1.1 }
    let next = soonest.map { "\(max($0.1, 0)) days" } ?? "-"
    let targets =
      report.roles.reduce(0) { $0 + $1.targets } + report.bins.reduce(0) { $0 + $1.targets }
    let rows = [
      ("versions", "\(report.releases.count)"), ("their size", Size.text(report.total)),
      ("targets in all", "\(targets)"), ("next expiry", "\(next), \(soonest?.0 ?? "-")"),
      ("root", "version \(report.roles.first?.version ?? 0)"),
    ]
    let cells = rows.map { "<div><b>\(HTML.escape($0.1))</b><span>\($0.0)</span></div>" }
    return "<section class=\"summary\">\(cells.joined())</section>"
  }

  private var waiting: String {
    if report.waiting.isEmpty { return "" }
    let rows = report.waiting.map { status in
      "<li class=\"\(status.isComplete ? "done" : "open")\">\(HTML.escape(status.description))</li>"
    }
    return """
      <section><h2>Waiting for signatures</h2><ul class="ceremony">\(rows.joined())</ul>
      <p class="note">bundle-esky sign adds one; bundle-esky staged --discard gives the change up.</p></section>
      """
  }

  private func kind(_ expires: Int64, _ period: Int) -> String {
    if expires <= report.made { return "late" }
    return report.isRunningOut(expires, period: period) ? "soon" : "fine"
  }

  private var expiries: String {
    var bars = report.roles.map { role in
      Charts.Bar(
        label: role.role.name, value: Double(max(role.daysLeft, 0)),
        text: Self.left(role.daysLeft), kind: kind(role.expires, role.period))
    }
    bars += report.bins.map { bins in
      Charts.Bar(
        label: "\(bins.name)-* (\(bins.count))", value: Double(max(bins.daysLeft, 0)),
        text: Self.left(bins.daysLeft), kind: kind(bins.expires, bins.period))
    }
    let margin = Double(report.widestMargin) / 86_400
    return """
      <section id="expiry"><h2>Days to expiry</h2>
      \(Charts.horizontal(bars, mark: (margin, "\(Int(margin)) days: renew")))</section>
      """
  }

  private static func left(_ days: Int) -> String {
    days < 0 ? "expired" : days == 1 ? "1 day" : "\(days) days"
  }

  private var keys: String {
    var rows = report.roles.map { role -> String in
      let keys = role.keyIDs.map { id -> String in
        let isSigner = role.signedBy.contains(id)
        return
          "<code class=\"\(isSigner ? "signed" : "unsigned")\" title=\"\(HTML.escape(id))\">\(isSigner ? "✓ " : "")\(HTML.escape(String(id.prefix(8))))</code>"
      }
      return """
        <tr><td>\(HTML.escape(role.role.name))</td><td class="number">\(role.version)</td>
        <td class="\(kind(role.expires, role.period))-text">\(UTCTime.text(role.expires).prefix(10))</td>
        <td>\(role.signedBy.count) of \(role.threshold)</td><td>\(keys.joined(separator: " "))</td>
        <td>\(HTML.escape(role.delegator?.name ?? "root"))</td></tr>
        """
    }
    rows += report.bins.map { bins in
      let keys = bins.keyIDs.map { "<code>\(HTML.escape(String($0.prefix(8))))</code>" }
      return """
        <tr><td>\(HTML.escape(bins.name))-* (\(bins.count))</td><td class="number">-</td>
        <td class="\(kind(bins.expires, bins.period))-text">\(UTCTime.text(bins.expires).prefix(10))</td>
        <td>\(bins.unsigned == 0 ? "all" : "\(bins.count - bins.unsigned) of \(bins.count)")</td>
        <td>\(keys.joined(separator: " "))</td><td>\(HTML.escape(bins.delegator))</td></tr>
        """
    }
    return """
      <section id="keys"><h2>Keys, and who signed</h2>
      <table><thead><tr><th>role</th><th class="number">version</th><th>expires</th><th>signed</th>
      <th>keys</th><th>listed in</th></tr></thead><tbody>\(rows.joined())</tbody></table></section>
      """
  }

  /// How many versions a chart shows.
  private static let mostBars = 40

  private var versions: String {
    if report.releases.isEmpty {
      return "<section id=\"versions\"><h2>Versions</h2><p>Nothing is published yet.</p></section>"
    }
    var groups: [(title: String, releases: [Release])] = []
    for release in report.releases {
      let title =
        "\(String(decoding: release.name.name.bytes, as: UTF8.self)) for \(String(decoding: release.name.platform.tag, as: UTF8.self))"
      if groups.last?.title == title {
        groups[groups.count - 1].releases.append(release)
      } else {
        groups.append((title, [release]))
      }
    }
    let parts = groups.map { group -> String in
      let bars = group.releases.prefix(Self.mostBars).reversed().map { release in
        Charts.Bar(
          label: String(decoding: release.name.version.text, as: UTF8.self),
          value: Double(release.size), text: Size.text(release.size), kind: "plain")
      }
      let rows = group.releases.map { release in
        """
        <tr><td>\(HTML.escape(String(decoding: release.name.version.text, as: UTF8.self)))</td>
        <td class="number">\(Size.text(release.size))</td><td>\(HTML.escape(release.channels))</td>
        <td>\(HTML.escape(release.reach))</td><td><code title="\(release.sha256)">\(release.sha256.prefix(12))…</code></td></tr>
        """
      }
      return """
        <h3>\(HTML.escape(group.title))</h3>\(Charts.upright(bars))
        <table><thead><tr><th>version</th><th class="number">size</th><th>channels</th><th>reaches</th>
        <th>SHA-256</th></tr></thead><tbody>\(rows.joined())</tbody></table>
        """
    }
    var withdrawn = ""
    if !report.withdrawn.isEmpty {
      let names = report.withdrawn.map { "<code>\(HTML.escape($0))</code>" }
      withdrawn = "<p>Withdrawn: \(names.joined(separator: ", "))</p>"
    }
    return
      "<section id=\"versions\"><h2>Versions, and their sizes</h2>\(parts.joined())\(withdrawn)</section>"
  }

  // MARK: Style

  private static let style = """
    :root{--ground:#fbfbfa;--card:#fff;--ink:#1c2024;--soft:#60666d;--line:#e3e5e8;--fine:#2f855a;\
    --soon:#b7791f;--late:#c53030;--plain:#3b6ea8}
    @media(prefers-color-scheme:dark){:root{--ground:#14171a;--card:#1c2024;--ink:#e8eaed;--soft:#9aa2ab;\
    --line:#2e343a;--fine:#48bb78;--soon:#ecc94b;--late:#fc8181;--plain:#63a4e8}}
    *{box-sizing:border-box}body{margin:0 auto;max-width:860px;padding:24px 20px 48px;background:var(--ground);\
    color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
    header{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 16px}h1{font-size:22px;margin:0;\
    overflow-wrap:anywhere}h2{font-size:16px;margin:0 0 12px}h3{font-size:14px;margin:16px 0 6px;color:var(--soft)}
    p{margin:6px 0}.made,footer,.note{color:var(--soft);font-size:13px}.verdict{font-weight:600;color:var(--fine)}
    .verdict.expired{color:var(--late)}.verdict.running-out,.verdict.waiting{color:var(--soon)}
    section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px 18px;margin:16px 0}
    .summary{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px}
    .summary b{display:block;font-size:18px}.summary span{color:var(--soft);font-size:13px}
    table{width:100%;border-collapse:collapse;font-size:14px}th{text-align:left;color:var(--soft);font-weight:500}
    th,td{padding:5px 8px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}.number{text-align:right;\
    padding-right:16px;font-variant-numeric:tabular-nums}code{font:12.5px ui-monospace,monospace;white-space:nowrap}
    .signed{color:var(--fine)}.unsigned{color:var(--soft)}.soon-text{color:var(--soon)}.late-text{color:var(--late)}
    svg{width:100%;height:auto;display:block}svg text{fill:var(--ink);font-size:12px}svg .label{text-anchor:end}
    svg .centre{text-anchor:middle}svg .note{fill:var(--soft);font-size:11px}.fine{fill:var(--fine)}.soon{fill:var(--soon)}
    .late{fill:var(--late)}.plain{fill:var(--plain)}.mark{stroke:var(--soft);stroke-dasharray:3 3}
    .ceremony{margin:0;padding-left:18px}.ceremony .done{color:var(--fine)}.ceremony .open{color:var(--soon)}
    """
}
