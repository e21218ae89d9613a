import Bytes
public import FileSystem
import JSON
public import TUF

/// Why the packager's side could not do what it was asked to.
///
/// What clients see is the repository from before; or, where putting a change in place failed that had been
/// decided on, that change from the next command on, which finishes it.
public enum RepositoryError: Error, Sendable {
  /// Reading or writing a file failed.
  case file(FileError)
  /// The repository in a folder is refused by the checks that its clients make.
  case metadata(folder: Path, TUFError)
  /// A file of the repository has a field that this program can't carry on from.
  case field(file: String, name: String, expected: String)
  /// A value that has no canonical form, and so can't be signed.
  case notCanonical(what: String, JSONError)
  /// There is a repository in the folder, or what is left of one.
  case repositoryExists(folder: Path, file: String)
  /// There is no repository in the folder.
  case noRepository(folder: Path)
  /// File names in the repository carry no versions; this program publishes only with them.
  case notConsistent(folder: Path)
  /// The change that turns them on waits for signatures.
  case adoptionWaits(folder: Path)
  /// Others were publishing to the folder all the time that there was to wait.
  case busy(folder: Path, seconds: Int)
  /// A key is to sign that was not unlocked yet, while others are kept waiting.
  case keyLocked(role: Role, KeyObject)
  /// No keys were given for a role, or fewer than its threshold.
  case badThreshold(role: Role, keys: Int, threshold: Int)
  /// Fewer keys of a role are at hand than must sign for it.
  case missingKeys(role: Role, found: Int, threshold: Int, ids: [String])
  /// A key file stands where a new one was to be written.
  case keyFileExists(Path)
  /// A key file was to be written under no passphrase at all.
  case emptyPassphrase(Path)
  /// A file is no key file of a kind that this program reads.
  case badKeyFile(Path, reason: String)
  /// The passphrase does not open a key file, or somebody changed the file.
  case wrongPassphrase(Path)
  /// No passphrase could be had for a key file.
  case noPassphrase(Path, reason: String)
  /// A key that was put away for bad days was at hand, and nobody asked for its passphrase.
  case reserveNotNeeded(Path)
  /// The command of an external signer did not give a signature.
  case signerFailed(Path, command: String, reason: String)
  /// The memory to turn a passphrase into a key is not there, in bytes.
  case noMemory(bytes: UInt64)
  /// The cryptographic library found no source of random numbers.
  case noRandomness
  /// A repository was to be removed without its name as a confirmation.
  case notConfirmed(folder: Path, name: String)
  /// Something is wrong with the metadata, so nothing can be told to be superfluous.
  case unsound(folder: Path, Finding)
  /// Metadata that would be signed with an expiry that has passed.
  case expiresAtOnce(Role)
  /// A file of the repository that others list is not there.
  case missingMetadata(Path)
  /// A file in the staging area is no metadata.
  case badDraft(file: String, TUFError)
  /// Somebody else has published since a change was worked out.
  case changedMeanwhile(role: Role, basis: Int64, current: Int64)
  /// A repository to be taken over has two files that should be the same and are not.
  case adoptionDiffers(Path)
  /// A change of which the note would be too long, in bytes.
  case tooMuchAtOnce(Path, bytes: Int)
  /// A line of a list of targets says nothing that could be added; lines count from 1.
  case badTargetList(Path, line: Int, reason: String)
  /// A note in the staging area can't be read.
  case badCeremony(Path, reason: String)
  /// A file that should be a trusted root is none.
  case badRoot(file: String, TUFError)
  /// A signer's signature does not hold.
  case badSignature(role: Role, key: String)
  /// A change waits for signatures, and another one can't be made before that.
  case ceremonyWaits(folder: Path, [CeremonyStatus])
  /// Nothing waits for signatures, or not for those of that role.
  case nothingWaits(folder: Path, role: Role?)
  /// What waits for signatures was made for a version that has been published meanwhile.
  case staleDraft(role: Role, version: Int64, current: Int64)
  /// What waits for signatures has waited until it expired, in seconds since 1970 UTC.
  case draftExpired(role: Role, at: Int64)
  /// A folder that should be a copy of the staging area holds nothing of it.
  case nothingToMerge(Path)
  /// A target that clients would not find any more.
  case wouldHide(target: String, role: Role, count: Int)
  /// A copy of the staging area holds a file that says something else.
  case otherDraft(Path)
  /// A text that can't name a role.
  case badRoleName(String, reason: String)
  /// Nobody delegates to a role of that name.
  case noRole(Role)
  /// The role has no key with that id.
  case noKey(role: Role, id: String)
  /// The paths of a delegation are none.
  case badScope(role: Role, reason: String)
  /// A role that is delegated to already, by another one.
  case delegatedElsewhere(Role, by: Role)
  /// Bins that are written as one, and other roles, in one list of delegations.
  case mixedDelegations(Role)
  /// A target that clients would find in another role before they look where it should go.
  case targetElsewhere(TargetName, role: Role)
  /// A target that the role may not speak for.
  case notDelegated(TargetName, role: Role)
  /// A text that can't name a target.
  case badTargetName(String, reason: String)
  /// The data of a target is no JSON object.
  case badTargetData(TargetName)
  /// One call names a target twice.
  case targetNamedTwice(TargetName)
  /// The repository has the target already, with other bytes or other data.
  case targetExists(TargetName)
  /// The repository has no target with that name.
  case noTarget(TargetName)
  /// What should become a target is a folder, a device or the like.
  case notAFile(Path)
  /// Something stands where a change would put a file; nothing was decided.
  case inTheWay(PlacementObstacle)
  /// A change that was decided on can't be put in place: something went wrong on the way.
  case undone(folder: Path, FileError, isHalfSeen: Bool)
  /// A change that was decided on can't be taken back: clients may have seen the first half of it.
  case halfSeen(folder: Path)
  /// More bytes than clients read of a role.
  case tooLarge(Role, limit: Int64)
  /// Another user's folder, in which a change may wait, is closed to this one; it should be the publisher's.
  case closed(folder: Path, owner: UserID, publisher: UserID)
}

