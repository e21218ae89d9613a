import JSON
import TUF

/// What one JSON value says otherwise than another: a line for each place in it.
enum JSONDifference {
  /// The most characters of a value that are shown.
  private static let longest = 160

  /// Lines such as `roles.root.threshold: 2 → 1`; none when both say the same.
  ///
  /// - Parameters:
  ///   - path: what the place is called, without a stop at its end.
  ///   - isShown: false for places that are not to be compared, by their paths.
  static func lines(
    _ old: JSONValue?, _ new: JSONValue?, at path: String = "",
    where isShown: (String) -> Bool = { _ in true }
  ) -> [String] {
    if !path.isEmpty, !isShown(path) { return [] }
    let before = old.map(text)
    let after = new.map(text)
    if before == after { return [] }
    if let old, let new, old.isObject, new.isObject {
      let then = members(old)
      let now = members(new)
      return Set(then.keys).union(now.keys).sorted().flatMap { name in
        lines(
          then[name], now[name], at: path.isEmpty ? name : "\(path).\(name)", where: isShown)
      }
    }
    if let old, let new, old.isArray, new.isArray {
      let then = old.elements.map(text)
      let now = new.elements.map(text)
      let gone = then.filter { !now.contains($0) }
      let come = now.filter { !then.contains($0) }
      if gone.isEmpty, come.isEmpty {
        return ["\(path): in another order, or as often as not before"]
      }
      return gone.map { "\(path): - \(shown($0))" } + come.map { "\(path): + \(shown($0))" }
    }
    return ["\(path): \(shown(before)) → \(shown(after))"]
  }

  private static func members(_ value: JSONValue) -> [String: JSONValue] {
    var found: [String: JSONValue] = [:]
    for member in value.members {
      found[String(decoding: member.name, as: UTF8.self)] = member.value
    }
    return found
  }

  private static func text(_ value: JSONValue) -> String {
    // What is signed has a canonical form; anything else is at least not the same as what has one.
    String(decoding: (try? CanonicalJSON.encode(value)) ?? [], as: UTF8.self)
  }

  private static func shown(_ text: String?) -> String {
    guard let text else { return "nothing" }
    if text.count <= longest { return text }
    return "\(text.prefix(longest))… (\(text.utf8.count) bytes)"
  }
}
