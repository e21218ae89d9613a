import Bytes
import Esky
import Layout

/// How a version differs from one whose users come to it, where that is seldom meant.
enum Difference: Hashable {
  /// It looks for updates at another place.
  case url([UInt8]?)
  /// It lacks a program.
  case program([UInt8])
  /// It names no certificate of a private authority any more.
  case caFile
  /// Its launcher does not look for updates any more.
  case check
  /// It follows another channel.
  case channel([UInt8])

  /// What differs from one version to the next.
  static func all(from old: Bundle, to new: Bundle) -> [Difference] {
    var found: [Difference] = []
    if !UpdateURL.isSame(new.settings.updateURL, old.settings.updateURL) {
      found.append(.url(new.settings.updateURL))
    }
    for program in old.list.programs where !new.list.programs.contains(program) {
      found.append(.program(program))
    }
    if old.settings.caFile != nil, new.settings.caFile == nil { found.append(.caFile) }
    if old.settings.check != .never, new.settings.check == .never { found.append(.check) }
    if new.channel != old.channel { found.append(.channel(new.channel)) }
    return found
  }

  /// True where it concerns those who come by way of a channel: who chose another one than a version names keeps to it.
  func concerns(followersOf channel: [UInt8], of old: Bundle) -> Bool {
    if case .channel = self { return channel == old.channel }
    return true
  }

  /// True unless another one says the same of several programs.
  func isFirst(among others: [Difference]) -> Bool {
    guard case .program = self else { return true }
    for case .program(let name) in others { return self == .program(name) }
    return true
  }

  /// The word that says it is meant.
  var allowance: Succession.Allowance {
    switch self {
    case .url: .url
    case .program: .programs
    case .caFile: .caFile
    case .check: .check
    case .channel: .channel
    }
  }

  /// What would happen to users, and what permits it.
  func refusal(from old: Bundle, to new: Bundle, beside others: [Difference]) -> Failure {
    var condition = "that is meant"
    if case .url = self { condition += ", and the new place serves this repository" }
    return Failure(
      "\(consequence(from: old, to: new, beside: others)). If \(condition), give --allow \(allowance.rawValue)"
    )
  }

  /// What would happen to users.
  func consequence(from old: Bundle, to new: Bundle, beside others: [Difference]) -> String {
    func text(_ bytes: [UInt8]?) -> String {
      bytes.map { String(decoding: $0, as: UTF8.self) } ?? "none"
    }
    switch self {
    case .url(let url):
      return
        "\(new.name.text) looks for updates at \(text(url)), \(old.name.text) at \(text(old.settings.updateURL)): who has that takes it, and never comes back to the old place"
    case .program(let first):
      var lost: [String] = []
      for case .program(let name) in others { lost.append(text(name)) }
      return
        "\(new.name.text) has no program \(lost.joined(separator: ", ")), which \(old.name.text) has: whoever has that would take it, cleanup would remove \(text(first)) from the app folder, and what points to it would break"
    case .caFile:
      return
        "\(new.name.text) has no ca-file, \(old.name.text) has \(text(old.settings.caFile)): who comes from that to a server with a certificate of your own authority can't check for updates ever again"
    case .check:
      return
        "the launcher of \(new.name.text) never looks for updates, that of \(old.name.text) does (\(text(old.settings.check.word.bytes))): an app without update code of its own never updates again"
    case .channel(let channel):
      return
        "\(new.name.text) follows the channel \(text(channel)), \(old.name.text) \(text(old.channel)): all who have that would follow \(text(channel)) from then on"
    }
  }
}

extension Bundle {
  /// The channel that it follows where nobody says otherwise.
  var channel: [UInt8] { settings.channel ?? ReleaseTerms.stable }
}
