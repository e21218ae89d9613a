import FileSystem

/// The roles that a targets role hands some of its paths to (TUF 1.0.34 §4.5, DELEGATIONS).
struct Delegations: Sendable {
  let roles: [DelegatedRole]
  let bins: SuccinctRoles?

  init(_ value: JSONValue, _ reader: Reader) throws(TUFError) {
    let keys = try reader.object(value, "keys")
    var roles: [DelegatedRole] = []
    if let list = value["roles"] {
      guard list.isArray else { throw reader.missing("roles", "an array") }
      for entry in list.elements {
        roles.append(try DelegatedRole(entry, keys: keys, reader))
      }
    }
    self.roles = roles
    if let succinct = value["succinct_roles"] {
      guard value["roles"] == nil else {
        throw .malformed(
          file: reader.file, reason: "\"roles\" and \"succinct_roles\" exclude each other")
      }
      bins = try SuccinctRoles(succinct, keys: keys, reader)
    } else {
      guard value["roles"] != nil else { throw reader.missing("roles", "an array") }
      bins = nil
    }
  }

  /// The roles that may speak for a path, in order of appearance, and whether each ends the search.
  func roles(for path: [UInt8]) -> [(name: [UInt8], keys: RoleKeys, terminating: Bool)] {
    if let bins { return [(bins.role(for: path), bins.keys, true)] }
    var matching: [(name: [UInt8], keys: RoleKeys, terminating: Bool)] = []
    for role in roles where role.matches(path) {
      matching.append((role.name, role.keys, role.terminating))
    }
    return matching
  }
}

extension Delegations {
  /// The keys of a role by its name; nil when nothing is delegated to it.
  func keys(of name: [UInt8]) -> RoleKeys? {
    if let bins { return bins.holds(name) ? bins.keys : nil }
    for role in roles where role.name == name { return role.keys }
    return nil
  }
}

/// One delegated role, with the paths that it may speak for.
struct DelegatedRole: Sendable {
  let name: [UInt8]
  let keys: RoleKeys
  let terminating: Bool
  private let paths: Paths

  private enum Paths: Sendable {
    case patterns([[UInt8]])
    case hashPrefixes([[UInt8]])
  }

  init(_ value: JSONValue, keys: JSONValue, _ reader: Reader) throws(TUFError) {
    name = try reader.text(value, "name")
    if SuccinctRoles.topLevel(name) {
      throw .malformed(file: reader.file, reason: "a delegated role has a top-level role's name")
    }
    self.keys = try RoleKeys(value, keys: keys, reader)
    guard let terminating = value["terminating"]?.boolean else {
      throw reader.missing("terminating", "true or false")
    }
    self.terminating = terminating
    switch (value["paths"], value["path_hash_prefixes"]) {
    case (let list?, nil): paths = .patterns(try Self.texts(list, reader))
    case (nil, let list?): paths = .hashPrefixes(try Self.texts(list, reader))
    default:
      throw .malformed(
        file: reader.file,
        reason: "a delegated role needs either \"paths\" or \"path_hash_prefixes\"")
    }
  }

  private static func texts(
    _ list: JSONValue, _ reader: Reader
  ) throws(TUFError) -> [[UInt8]] {
    guard list.isArray else {
      throw .malformed(file: reader.file, reason: "the paths of a delegated role are no array")
    }
    var all: [[UInt8]] = []
    for element in list.elements {
      guard let text = element.text else {
        throw .malformed(file: reader.file, reason: "a path of a delegated role is no text")
      }
      all.append(text)
    }
    return all
  }

  func matches(_ path: [UInt8]) -> Bool {
    switch paths {
    case .patterns(let patterns):
      return patterns.contains { PathPattern.matches(path, pattern: $0) }
    case .hashPrefixes(let prefixes):
      let hash = Digest(.sha256, of: path).hex
      return prefixes.contains { hash.starts(with: $0) }
    }
  }
}

/// Hashed bins written in the length of one role (TAP 15).
struct SuccinctRoles: Sendable {
  let keys: RoleKeys
  private let bitLength: Int
  private let prefix: [UInt8]

  init(_ value: JSONValue, keys: JSONValue, _ reader: Reader) throws(TUFError) {
    self.keys = try RoleKeys(value, keys: keys, reader)
    let bits = try reader.integer(value, "bit_length", atLeast: 1)
    guard bits <= 32 else { throw reader.missing("bit_length", "1 to 32") }
    bitLength = Int(bits)
    prefix = try reader.text(value, "name_prefix")
  }

