import Testing

extension Outcome {
  /// Every phase in its order, and in each never less done than before, nor more than all.
  func expectWholeProgress() {
    var seen: [String] = []
    var last = 0
    for event in values("progress").map({ $0.split(separator: " ") }) {
      if seen.last != String(event[0]) {
        seen.append(String(event[0]))
        last = 0
      }
      let (done, total) = (Int(event[1]) ?? -1, Int(event[2]) ?? -1)
      #expect(last <= done && done <= total, "\(event)")
      last = done
    }
    #expect(seen == ["checking", "downloading", "unpacking", "installing"])
  }
}
