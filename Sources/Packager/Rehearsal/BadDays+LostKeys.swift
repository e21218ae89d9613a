import Repository
import TUF

extension BadDays {
  /// Every key lost in turn, then all keys of each role at once.
  mutating func playLostKeys() throws(RepositoryError) {
    let status = try original.status(now: now) + original.delegationStatus(now: now)
    var seen: [String] = []
    for role in status {
      for id in role.keyIDs where !seen.contains(id) {
        seen.append(id)
        let holders = status.filter { $0.keyIDs.contains(id) }
        let names = holders.map(\.name).joined(separator: ", ")
        try play("the key \(id.prefix(8)) of \(names) is lost", [id], holders)
      }
    }
    for role in status where role.keyIDs.count > 1 {
      let lost = Set(role.keyIDs)
      let holders = status.filter { !lost.isDisjoint(with: $0.keyIDs) }
      try play("all keys of \(role.name) are lost", lost, holders)
    }
  }

  private mutating func play(
    _ event: String, _ lost: Set<String>, _ holders: [RoleStatus]
  ) throws(RepositoryError) {
    var twin = try twin()
    let rootKeys = Set(try original.keyIDs(of: .root))
    let shortened = holders.filter { role in
      role.keyIDs.filter { !lost.contains($0) }.count < role.threshold
    }
    let words = holders.map { role in
      let ids = role.keyIDs.filter { lost.contains($0) }.map { "--replace \($0.prefix(8))=NEW.key" }
      return "bundle-esky rotate \(role.name) \(ids.joined(separator: " "))"
    }
    twin.lose(lost)
    if try !twin.replace(lost, of: holders.map { Role($0.name) }) {
      days.append(
        BadDay(
          event, .stuck,
          seen:
            "too few root keys are left to sign a new root: no client can be told of other keys",
          remedy:
            "before that day: bundle-esky rotate root --add ANOTHER.key. After it: ship the app anew with another root",
          isBeyondHelp: lost.count > 1 && lost.isSuperset(of: rootKeys)))
      return
    }
    try twin.publish(1)
    let refused = try twin.clients.update(at: now)
    if let refused {
      days.append(BadDay(event, .stuck, seen: refused.description))
      return
    }
    let isSigned = shortened.isEmpty
    days.append(
      BadDay(
        event, isSigned ? .unharmed : .safe,
        seen: isSigned
          ? "the other keys sign; clients took the new key and the next version"
          : "nothing can be signed by \(shortened.map(\.name).joined(separator: ", ")) until whoever lists it names a new key; then clients took it and the next version",
        remedy: words.joined(separator: "; ")))
  }
}

extension RoleStatus {
  /// What the role is called in commands: bins by what their names begin with.
  fileprivate var name: String { bins ?? role.name }
}
