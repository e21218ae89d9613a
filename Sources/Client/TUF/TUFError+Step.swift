extension TUFError {
  /// The step of the client workflow, by its number in TUF 1.0.34, that refuses a metadata file for this.
  ///
  /// Nil where the workflow has no step of its own for it.
  var metadataStep: StaticString? {
    switch self {
    case .unsigned(let file, _, _, _): Self.at(file, "5.3.4", "5.4.2", "5.5.3", "5.6.3")
    case .rollback(let file, _, _, _): Self.at(file, "5.3.5", "5.4.3", "5.5.5", "5.5.5")
    case .roleDisappeared: "5.5.5"
    case .expired(let file, _, _, _): Self.at(file, "5.3.10", "5.4.4", "5.5.6", "5.6.5")
    case .wrongVersion(let file, _, _): Self.at(file, "5.3.5", "5.4.3", "5.5.4", "5.6.4")
    case .wrongHash(let file), .wrongLength(let file, _, _), .noKnownHash(let file):
      Self.at(file, "5.3.3", "5.4.1", "5.5.2", "5.6.2")
    case .tooLong(let file, _), .tooMuchMemory(let file, _):
      Self.at(file, "5.3.3", "5.4.1", "5.5.1", "5.6.1")
    case .notListed, .tooManyDelegations: "5.6.7"
    case .targetNotFound: "5.7.2"
    case .refused(_, let step, _): step
    case .malformed, .noTrustedRoot, .unsupportedSpecification, .fetch, .file: nil
    }
  }

  /// The step of the role that a file name such as `3.snapshot.json` belongs to.
  private static func at(
    _ file: String, _ root: StaticString, _ timestamp: StaticString, _ snapshot: StaticString,
    _ targets: StaticString
  ) -> StaticString {
    let name = file.utf8.drop { 0x30...0x39 ~= $0 }
    if ends(name, "root.json") { return root }
    if ends(name, "timestamp.json") { return timestamp }
    return ends(name, "snapshot.json") ? snapshot : targets
  }

  private static func ends(_ name: Substring.UTF8View, _ role: StaticString) -> Bool {
    let bare = name.first == UInt8(ascii: ".") ? name.dropFirst() : name
    return bare.elementsEqual(
      UnsafeBufferPointer(start: role.utf8Start, count: role.utf8CodeUnitCount))
  }
}
