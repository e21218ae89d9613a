import Esky

/// How a version differs from one whose users come to it, where that is seldom meant.
enum Difference: Hashable {
  /// It looks for updates at another place.
  case url([UInt8]?)
  /// It lacks a program.
  case program([UInt8])

  /// What differs from one version to the next.
  static func all(from old: Bundle, to new: Bundle) -> [Difference] {
    var found: [Difference] = []
    if new.settings.updateURL != old.settings.updateURL {
      found.append(.url(new.settings.updateURL))
    }
    for program in old.list.programs where !new.list.programs.contains(program) {
      found.append(.program(program))
    }
    return found
  }

  /// The word that says it is meant.
  var allowance: Succession.Allowance {
    switch self {
    case .url: .url
    case .program: .programs
    }
  }

  /// What would happen to users, and what permits it.
  func refusal(from old: Bundle, to new: Bundle, beside others: [Difference]) -> Failure {
    func text(_ bytes: [UInt8]?) -> String {
      bytes.map { String(decoding: $0, as: UTF8.self) } ?? "none"
    }
    switch self {
    case .url(let url):
      return Failure(
        "\(new.name.text) looks for updates at \(text(url)), \(old.name.text) at \(text(old.settings.updateURL)): who has that takes it, and never comes back to the old place. If that is meant, and the new place serves this repository, give --allow url"
      )
    case .program(let first):
      var lost: [String] = []
      for case .program(let name) in others { lost.append(text(name)) }
      return Failure(
        "\(new.name.text) has no program \(lost.joined(separator: ", ")), which \(old.name.text) has: whoever has that would take it, cleanup would remove \(text(first)) from the app folder, and what points to it would break. If that is meant, give --allow programs"
      )
    }
  }
}