  /// The one bin that may speak for a path: the first bits of its SHA-256, in as many digits as the
  /// last bin needs.
  func role(for path: [UInt8]) -> [UInt8] {
    let hash = Digest(.sha256, of: path).bytes
    let head =
      UInt32(hash[0]) << 24 | UInt32(hash[1]) << 16 | UInt32(hash[2]) << 8 | UInt32(hash[3])
    let number = head >> UInt32(32 - bitLength)
    var name = prefix + [UInt8(ascii: "-")]
    var place = (bitLength + 3) / 4 - 1
    while place >= 0 {
      name.append(Hex.digit(UInt8(truncatingIfNeeded: number >> UInt32(place * 4) & 15)))
      place -= 1
    }
    return name
  }

  /// True for the name of one of the bins.
  func holds(_ name: [UInt8]) -> Bool {
    let digits = name.dropFirst(prefix.count + 1)
    guard name.starts(with: prefix + [UInt8(ascii: "-")]), digits.count == (bitLength + 3) / 4
    else { return false }
    var number: UInt64 = 0
    for digit in digits {
      guard let value = Hex.value(digit), Hex.digit(value) == digit else { return false }
      number = number << 4 | UInt64(value)
    }
    return number >> UInt64(bitLength) == 0
  }

  static func topLevel(_ name: [UInt8]) -> Bool {
    for type in [MetadataType.root, .timestamp, .snapshot, .targets]
    where name.elementsEqual(type.name.bytes) { return true }
    return false
  }
}

/// Shell-style patterns over target paths (TUF 1.0.34 §4.5, PATHPATTERN).
enum PathPattern {
  /// True when every component matches its pattern; `*` and `?` never cross a `/`.
  static func matches(_ path: [UInt8], pattern: [UInt8]) -> Bool {
    let parts = path.split(separator: 0x2f, omittingEmptySubsequences: false)
    let patterns = pattern.split(separator: 0x2f, omittingEmptySubsequences: false)
    guard parts.count == patterns.count else { return false }
    for (part, pattern) in zip(parts, patterns) where !matches(Array(part), glob: Array(pattern)) {
      return false
    }
    return true
  }

  /// Whether one component matches.
  ///
  /// A `*` goes back only to the last star, so the time is bounded by the product of the lengths. A `[set]` is one character of the set, `[!set]` one outside of it.
  private static func matches(_ text: [UInt8], glob: [UInt8]) -> Bool {
    var at = 0
    var place = 0
    var star = -1
    var resume = 0
    while at < text.count {
      if place < glob.count, glob[place] == 0x2a {
        star = place
        resume = at
        place += 1
      } else if place < glob.count, let next = one(text, at, glob, place) {
        at = character(text, at)
        place = next
      } else if star >= 0 {
        resume = character(text, resume)
        at = resume
        place = star + 1
      } else {
        return false
      }
    }
    while place < glob.count, glob[place] == 0x2a { place += 1 }
    return place == glob.count
  }

  /// The offset behind the character at an offset.
  private static func character(_ text: [UInt8], _ at: Int) -> Int {
    var next = at + 1
    while next < text.count, text[next] & 0xc0 == 0x80 { next += 1 }
    return next
  }

  /// The place in the pattern behind what matches the character at an offset; nil when it does not.
  private static func one(_ text: [UInt8], _ at: Int, _ glob: [UInt8], _ place: Int) -> Int? {
    let found = text[at..<character(text, at)]
    if glob[place] == 0x3f { return place + 1 }
    if glob[place] == 0x5b, let (holds, next) = set(found, glob, place) {
      return holds ? next : nil
    }
    let end = character(glob, place)
    return found.elementsEqual(glob[place..<end]) ? end : nil
  }

  /// Whether a character is in the set that opens at a place; nil when no set closes there.
  private static func set(
    _ found: ArraySlice<UInt8>, _ glob: [UInt8], _ place: Int
  ) -> (holds: Bool, next: Int)? {
    var at = place + 1
    var negated = false
    if at < glob.count, glob[at] == 0x21 {
      negated = true
      at += 1
    }
    let first = at
    var end = first
    while end < glob.count, glob[end] != 0x5d || end == first { end += 1 }
    guard end < glob.count else { return nil }
    var holds = false
    while at < end {
      let low = glob[at..<character(glob, at)]
      at = low.endIndex
      if at + 1 < end, glob[at] == 0x2d {
        let high = glob[at + 1..<character(glob, at + 1)]
        at = high.endIndex
        // Order of UTF-8 bytes is order of code points.
        if !Array(found).precedes(Array(low)) && !Array(high).precedes(Array(found)) {
          holds = true
        }
      } else if low.elementsEqual(found) {
        holds = true
      }
    }
    return (holds != negated, end + 1)
  }
}
