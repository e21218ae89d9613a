import Bytes

/// Shell-style patterns over target paths (TUF 1.0.34 §4.5, PATHPATTERN).
public enum PathPattern {
  /// True when every component matches its pattern; `*` and `?` never cross a `/`.
  public static func matches(_ path: [UInt8], pattern: [UInt8]) -> Bool {
    var rest = path[...]
    var globs = pattern[...]
    while true {
      let part = rest.prefix { $0 != 0x2f }
      let glob = globs.prefix { $0 != 0x2f }
      guard matches(part, glob: glob) else { return false }
      let isLast = part.endIndex == rest.endIndex
      guard isLast == (glob.endIndex == globs.endIndex) else { return false }
      if isLast { return true }
      rest = rest[(part.endIndex + 1)...]
      globs = globs[(glob.endIndex + 1)...]
    }
  }

  /// Whether one component matches.
  ///
  /// A `*` goes back only to the last star, so the time is bounded by the product of the lengths. A `[set]` is
  /// one character of the set, `[!set]` one outside of it.
  private static func matches(_ text: ArraySlice<UInt8>, glob: ArraySlice<UInt8>) -> Bool {
    var at = text.startIndex
    var place = glob.startIndex
    var star: Int?
    var resume = at
    while at < text.endIndex {
      if place < glob.endIndex, glob[place] == 0x2a {
        star = place
        resume = at
        place += 1
      } else if place < glob.endIndex, let next = one(text, at, glob, place) {
        at = character(text, at)
        place = next
      } else if let star {
        resume = character(text, resume)
        at = resume
        place = star + 1
      } else {
        return false
      }
    }
    while place < glob.endIndex, glob[place] == 0x2a { place += 1 }
    return place == glob.endIndex
  }

  /// The offset behind the character at an offset.
  private static func character(_ text: ArraySlice<UInt8>, _ at: Int) -> Int {
    var next = at + 1
    while next < text.endIndex, text[next] & 0xc0 == 0x80 { next += 1 }
    return next
  }

  /// The place in the pattern behind what matches the character at an offset; nil when it does not.
  private static func one(
    _ text: ArraySlice<UInt8>, _ at: Int, _ glob: ArraySlice<UInt8>, _ place: Int
  ) -> Int? {
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
    _ found: ArraySlice<UInt8>, _ glob: ArraySlice<UInt8>, _ place: Int
  ) -> (holds: Bool, next: Int)? {
    var at = place + 1
    var negated = false
    if at < glob.endIndex, glob[at] == 0x21 {
      negated = true
      at += 1
    }
    let first = at
    var end = first
    while end < glob.endIndex, glob[end] != 0x5d || end == first { end += 1 }
    guard end < glob.endIndex else { return nil }
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
