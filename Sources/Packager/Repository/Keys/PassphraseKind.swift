public import FileSystem

/// Which passphrase a key is encrypted under: people have one for what they do themselves, and machines
/// know another.
public enum PassphraseKind: String, CaseIterable, Sendable {
  /// That of keys which people use: root, targets.
  case offline
  /// That of keys which cron or CI uses: snapshot, timestamp.
  case online
  /// That of a sealed key, which is put away.
  case recovery

  /// The kind that goes with the folder in which a key lies: `online`, `recovery`, or any other.
  public init(folderOf path: Path) {
    var folder = path.parent
    if folder.lastComponent.isEmpty || folder.lastComponent == Array(".".utf8) {
      folder = FileSystem.workingDirectory() ?? folder
    }
    switch folder.lastComponent {
    case Array("online".utf8): self = .online
    case Array("recovery".utf8): self = .recovery
    default: self = .offline
    }
  }
}
