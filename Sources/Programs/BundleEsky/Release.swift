import ArgumentParser
import Esky
import JSON
import Layout
import Repository
import TUF

/// A published version of an app.
struct Release {
  let name: VersionDirectoryName
  let size: Int64
  let sha256: String
  let terms: ReleaseTerms
  /// The whole of its publisher's data.
  let custom: JSONValue?

  /// The name of its target.
  var target: TargetName {
    get throws { try Failure.naming { try TargetName(name.text + ".zip") } }
  }

  /// The version that a target is, by its name; nil for any other target.
  static func name(ofTarget path: [UInt8]) -> VersionDirectoryName? {
    guard let name = DownloadName.version(path), DownloadName.archive(name) == path else {
      return nil
    }
    return name
  }

  /// All versions that a repository lists, by app, platform and then version, newest first.
  static func all(in folder: RepositoryFolder) throws -> [Release] {
    let targets = try Failure.naming { try folder.targets() }
    var found: [Release] = []
    for target in targets {
      guard let name = name(ofTarget: target.path) else { continue }
      let digest = target.hashes.first { $0.algorithm == .sha256 }
      found.append(
        Release(
          name: name, size: target.length,
          sha256: digest.map { String(decoding: $0.hex, as: UTF8.self) } ?? "",
          terms: ReleaseTerms(custom: target.custom), custom: target.custom))
    }
    found.sort { a, b in
      if a.name.name != b.name.name {
        return a.name.name.bytes.lexicographicallyPrecedes(b.name.name.bytes)
      }
      if a.name.platform != b.name.platform {
        return a.name.platform.tag.lexicographicallyPrecedes(b.name.platform.tag)
      }
      return VersionDirectoryName.isNewer(a.name, than: b.name)
    }
    return found
  }

  /// The names of versions that were withdrawn, as `x-esky-withdrawn` has them.
  static func withdrawn(in folder: RepositoryFolder) throws -> [String] {
    guard let withdrawals = Withdrawals(folder.targetsMember(Withdrawals.member)) else {
      throw Failure(
        "targets.json: \(Withdrawals.member) is no array of names, and clients take nothing as long as it is not; mend it with the program that wrote it"
      )
    }
    return withdrawals.texts.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The member of targets for a list of such names.
  static func member(_ names: [String]) -> (name: String, value: JSONBuilder?) {
    let list = Set(names).sorted().map { JSONBuilder.text($0) }
    return (Withdrawals.member.description, list.isEmpty ? nil : .array(list))
  }

  /// Its terms, to be changed: what can't be read would be lost.
  func readableTerms() throws -> ReleaseTerms {
    guard let member = terms.unreadable else { return terms }
    throw Failure(
      "\(name.text): \"\(member)\" of its terms can't be read, so nobody takes it; withdraw it, and publish a new version"
    )
  }

  /// The version on other terms, where others can come to it by these: a roll-out alone reaches nobody whom it was
  /// not meant for.
  func opened(by terms: ReleaseTerms) -> [Standing] {
    let isAsOpen =
      terms.channels == self.terms.channels
      && terms.minimumVersion?.text == self.terms.minimumVersion?.text
    return isAsOpen ? [] : [Standing(name, terms: terms, archive: nil)]
  }

  /// Its channels for a person.
  var channels: String {
    let names = terms.channels.map { String(decoding: $0, as: UTF8.self) }
    return names.isEmpty ? "-" : names.joined(separator: " ")
  }

  /// True when everybody gets it who follows one of its channels.
  var reachesAll: Bool { terms.share(at: now) >= 10_000 }

  /// How much of a roll-out has been reached.
  var reach: String {
    if let member = terms.unreadable { return "nobody: \(member) can't be read" }
    guard let rollOut = terms.rollOut else { return "all" }
    let share = rollOut.share(at: now)
    if rollOut.isHalted { return "halted" }
    if share >= 10_000 { return "all" }
    return share % 100 == 0 ? "\(share / 100) %" : "\(share / 100).\(share % 100 / 10) %"
  }
}

/// Which of the published versions a command is about.
struct ReleaseSelector: ParsableArguments {
  @Argument(help: "A version, or the whole name of one as list shows it. Repeatable.")
  var version: [String]

  @Option(help: "Only this app, where the repository holds several.")
  var app: String?

  @Option(help: "Only this platform; else all that have the version.")
  var platform: String?

  /// The names that are meant: of versions that are listed, and of those that were once.
  func names(
    in folder: RepositoryFolder, orWithdrawn withdrawn: [String]
  ) throws -> (listed: [VersionDirectoryName], unlisted: [VersionDirectoryName]) {
    var listed: [VersionDirectoryName] = []
    var unlisted: [VersionDirectoryName] = []
    let all = matching(try Release.all(in: folder))
    for text in version {
      try refuseOthers(text)
      let found = try named(text, among: all)
      listed += found.map(\.name).filter { !listed.contains($0) }
      if !found.isEmpty { continue }
      guard let name = VersionDirectoryName(parsing: Array(text.utf8)) else {
        let gone = withdrawn.compactMap { VersionDirectoryName(parsing: Array($0.utf8)) }
        if gone.contains(where: { $0.version.text.elementsEqual(text.utf8) }) { continue }
        throw Failure(
          "no version \(text) is published; if one was, give its whole name, as in hello-\(text).linux-x86_64"
        )
      }
      guard try isKnown(name.name, in: folder) else {
        throw Failure(
          "no app \(String(decoding: name.name.bytes, as: UTF8.self)) was published here; bundle-esky list shows what is"
        )
      }
      unlisted.append(name)
    }
    return (listed, unlisted)
  }

  /// Refuses the whole name of a version of another app or platform than the one that is asked for.
  private func refuseOthers(_ text: String) throws {
    guard let name = VersionDirectoryName(parsing: Array(text.utf8)) else { return }
    if let app, name.name.bytes != Array(app.utf8) {
      throw Failure("\(text) is no version of \(app); leave --app out, or give the name of one")
    }
    if let platform, name.platform.tag != Array(platform.utf8) {
      throw Failure(
        "\(text) is not for \(platform); leave --platform out, or give the name of one that is")
    }
  }

  /// True for an app of which any version is listed, was withdrawn, or left its archive.
  private func isKnown(_ app: AppName, in folder: RepositoryFolder) throws -> Bool {
    try Standing.all(in: folder).contains { $0.name.name == app }
  }

  /// The releases that are meant, each argument at least one.
  func releases(in folder: RepositoryFolder) throws -> [Release] {
    let all = matching(try Release.all(in: folder))
    var found: [Release] = []
    for text in version {
      try refuseOthers(text)
      let named = try named(text, among: all)
      if named.isEmpty {
        throw Failure("no version \(text) is published; bundle-esky list shows what is")
      }
      for release in named where !found.contains(where: { $0.name == release.name }) {
        found.append(release)
      }
    }
    return found
  }

  private func matching(_ releases: [Release]) -> [Release] {
    releases.filter { release in
      (app == nil || release.name.name.bytes == app.map { Array($0.utf8) })
        && (platform == nil || release.name.platform.tag == platform.map { Array($0.utf8) })
    }
  }

  /// Those of one version, which must be of one app.
  private func named(_ text: String, among releases: [Release]) throws -> [Release] {
    let bytes = Array(text.utf8)
    let found = releases.filter { $0.name.bytes == bytes || $0.name.version.text == bytes }
    if Set(found.map { String(decoding: $0.name.name.bytes, as: UTF8.self) }).count > 1 {
      throw Failure("several apps have a version \(text); name one with --app")
    }
    return found
  }
}
