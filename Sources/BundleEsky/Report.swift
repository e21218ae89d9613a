import ArgumentParser
import Repository

/// How the tools tell what a change came to.
enum Report {
  /// Something waits for signatures, or keys were missing.
  static let waiting = ExitCode(12)

  /// Tells what was signed, or what the change waits for; the latter ends with exit status 12.
  static func publication(_ publication: Publication) throws {
    if !publication.versions.isEmpty {
      print("signed \(signed(publication))")
    }
    if !publication.waiting.isEmpty {
      print("nothing is published yet; the change waits for signatures:")
      for status in publication.waiting { print("  \(status.description)") }
      print("add them with bundle-esky sign, here or on a copy of the folder staging/")
      throw waiting
    }
  }

  /// Roles with their versions; many bins in a few words.
  private static func signed(_ publication: Publication) -> String {
    let all = publication.versions.map { "\($0.role.name) \($0.version)" }
    if all.count <= 12 { return all.joined(separator: ", ") }
    return "\(all.count) roles, the last of them \(all.suffix(3).joined(separator: ", "))"
  }
}
