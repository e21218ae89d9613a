/// Where a symbolic link of an archive may lead.
///
/// The rule: a target is any number of `..`, then names; the `..` may lead up to the first folder of the
/// link's own path (`a/` of `a/b/l`) and no further. Why that holds every link inside `a/`: no link is the
/// folder of another entry, so the folders above an extracted link are real folders and its leading `..`
/// lead exactly where they seem to. From there on it only goes down, by names; where such a name is a link
/// again, that one stays inside by the same argument. A `..` behind a name could step out of wherever that
/// name leads, and is refused.
enum LinkTarget {
  /// The longest target in bytes; `PATH_MAX` without its NUL.
  static let limit = 4095

  /// Checks the target of the link at `path`.
  ///
  /// - Throws: ``ArchiveError/link(entry:target:_:)``.
  static func check(_ target: [UInt8], of path: EntryPath) throws(ArchiveError) {
    if let problem = problem(in: target, depth: path.components.count) {
      throw .link(entry: path.bytes, target: target, problem)
    }
  }

  /// `depth` counts the components of the link's own path.
  private static func problem(in target: [UInt8], depth: Int) -> LinkProblem? {
    if target.isEmpty { return .empty }
    if target.count > limit { return .tooLong }
    if target[0] == slash { return .absolute }
    if EntryPath.characterProblem(in: target) != nil { return .badCharacters }
    if depth < 2 { return .atTheTop }
    var climbed = 0
    var named = false
    for component in splitComponents(target) {
      if component.isEmpty { return .emptyComponent }
      // Harmless to the kernel, but no tool writes it, and one form is less to reason about.
      if component == dot { return .dotComponent }
      if component.count > EntryPath.componentLimit { return .tooLong }
      if component == dotDot {
        if named { return .parentBehindName }
        climbed += 1
      } else {
        named = true
      }
    }
    return climbed > depth - 2 ? .leavesFolder : nil
  }
}
