import ArgumentParser
import Esky
import FileSystem
import Layout
import Repository

/// What a new version does to those who have the one before it, where that is seldom meant.
///
/// Each is refused without a word that says so, in a sentence that says what would happen to users.
struct Succession {
  /// What the packager can say is meant.
  enum Allowance: String, CaseIterable, ExpressibleByArgument {
    case url, programs, name, platform
  }

  /// The apps, platforms and versions that the repository lists.
  private let listed: [Release]
  private let folder: RepositoryFolder
  private let allowed: [Allowance]

  init(_ folder: RepositoryFolder, listed: [Release], allowed: [Allowance]) {
    self.folder = folder
    self.listed = listed
    self.allowed = allowed
  }

  /// Refuses what does not follow from what is published.
  func check(_ bundle: Bundle) throws {
    let ofApp = listed.filter { $0.name.name == bundle.name.name && $0.name != bundle.name }
    guard !ofApp.isEmpty else { return try checkName(bundle.name) }
    let before = ofApp.first { $0.name.platform == bundle.name.platform }
    if before == nil, !allowed.contains(.platform) {
      let platforms = Set(ofApp.map { $0.name.platform.text }).sorted().joined(separator: ", ")
      throw Failure(
        "\(bundle.name.text): nobody has \(bundle.name.name.text) for \(bundle.name.platform.text) yet; it was published for \(platforms) so far. Whoever runs one of those would not get this version. If the platform is meant, give --allow platform"
      )
    }
    // Listed newest first.
    guard let last = try archive(of: before ?? ofApp[0]) else { return }
    try compare(bundle, with: last)
  }

  /// An app's first version under a name that is nearly that of another app.
  private func checkName(_ name: VersionDirectoryName) throws {
    if allowed.contains(.name) { return }
    for other in listed
    where other.name.name != name.name && Self.isNear(other.name.name.bytes, name.name.bytes) {
      throw Failure(
        "\(name.text): no app \(name.name.text) is published here, but \(other.name.name.text) is, one letter away; whoever has that would not get this version. If the name is meant, give --allow name"
      )
    }
  }

  private func compare(_ bundle: Bundle, with last: Bundle) throws {
    if bundle.settings.updateURL != last.settings.updateURL, !allowed.contains(.url) {
      func text(_ url: [UInt8]?) -> String {
        url.map { String(decoding: $0, as: UTF8.self) } ?? "none"
      }
      throw Failure(
        "\(bundle.name.text) looks for updates at \(text(bundle.settings.updateURL)), \(last.name.text) at \(text(last.settings.updateURL)): whoever takes it never comes back to the old place. If that is meant, and the new place serves this repository, give --allow url"
      )
    }
    let lost = last.list.programs.filter { !bundle.list.programs.contains($0) }
    if let first = lost.first, !allowed.contains(.programs) {
      let names = lost.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
      throw Failure(
        "\(bundle.name.text) has no program \(names), which \(last.name.text) has: cleanup would remove \(String(decoding: first, as: UTF8.self)) from every app folder, and what points to it would break. If that is meant, give --allow programs"
      )
    }
  }

  /// The bundle of a listed version; nil where its file is kept elsewhere, or is none that clients would take.
  private func archive(of release: Release) throws -> Bundle? {
    let path = folder.directory.appending("targets/\(release.sha256).\(release.name.text).zip")
    let plain = folder.directory.appending("targets/\(release.name.text).zip")
    for place in [path, plain] where (try? FileSystem.exists(place)) == true {
      return try? BundleReview.examine(place, as: release.name)
    }
    return nil
  }

  /// True for names that one letter more, less or other, or two exchanged, makes the same.
  static func isNear(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    if first == second || abs(first.count - second.count) > 1 { return false }
    let (short, long) = first.count <= second.count ? (first, second) : (second, first)
    var front = 0
    while front < short.count, short[front] == long[front] { front += 1 }
    var back = 0
    while back < short.count - front, short[short.count - 1 - back] == long[long.count - 1 - back] {
      back += 1
    }
    if short.count != long.count { return front + back == short.count }
    let middle = short.count - front - back
    return middle == 1
      || middle == 2 && short[front] == long[front + 1] && short[front + 1] == long[front]
  }
}

extension Platform {
  /// The tag as text for a person.
  var text: String { String(decoding: tag, as: UTF8.self) }
}

extension AppName {
  /// The name as text for a person.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
