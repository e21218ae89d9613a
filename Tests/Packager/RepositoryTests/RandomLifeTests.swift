import Audit
import FileSystem
import Repository
import TUF
import Testing

/// Random lives with kills at random moments: a client from any earlier state can always update.
struct RandomLifeTests {
  /// The same numbers for the same seed. SplitMix64
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }

    mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &self) }
  }

  /// A repository that changes, what is published, and everybody who ever looked at it.
  private struct Life {
    let setup: Setup
    let fleet: Fleet
    var keys: [PrivateKey]
    var dice: Dice
    var published: [String: String] = [:]
    var hasDocs = false
    var hasBins = false

    init(seed: Int) throws {
      setup = try Setup()
      fleet = try Fleet(setup)
      keys = setup.keys
      dice = Dice(state: UInt64(seed))
      _ = try setup.create()
      try fleet.addNewcomer()
    }

    var ring: KeyRing { KeyRing(keys) }

    /// Makes one random change; what is published when it has been made.
    mutating func change() throws -> [String: String] {
      var repository = try RepositoryFolder(setup.folder)
      var after = published
      switch dice.roll(11) {
      case 0...2, 9, 10:
        let name = (hasDocs && dice.roll(2) == 0 ? "docs/" : "") + "file-\(dice.roll(6))"
        let text = "text-\(dice.roll(1000))"
        after[name] = text
        try repository.addTargets(
          [try setup.addition(name, text)], replacing: true, keys: ring, now: now)
      case 3:
        guard let name = published.keys.sorted().randomElement(using: &dice) else { return after }
        after[name] = nil
        try repository.removeTargets(
          [try TargetName(name)], keepingFiles: true, keys: ring, now: now)
      case 4:
        let role = Role.topLevel[dice.roll(4)]
        try repository.refresh([role], keys: ring, now: now)
      case 5:
        let role = Role.topLevel[dice.roll(4)]
        let old = try repository.keyIDs(of: role)
        let new = try PrivateKey()
        keys.append(new)
        let revoked = old.count > 1 || dice.roll(2) == 0 ? [old[0]] : []
        _ = try repository.rotate(
          [(role, KeyRotation(adding: [new.object], revoking: revoked))], keys: ring, now: now)
      case 6:
        let role = Role.topLevel[dice.roll(4)]
        let count = try repository.keyIDs(of: role).count
        _ = try repository.rotate(
          [(role, KeyRotation(threshold: 1 + dice.roll(count)))], keys: ring, now: now)
      case 7:
        let key = try PrivateKey()
        keys.append(key)
        let docs = Delegation(
          try Role(named: "docs"), .paths(["docs/*"]), keys: [key.object])
        _ = try repository.delegate(docs, keys: ring, now: now)
        hasDocs = true
      default:
        if hasDocs, !hasBins, dice.roll(2) == 0 { return after }
        let key = try PrivateKey()
        keys.append(key)
        let bins = Delegation(
          try Role(named: "bins"), .bins(bits: 2, isSuccinct: false), keys: [key.object])
        _ = try repository.delegate(bins, keys: ring, now: now)
        hasBins = true
      }
      return after
    }
  }

  @Test(arguments: 0..<32)
  func clientsFromEveryEarlierStateCanUpdate(seed: Int) throws {
    var life = try Life(seed: seed)
    for step in 0..<12 {
      let kill = life.dice.roll(3) == 0 ? 0 : 1 + life.dice.roll(140)
      let before = life.published
      var attempt = life
      if kill > 0 { Fault.plan(call: kill, code: 5, lasting: true) }
      let result = Result { try attempt.change() }
      let isKilled = kill > 0 && Fault.clear()
      // Keys that were made meanwhile may be the repository's by now.
      life = attempt
      let place = Comment(rawValue: "seed \(seed), step \(step), kill at \(kill)")
      if isKilled {
        // As the server has it the moment after, with nobody to tidy up.
        try life.fleet.check()
        _ = try RepositoryFolder(life.setup.folder)
        try life.fleet.check()
        life.published = try found(life)
        // All of the change or nothing; no change is about more than one name.
        let names = Set(before.keys).union(life.published.keys)
        #expect(names.filter { before[$0] != life.published[$0] }.count <= 1, place)
      } else {
        life.published = try result.get()
        try life.fleet.check(life.published)
      }
      #expect(
        try RepositoryAudit(life.setup.folder, now: now, files: .contents).findings == [], place)
      if life.dice.roll(3) == 0 { try life.fleet.addCurrent() }
    }
  }

  /// What a newcomer can download of all names that there may be.
  private func found(_ life: Life) throws -> [String: String] {
    let root = try FileSystem.read(
      life.setup.folder.appending("metadata/1.root.json"), limit: 1 << 20)
    let place = try Scratch()
    let client = try Client(
      store: MetadataStore(place.path.appending("trusted")), shippedRoot: root,
      metadataURL: "metadata", fetcher: FolderFetcher(life.setup.folder), now: now)
    try client.refresh()
    var found: [String: String] = [:]
    for name in (0..<6).flatMap({ ["file-\($0)", "docs/file-\($0)"] }) {
      guard let target = try client.target(utf8(name)) else { continue }
      let file = place.path.appending("target")
      try client.download(target, to: file, baseURL: "targets")
      found[name] = String(
        decoding: try FileSystem.read(file, limit: 1 << 20), as: UTF8.self)
      try FileSystem.remove(file)
    }
    return found
  }
}
