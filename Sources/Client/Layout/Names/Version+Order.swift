import Bytes

extension Version: Comparable {
  /// True when the two have the same place in the order, whatever their texts.
  public static func == (a: Version, b: Version) -> Bool {
    order(a, b) == 0
  }

  /// True when the first is the older version.
  public static func < (a: Version, b: Version) -> Bool {
    order(a, b) < 0
  }

  /// Like `<`, and between versions with the same place in the order, by the bytes of their texts.
  ///
  /// No two different texts tie, so a list sorted by this has one order only.
  public static func precedes(_ a: Version, _ b: Version) -> Bool {
    let order = order(a, b)
    if order != 0 { return order < 0 }
    return self.order(bytes: a.text, a.text.indices, b.text, b.text.indices) < 0
  }

  /// Below 0 when `a` comes first, 0 when they tie, above 0 when `b` comes first.
  ///
  /// Part by part, each part's order being total: so the whole is. The parts and the order of absent
  /// ones are those of `_cmpkey` in `packaging`.
  static func order(_ a: Version, _ b: Version) -> Int {
    let (x, y) = (a.parts, b.parts)
    var order = order(number: a.text, x.epoch.range, b.text, y.epoch.range)
    if order == 0 { order = self.order(releaseOf: a, b) }
    if order == 0 { order = x.stage - y.stage }
    if order == 0, x.kind != .none { order = self.order(preReleaseOf: a, b) }
    if order == 0 { order = self.order(optional: a.text, x.post, b.text, y.post, absent: -1) }
    if order == 0 { order = self.order(optional: a.text, x.dev, b.text, y.dev, absent: 1) }
    if order == 0 { order = self.order(localOf: a, b) }
    return order
  }

  private static func order(releaseOf a: Version, _ b: Version) -> Int {
    let (x, y) = (a.parts.release.range, b.parts.release.range)
    var (i, j) = (x.lowerBound, y.lowerBound)
    while i < x.upperBound || j < y.upperBound {
      // Behind the last number the piece is empty, which counts as 0.
      let first = piece(of: a.text, from: i, to: x.upperBound, dotsAlone: true)
      let second = piece(of: b.text, from: j, to: y.upperBound, dotsAlone: true)
      let order = order(number: a.text, first, b.text, second)
      if order != 0 { return order }
      (i, j) = (first.upperBound + 1, second.upperBound + 1)
    }
    return 0
  }

  /// SemVer 2.0.0 §11.4: numbers by value and before words, words by ASCII, a list before a longer
  /// one that begins with it.
  private static func order(preReleaseOf a: Version, _ b: Version) -> Int {
    var first = PreReleaseCursor(a.parts)
    var second = PreReleaseCursor(b.parts)
    while true {
      let (i, j) = (first.next(a.text, a.parts), second.next(b.text, b.parts))
      guard let i, let j else { return (i == nil ? 0 : 1) - (j == nil ? 0 : 1) }
      if i.isNumber != j.isNumber { return i.isNumber ? -1 : 1 }
      let order =
        i.isNumber
        ? order(number: a.text, i.range, b.text, j.range)
        : order(
          bytes: i.isWord ? PreReleaseKind.words : a.text, i.range,
          j.isWord ? PreReleaseKind.words : b.text, j.range)
      if order != 0 { return order }
    }
  }

  /// PEP 440, "Local version identifiers": none first; piece by piece, words by their letters and
  /// before numbers; a list before a longer one that begins with it.
  private static func order(localOf a: Version, _ b: Version) -> Int {
    guard let x = a.parts.local?.range, let y = b.parts.local?.range else {
      return (a.parts.local == nil ? 0 : 1) - (b.parts.local == nil ? 0 : 1)
    }
    var (i, j) = (x.lowerBound, y.lowerBound)
    while i <= x.upperBound, j <= y.upperBound {
      let first = piece(of: a.text, from: i, to: x.upperBound, dotsAlone: false)
      let second = piece(of: b.text, from: j, to: y.upperBound, dotsAlone: false)
      let isNumber = isNumber(a.text, first)
      if isNumber != self.isNumber(b.text, second) { return isNumber ? 1 : -1 }
      let order =
        isNumber
        ? order(number: a.text, first, b.text, second)
        : order(bytes: a.text, first, b.text, second, foldingCase: true)
      if order != 0 { return order }
      (i, j) = (first.upperBound + 1, second.upperBound + 1)
    }
    return (i <= x.upperBound ? 1 : 0) - (j <= y.upperBound ? 1 : 0)
  }

  /// Numbers by value; one that is absent comes first (`absent` below 0) or last (above 0).
  private static func order(
    optional a: [UInt8], _ x: ByteRun?, _ b: [UInt8], _ y: ByteRun?, absent: Int
  ) -> Int {
    guard let x, let y else { return ((x == nil ? 1 : 0) - (y == nil ? 1 : 0)) * absent }
    return order(number: a, x.range, b, y.range)
  }

  /// Digits by value, of any length: leading zeros aside, the longer number is the greater.
  static func order(
    number a: [UInt8], _ x: Range<Int>, _ b: [UInt8], _ y: Range<Int>
  ) -> Int {
    let (first, second) = (significant(a, x), significant(b, y))
    if first.count != second.count { return first.count - second.count }
    return order(bytes: a, first, b, second)
  }

  /// The digits behind a number's leading zeros; none at all for 0.
  static func significant(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, text[start] == UInt8(ascii: "0") { start += 1 }
    return start..<range.upperBound
  }

  private static func order(
    bytes a: [UInt8], _ x: Range<Int>, _ b: [UInt8], _ y: Range<Int>, foldingCase: Bool = false
  ) -> Int {
    for offset in 0..<min(x.count, y.count) {
      var (i, j) = (a[x.lowerBound + offset], b[y.lowerBound + offset])
      if foldingCase { (i, j) = (i.lowered, j.lowered) }
      if i != j { return i < j ? -1 : 1 }
    }
    return x.count - y.count
  }

  /// What stands between `start` and the next separator or `end`; empty from `end` on.
  static func piece(
    of text: [UInt8], from start: Int, to end: Int, dotsAlone: Bool
  ) -> Range<Int> {
    guard start < end else { return end..<end }
    for index in start..<end {
      let byte = text[index]
      if byte == UInt8(ascii: ".") { return start..<index }
      if dotsAlone { continue }
      if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") { return start..<index }
    }
    return start..<end
  }

  /// True when there is at least one byte and all are digits.
  static func isNumber(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    for index in range where !text[index].isDigit { return false }
    return !range.isEmpty
  }
}

extension VersionParts {
  /// How far the release has come: 0 in development, 1 a pre-release, 2 released.
  ///
  /// `1.0.dev1` comes before every pre-release of 1.0; `1.0a1.dev1` and `1.0.post1.dev1` are
  /// developments of what they name.
  fileprivate var stage: Int {
    if kind != .none { return 1 }
    return dev != nil && post == nil ? 0 : 2
  }
}
