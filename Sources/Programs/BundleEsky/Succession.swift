import ArgumentParser
import Esky
import FileSystem
import Layout
import Repository

/// What a change does to those who have one of the versions that are published, where that is seldom meant.
///
/// A version is compared with every other from which somebody would come to it by the change: by its publication, by
/// another channel, by a lower minimum. Each fault is refused without a word that says that it is meant, in a
/// sentence that says what would happen to users.
struct Succession {
  /// What the packager can say is meant.
  enum Allowance: String, CaseIterable, ExpressibleByArgument {
    case url, programs
    case caFile = "ca-file"
    case check, channel, name, platform, unseen
  }

  private let before: [Standing]
  private let after: [Standing]
  /// The versions that the change is about.
  private let changed: [VersionDirectoryName]
  private let allowed: [Allowance]
  /// Every channel that anything is or was in.
  private let channels: Set<[UInt8]>
  private let shelf = BundleShelf()

  /// A change to what is listed.
  ///
  /// - Parameter changes: versions that are new, or of which something else is said from now on.
  init(_ folder: RepositoryFolder, changes: [Standing], allowed: [Allowance]) throws {
    let before = try Standing.all(in: folder)
    let changes = changes.map { new in
      Standing(
        new.name, terms: new.terms, isWithdrawn: new.isWithdrawn,
        archive: new.archive ?? before.first { $0.name == new.name }?.archive)
    }
    let changed = changes.map(\.name)
    let after = before.filter { !changed.contains($0.name) } + changes
    channels = (before + after).reduce(into: [ReleaseTerms.stable, Self.unheardOf]) {
      $0.formUnion($1.terms?.channels ?? [])
    }
    self.before = before
    self.after = after
    self.changed = changed
    self.allowed = allowed
  }

  /// Refuses what does not follow from what users have.
  func check() throws {
    var unseen: [Standing] = []
    for name in changed {
      try checkName(name)
      try checkPlatform(name)
    }
    for version in after {
      let isChanged = changed.contains(version.name)
      for from in after where isChanged || changed.contains(from.name) {
        let channels = channels(from: from, to: version, in: after)
        let missing = try compare(
          version, with: from, in: channels.subtracting(channelsBefore(from, version)))
        unseen += missing.filter { new in !unseen.contains { $0.name == new.name } }
      }
    }
    try refuse(unseen: unseen)
  }

  /// What would happen to those who have versions that the change takes back: a sentence for each difference of
  /// the version that they go to.
  func consequences() -> [String] {
    var found: [String] = []
    for from in after where changed.contains(from.name) {
      for version in destinations(of: from) {
        guard let old = shelf.bundle(from), let new = shelf.bundle(version) else {
          let missing = shelf.bundle(from) == nil ? from : version
          found.append(
            "can't tell what changes for those who go from \(from.name.text) to \(version.name.text): \(Self.absence(of: [missing]))"
          )
          continue
        }
        let channels = channels(from: from, to: version, in: after)
        let differences = Difference.all(from: old, to: new).filter { difference in
          channels.contains { difference.concerns(followersOf: $0, of: old) }
        }
        found += differences.filter { $0.isFirst(among: differences) }.map {
          $0.consequence(from: old, to: new, beside: differences)
        }
      }
    }
    return found
  }

  /// The newest version that is open to those who have another, in each channel that they may follow.
  private func destinations(of from: Standing) -> [Standing] {
    var newest: [[UInt8]: Standing] = [:]
    for version in after where !version.isWithdrawn {
      for channel in channels(from: from, to: version, in: after) {
        if let known = newest[channel],
          !VersionDirectoryName.isNewer(version.name, than: known.name)
        {
          continue
        }
        newest[channel] = version
      }
    }
    return after.filter { version in newest.values.contains { $0.name == version.name } }
  }

  /// Refuses versions that nothing is known of, once for all.
  private func refuse(unseen: [Standing]) throws {
    if unseen.isEmpty || allowed.contains(.unseen) { return }
    throw Failure(
      "can't compare with \(Self.absence(of: unseen)); what the new version would do to those who have it is not known. Put the archive there, or give --allow unseen if you know that update-url, programs, ca-file, check and channel are as they were"
    )
  }

  /// Names the newest few whose archives can't be read.
  private static func absence(of standings: [Standing]) -> String {
    let sorted = standings.sorted { VersionDirectoryName.isNewer($0.name, than: $1.name) }
    var names = sorted.prefix(3).map(\.name.text).joined(separator: ", ")
    if sorted.count > 3 { names += " and \(sorted.count - 3) older ones" }
    if sorted.allSatisfy({ $0.archive == nil }) {
      return
        "\(names): \(sorted.count == 1 ? "its archive is" : "their archives are") not in targets/"
    }
    return
      "\(names): \(sorted.count == 1 ? "its archive is" : "their archives are") damaged, or not in targets/"
  }

  /// An app's first version under a name that is nearly that of another app.
  private func checkName(_ name: VersionDirectoryName) throws {
    if allowed.contains(.name) || before.contains(where: { $0.name.name == name.name }) { return }
    for other in after where other.name.name.isNear(name.name) {
      let distance =
        other.name.name.isSpelledAs(name.name) ? "differs in capitals alone" : "is one letter away"
      throw Failure(
        "\(name.text): no app \(name.name.text) was published here before, but \(other.name.text) \(distance); whoever has that would not get this version. If the name is meant, give --allow name"
      )
    }
  }