extension RepositoryError {
  /// One sentence for a person, without a final stop: what is wrong with which file, and what helps.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .metadata(_, .tooMuchMemory(let file, let left)) where file != "snapshot.json":
      "\(file) would take more than the \(left >> 20) MiB of memory that clients have for it; \(Self.spreading)"
    case .tooLarge(let role, let limit):
      "\(role.name) would be longer than the \(limit >> 20) MiB that clients read; \(Self.spreading)"
    case .metadata(let folder, let error):
      "the repository in \(folder.text) does not pass its clients' checks: \(error.description)"
    case .field(let file, let name, let expected):
      "\"\(name)\" in \(file) is missing or is not \(expected); restore the file from a backup"
    case .notCanonical(let what, let error):
      "\(what) can't be signed: \(error.description); use integers and text in place of it"
    case .repositoryExists(let folder, let file):
      "\(folder.text) holds a repository already (\(file)); open it, or choose another folder"
    case .noRepository(let folder):
      "there is no repository in \(folder.text): metadata/1.root.json is missing; create one first"
    case .notConsistent(let folder):
      "the repository in \(folder.text) was made without consistent snapshots; "
        + "take it over with bundle-esky adopt"
    case .adoptionWaits(let folder):
      "\(folder.text) is being taken over, and that waits for signatures: add them with bundle-esky sign, or give it "
        + "up with bundle-esky staged --discard. Until then, renew with the program that the repository was made with"
    case .busy(let folder, let seconds):
      "others have been publishing to \(folder.text) for \(seconds) seconds; try again when they have finished"
    case .keyLocked(let role, let object):
      "the key \(object.id) of \(role.name) is locked"
    case .badThreshold(let role, let keys, let threshold):
      "the role \(role.name) needs a threshold between 1 and its number of keys, "
        + "not \(threshold) of \(keys)"
    case .missingKeys(let role, let found, let threshold, let ids):
      "\(found) of the \(threshold) keys needed to sign \(role.name) are at hand; "
        + "bring the key files for \(ids.joined(separator: ", "))"
    case .keyFileExists(let path):
      "\(path.text) exists and is not overwritten; move it away if the key is no longer needed"
    case .emptyPassphrase(let path):
      "\(path.text) needs a passphrase: without one, anybody who reads it can sign"
    case .badKeyFile(let path, let reason):
      "\(path.text) is no usable key file: \(reason); restore it from a backup"
    case .wrongPassphrase(let path):
      "the passphrase does not open \(path.text), or the file was changed; "
        + "try again, or restore it from a backup"
    case .noPassphrase(let path, let reason): "\(path.text) stays locked: \(reason)"
    case .reserveNotNeeded(let path):
      "\(path.text) stayed locked: its signature was not needed"
    case .signerFailed(let path, let command, let reason):
      "the command of \(path.text), \(command), gave no signature: \(reason); run it by hand to see why"
    case .noMemory(let bytes):
      "\(bytes >> 20) MiB of memory are needed to use the passphrase and are not there; "
        + "close other programs"
    case .noRandomness: "this system gives no random numbers; make /dev/urandom available"
    case .notConfirmed(let folder, let name):
      "nothing was removed: to remove \(folder.text), confirm with its name, \(name)"
    case .unsound(let folder, let finding):
      "nothing was removed from \(folder.text): \(finding.file): \(finding.fault); "
        + "run bundle-esky check"
    case .expiresAtOnce(let role):
      "\(role.name) would expire at once; make it valid for at least a day"
    case .missingMetadata(let path):
      "\(path.text) is missing; restore it from a backup, or from where it is served"
    case .badDraft(let file, let error):
      "\(file) in the staging area can't be used: \(error.description); discard the change and make it again"
    case .badCeremony(let path, let reason):
      "\(path.text) can't be read: \(reason); discard the change and make it again"
    case .badRoot(let file, let error):
      "\(file) is no root that clients could trust: \(error.description); name another one"
    case .badSignature(let role, let key):
      "the signature that key \(key) made for \(role.name) does not hold; check its signer"
    case .changedMeanwhile(let role, let basis, let current):
      "\(role.name) has become version \(current) since version \(basis) was read; make the change again"
    case .adoptionDiffers(let path):
      "\(path.text) is another file than the one without a version in its name; remove the wrong one of them"
    case .badTargetList(let path, let line, let reason): "\(path.text), line \(line): \(reason)"
    case .tooMuchAtOnce(let path, let bytes):
      "\(path.text) would have \(bytes) bytes; make the change in several smaller ones"
    case .ceremonyWaits(let folder, let waiting):
      "a change waits in \(folder.text) for signatures ("
        + waiting.filter { !$0.isComplete }.map(\.description).joined(separator: "; ")
        + "); sign or discard it first"
    case .nothingWaits(let folder, let role):
      "nothing waits for signatures\(role.map { " of " + $0.name } ?? "") in \(folder.text); "
        + "bundle-esky staged shows what does"
    case .staleDraft(let role, let version, let current):
      "version \(version) of \(role.name) waits for signatures, but version \(current) is published; "
        + "discard the change and make it again"
    case .draftExpired(let role, let time):
      "what waits for signatures of \(role.name) expired on \(UTCTime.text(time)); "
        + "discard the change and make it again"
    case .nothingToMerge(let path):
      "\(path.text) holds no copy of what waits here; name the folder that was signed"
    case .wouldHide(let name, let role, let count):
      "clients would not find \(name) in \(role.name) any more"
        + (count > 1 ? ", nor \(count - 1) other targets of it" : "")
        + "; remove it first, or let the delegation cover it"
    case .otherDraft(let path):
      "\(path.text) says something else than the file that waits here; make a new copy to sign"
    case .badRoleName(let name, let reason): "\"\(name)\" can't name a role: \(reason)"
    case .noRole(let role):
      "nobody delegates to a role \(role.name), or it was never published; check the name"
    case .noKey(let role, let id): "\(role.name) has no key \(id); check the id"
    case .badScope(let role, let reason): "the delegation to \(role.name) is no use: \(reason)"
    case .delegatedElsewhere(let role, let other):
      "\(other.name) delegates to \(role.name) already; choose another name, or move the role"
    case .mixedDelegations(let role):
      "\(role.name) can delegate either to succinct bins or to other roles; "
        + "put a role between, or use explicit bins"
    case .targetElsewhere(let name, let role):
      "clients find \(name.text) in the role \(role.name) first; remove it there"
    case .notDelegated(let name, let role):
      "clients do not look for \(name.text) in the role \(role.name); check its paths"
    case .badTargetName(let name, let reason):
      "\"\(name)\" can't name a target: \(reason); choose another name"
    case .badTargetData(let name):
      "the data for the target \(name.text) is no JSON object; put it into one"
    case .targetNamedTwice(let name): "the target \(name.text) is named twice; leave one out"
    case .targetExists(let name):
      "\(name.text) is listed already, with other contents or other data; "
        + "choose another name, or ask for it to be replaced"
    case .noTarget(let name):
      "no role lists \(name.text); bundle-esky list --targets shows what is listed"
    case .notAFile(let path): "\(path.text) is not a regular file; name one that is"
    case .inTheWay(let obstacle):
      "nothing was changed: \(obstacle.description)"
    case .undone(let folder, let error, let isHalfSeen):
      "a change to \(folder.text) was decided on and can't be put in place: \(error.description); "
        + "mend that and run any command that publishes"
        + (isHalfSeen
          ? "; it can't be taken back, since clients may have seen the first half"
          : ", or take the change back with bundle-esky staged --discard")
    case .closed(let folder, let owner, let publisher):
      "a change waits in \(folder.text), which user \(owner) has closed to others: that user can finish it "
        + "(bundle-esky sign) or give it up (bundle-esky staged --discard), and an administrator can give it over: "
        + "chown -R \(publisher) \(folder.quoted)"
    case .halfSeen(let folder):
      "the change to \(folder.text) can't be taken back, since clients may have seen the first half; "
        + "mend what bundle-esky check names, and the next command finishes it"
    }
  }
}

extension RepositoryError {
  /// What helps where a role lists too much.
  private static let spreading =
    "spread what it lists over roles of their own (bundle-esky delegate NAME --bins 256 --key FILE)"

  /// True when one key could not sign, and another one may.
  var isAboutOneKey: Bool {
    switch self {
    case .wrongPassphrase, .noPassphrase, .signerFailed, .badSignature: true
    default: false
    }
  }
}

/// Touches the disk, and wraps what goes wrong there.
package func onDisk<Result: ~Copyable>(
  _ body: () throws(FileError) -> Result
) throws(RepositoryError) -> Result {
  do throws(FileError) {
    return try body()
  } catch {
    throw .file(error)
  }
}

/// Asks the client's own checks, and wraps what they refuse.
func checked<Result>(
  _ folder: Path, _ body: () throws(TUFError) -> Result
) throws(RepositoryError) -> Result {
  do throws(TUFError) {
    return try body()
  } catch {
    throw .metadata(folder: folder, error)
  }
}
