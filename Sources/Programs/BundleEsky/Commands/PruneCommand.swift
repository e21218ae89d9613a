import ArgumentParser
import Esky
import Layout
import Repository

/// `bundle-esky prune`: keeps the newest versions only.
struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Keep the newest versions of each app and platform.",
    discussion: """
      Of each app, platform and channel the newest ones stay that everybody gets, all that are newer still, \
      and those by way of which older installations get to them; the others are no longer offered. Their files stay for clients in the middle of a \
      download, until tidy removes them. Nobody is moved off a version by this: withdraw does that.

      Exit status: 0 done, or nothing to do; 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky prune --keep 5
        bundle-esky prune --keep 2 --dry-run
      """)

  @Option(help: "How many versions stay, at least 1.")
  var keep: Int

  @Flag(help: "Only say what would go.")
  var dryRun = false

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func validate() throws {
    if keep < 1 { throw ValidationError("--keep takes 1 or more") }
  }

  func run() throws {
    let project = try Project()
    let ring = try keys.ring(project)
    var surplus: [Release] = []
    var left: [Release] = []
    let publication = try repository.change(project) { folder -> Publication? in
      surplus = Self.surplus(of: try Release.all(in: folder), keeping: keep)
      if surplus.isEmpty || dryRun { return nil }
      var amendment = TargetsAmendment(to: folder)
      amendment.removed = try surplus.map { try $0.target }
      let publication = try folder.amend(amendment, keys: ring, now: now)
      left = try Release.all(in: folder)
      return publication
    }
    guard let publication else {
      if surplus.isEmpty { print("nothing to prune") }
      for release in surplus { print("would remove \(release.name.text)") }
      return
    }
    if publication.waiting.isEmpty {
      for release in surplus { print("removed \(release.name.text)") }
    }
    try Report.publication(publication)
    Report.stranded(left)
  }

  /// What is not among the newest of any channel that it is in, nor needed to get to one of those;
  /// `releases` are newest first.
  static func surplus(of releases: [Release], keeping count: Int) -> [Release] {
    var seen: [[UInt8]: Int] = [:]
    var kept: [Bool] = []
    for release in releases {
      var isKept = false
      let channels = release.terms.channels.isEmpty ? [[]] : release.terms.channels
      for channel in channels {
        let group = release.group + [0] + channel
        if seen[group, default: 0] < count { isKept = true }
        // What few have got, or nobody, takes no other one's place.
        if release.reachesAll { seen[group, default: 0] += 1 }
      }
      kept.append(isKept)
    }
    let ways = Ways(releases: releases)
    var names = Set(releases.indices.filter { kept[$0] }.map { releases[$0].name.bytes })
    // From the newest down, so that a step that needs another step gets it as well.
    for place in releases.indices where names.contains(releases[place].name.bytes) {
      for step in ways.steps(to: releases[place], among: { names.contains($0.name.bytes) }) {
        names.insert(step.name.bytes)
      }
    }
    return releases.filter { !names.contains($0.name.bytes) }
  }
}

extension Release {
  /// App and platform: what its users choose among.
  fileprivate var group: [UInt8] { name.name.bytes + [0] + name.platform.tag }
}
