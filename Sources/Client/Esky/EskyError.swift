public import Archive
public import FileSystem
public import Layout
public import TUF

/// Why something about an app folder or an update did not work.
public enum EskyError: Error, Sendable {
  /// The app folder is not as it should be.
  case layout(LayoutError)
  /// A system call was refused.
  case file(FileError)
  /// The repository could not be reached, or what it sent is not trusted.
  case repository(TUFError)
  /// The repository was refused, and again when it was asked past all caches.
  case refusedTwice(TUFError)
  /// A verified archive can't be unpacked.
  case archive(file: String, ArchiveError)
  /// A verified archive is no bundle of the version that it is named for, or not one that works.
  case bundle(file: String, BundleProblem)
  /// A verified archive ships a root of trust that the repository's own does not lead to.
  case foreignRoot(file: String)
  /// An archive was refused before, for a reason, and its publisher has changed nothing since.
  case refusedBefore(VersionDirectoryName, reason: String)
  /// What this process would go by may be another user's.
  case untrusted(OwnershipProblem)
  /// This user may not change the app folder; the finder, and the ids of the user and his group.
  case readOnly(WriteObstacle, finder: Path, user: UserID, group: GroupID)
  /// There is no place of this user's for what is kept of checks; why, where something was tried.
  case noCache(FileError?)
  /// The place for what is kept of checks is not this user's own; the ids of the user and his group.
  case foreignCache(CacheObstacle, user: UserID, group: GroupID)
  /// Something in this user's app folder is root's, and can't be changed; the app folder, the ids of the user and
  /// his group.
  case leftByRoot(Path, Path, user: UserID, group: GroupID)
  /// Another process is changing the app folder.
  case locked(Path)
  /// More files of older versions would have to give way than an update can note.
  case tooManyReplaced(Path)
  /// The version is running and can't be replaced.
  case inUse(VersionDirectoryName)
  /// Updates are switched off.
  case off(OffSwitch)
  /// The installed version names no place that updates come from.
  case noSource(Path)
  /// No version in the folder is complete.
  case notInstalled(Path)
  /// The volume has too little room; both in bytes.
  case noSpace(Path, needed: Int64, available: Int64)
  /// The caller wanted no more.
  case cancelled
  /// The launcher could not be started; the `errno`.
  case launch(Path, code: Int32)

  /// What a caller can do about it.
  public enum Kind: Sendable {
    /// Try again later: no network, or a repository that does not answer as it should.
    case offline
    /// What was received is not trusted, or is no app; trying again does not help.
    case refused
    /// Try again when the other process is done.
    case locked
    /// Switched off on purpose.
    case off
    /// The caller cancelled it.
    case cancelled
    /// Everything else: permissions, disk, a damaged app folder.
    case failed
  }

  /// What a caller can do about it.
  public var kind: Kind {
    switch self {
    case .repository(let error), .refusedTwice(let error):
      if error.isAttack { return .refused }
      switch error {
      case .fetch(_, _, .stopped): return .cancelled
      case .fetch(_, _, .unsupportedURL), .fetch(_, _, .noTransport): return .failed
      case .fetch: return .offline
      case .targetNotFound: return .refused
      default: return .failed
      }
    case .archive(_, .stopped): return .cancelled
    // A name that this volume can't hold, or takes for another one of the archive's.
    case .archive(_, .entryFile(_, let error)) where error.isAboutName: return .refused
    case .archive(_, .file), .archive(_, .entryFile), .archive(_, .outOfMemory): return .failed
    case .archive, .bundle, .foreignRoot, .refusedBefore: return .refused
    case .locked, .inUse: return .locked
    case .off: return .off
    case .cancelled: return .cancelled
    case .layout, .file, .noSource, .notInstalled, .noSpace, .launch, .tooManyReplaced:
      return .failed
    case .untrusted, .readOnly, .noCache, .foreignCache, .leftByRoot: return .failed
    }
  }

  /// One sentence for a person, without a final stop.
  public var description: String {
    switch self {
    case .layout(let error): error.description
    case .file(let error): error.description
    case .repository(let error): error.description
    case .refusedTwice(let error): "\(error.description); \(error.suspicion)"
    case .archive(let file, let error): "\(file) can't be unpacked: \(error.description)"
    case .bundle(let file, let problem): "\(file) is not a usable bundle: \(problem.description)"
    case .foreignRoot(let file):
      "\(file) ships a root of trust that the repository's own does not lead to; its publisher has to build it again"
    case .refusedBefore(let name, let reason):
      "\(name.text) was refused before, and is not fetched again until its publisher changes something: \(reason)"
    case .untrusted(let problem): problem.description
    case .readOnly(let obstacle, let finder, let user, let group):
      obstacle.description(finder: finder, user: user, group: group)
    case .foreignCache(let obstacle, let user, let group):
      obstacle.description(user: user, group: group)
    case .noCache(let error):
      "\(error.map { "\($0.description); " } ?? "")what this user keeps of checks needs a folder of his own, in HOME or where XDG_CACHE_HOME says"
    case .leftByRoot(let path, let root, let user, let group):
      "\(path.text) was made by root, and can't be changed by the user whose app it is; an administrator can mend that: chown -R \(user):\(group) \(root.quoted)"
    case .locked(let path): "another process is updating the app (it holds \(path.text))"
    case .tooManyReplaced(let root):
      "too many files of older versions in \(root.text) would have to give way; clean up first, which removes those that no longer serve"
    case .inUse(let name): "\(name.text) is running; quit the app and try again"
    case .off(let how): "updates are switched off \(how.description)"
    case .noSource(let path):
      "\(path.text) names no update-url; this bundle was built without a place to update from"
    case .notInstalled(let path):
      "no version in \(path.text) is complete; unzip a release elsewhere, and copy what its folder holds into this one"
    case .noSpace(let path, let needed, let available):
      "\(needed) bytes are needed on the volume of \(path.text), but only \(available) are free"
    case .cancelled: "it was cancelled"
    case .launch(let path, let code):
      "can't start \(path.text): \(SystemError(code: code).description)"
    }
  }
}

extension TUFError {
  /// What is behind it, as far as that can be told, when asking past all caches changed nothing.
  fileprivate var suspicion: String {
    switch rule {
    case .fetch:
      "it is not there past all caches either: it was published in part, or a mirror lags"
    case .expired:
      "it is no fresher past all caches: the publisher has not renewed it, a mirror no longer follows, or somebody holds updates back"
    default:
      "it is the same past all caches, so no old copy explains it: a mirror is broken, or somebody is attacking"
    }
  }
}

extension VersionDirectoryName {
  /// The name as text for a person.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Version {
  /// The version as text for a person.
  public var description: String { String(decoding: text, as: UTF8.self) }
}