  /// A version that nobody has an earlier one of, since those are for other machines.
  private func checkPlatform(_ name: VersionDirectoryName) throws {
    if allowed.contains(.platform) { return }
    // A new app may begin on several platforms at once.
    let earlier = after.filter { other in
      other.name.name == name.name
        && (before.contains { $0.name == other.name } || other.name.version < name.version)
    }
    if earlier.isEmpty || earlier.contains(where: { $0.name.platform == name.platform }) { return }
    let platforms = Set(earlier.map { $0.name.platform.text }).sorted().joined(separator: ", ")
    throw Failure(
      "\(name.text): nobody has \(name.name.text) for \(name.platform.text) yet; it was published for \(platforms) so far. Whoever runs one of those would not get this version. If the platform is meant, give --allow platform"
    )
  }

  /// Compares a version with one whose users come to it in some channels in which they did not before.
  ///
  /// - Returns: those of the two whose archives should be at hand, and can't be read.
  private func compare(
    _ version: Standing, with from: Standing, in channels: Set<[UInt8]>
  ) throws -> [Standing] {
    if channels.isEmpty { return [] }
    guard let old = shelf.bundle(from), let new = shelf.bundle(version) else {
      // The archive of what is not listed any more is tidied away on purpose; whoever has that could go on long ago.
      return [from, version].filter {
        shelf.bundle($0) == nil && ($0.terms != nil || $0.archive != nil || isStuck($0))
      }
    }
    let differences = Difference.all(from: old, to: new).filter { !allowed.contains($0.allowance) }
    if differences.isEmpty { return [] }
    for channel in channels {
      let known = differencesBefore(from, old, in: channel)
      let unsaid = differences.filter {
        !known.contains($0) && $0.concerns(followersOf: channel, of: old)
      }
      if let first = unsaid.first { throw first.refusal(from: old, to: new, beside: unsaid) }
    }
    return []
  }

  /// True for a version that was taken back when there was none for its users to go to.
  private func isStuck(_ version: Standing) -> Bool {
    version.isWithdrawn && !before.contains { !channelsBefore(version, $0).isEmpty }
  }

  /// What users of a version go up to already: the packager has said that it is meant.
  ///
  /// Of the way down after a withdrawal nobody has.
  private func differencesBefore(
    _ from: Standing, _ old: Bundle, in channel: [UInt8]
  ) -> Set<Difference> {
    var known: Set<Difference> = []
    for other in before
    where from.name.version < other.name.version && channelsBefore(from, other).contains(channel) {
      guard let bundle = shelf.bundle(other) else { continue }
      known.formUnion(Difference.all(from: old, to: bundle))
    }
    return known
  }

  private func channelsBefore(_ from: Standing, _ version: Standing) -> Set<[UInt8]> {
    guard let from = before.first(where: { $0.name == from.name }),
      let version = before.first(where: { $0.name == version.name })
    else { return [] }
    return channels(from: from, to: version, in: before)
  }

  /// The channels whose followers, where they have one version, are offered another.
  private func channels(
    from: Standing, to version: Standing, in standings: [Standing]
  ) -> Set<[UInt8]> {
    guard let terms = version.terms, from.name.name == version.name.name else { return [] }
    var choice = OfferChoice(installed: from.name)
    choice.isWithdrawn = from.isWithdrawn
    choice.machine = from.name.platform == .any ? version.name.platform : from.name.platform
    return followers(of: from).filter { channel in
      choice.channel = channel
      return choice.isOpen(to: version.name, on: terms)
    }
  }

  /// The channels whose followers may have a version.
  private func followers(of version: Standing) -> Set<[UInt8]> {
    var all = channels
    if let terms = version.terms { all = all.filter { terms.isOffered(in: $0) } }
    // Whoever unpacked it follows the one that it names, whatever it was offered in.
    all.insert(shelf.bundle(version)?.channel ?? ReleaseTerms.stable)
    return all
  }

  /// A channel that nothing is in: who follows one gets what is stable, pre-releases too.
  private static let unheardOf: [UInt8] = []
}

/// The option that says what is meant.
struct SuccessionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is meant, though it cuts users off: another update-url (url), programs that are gone (programs), no certificate of your own authority any more (ca-file), no looking for updates by the launcher any more (check), another channel in the settings (channel), an app whose name is one letter or a capital from another's (name), a platform that the app was never for (platform), earlier versions whose archives can't be read (unseen). Repeatable.",
      valueName: "what"))
  var allow: [Succession.Allowance] = []
}

/// What is in the archives of versions, each read once.
private final class BundleShelf {
  private var read: [[UInt8]: Bundle?] = [:]

  /// The bundle of a version; nil where its file is not at hand, or is none that clients would take.
  func bundle(_ version: Standing) -> Bundle? {
    guard let archive = version.archive else { return nil }
    if let known = read[archive.bytes] { return known }
    let bundle = try? BundleReview.examine(archive, as: version.name)
    read[archive.bytes] = .some(bundle)
    return bundle
  }
}

extension AppName {
  private var withoutCapitals: [UInt8] {
    bytes.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
  }

  /// True for a name of the same letters, whether they are capitals or not.
  fileprivate func isSpelledAs(_ other: AppName) -> Bool {
    withoutCapitals == other.withoutCapitals
  }

  /// True for another name that capitals, or one letter more, less or other, or two exchanged, make of this one.
  fileprivate func isNear(_ other: AppName) -> Bool {
    if isSpelledAs(other) { return self != other }
    let (first, second) = (withoutCapitals, other.withoutCapitals)
    if abs(first.count - second.count) > 1 { return false }
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

  /// The name as text for a person.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Platform {
  /// The tag as text for a person.
  var text: String { String(decoding: tag, as: UTF8.self) }
}
