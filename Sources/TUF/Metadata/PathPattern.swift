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
