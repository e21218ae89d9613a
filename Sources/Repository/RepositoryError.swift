public import FileSystem
public import TUF

/// Why the packager's side could not do what it was asked to.
///
/// Whatever the case, the repository that clients see is the one from before.
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
  /// Another process is publishing to the folder.
  case busy(folder: Path)
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
  /// The memory to turn a passphrase into a key is not there, in bytes.
  case noMemory(bytes: UInt64)
  /// The cryptographic library found no source of random numbers.
  case noRandomness
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
  /// A file in the folder of targets is not the one that the metadata lists.
  case changedTarget(TargetName, file: Path)
}

extension RepositoryError {
  /// One sentence for a person, without a final stop: what is wrong with which file, and what helps.
  public var description: String {
    switch self {
    case .file(let error): error.description
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
      "the repository in \(folder.text) was made without consistent snapshots; create a new one"
    case .busy(let folder):
      "another process is publishing to \(folder.text); try again when it has finished"
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
    case .noMemory(let bytes):
      "\(bytes >> 20) MiB of memory are needed to use the passphrase and are not there; "
        + "close other programs"
    case .noRandomness: "this system gives no random numbers; make /dev/urandom available"
    case .badTargetName(let name, let reason):
      "\"\(name)\" can't name a target: \(reason); choose another name"
    case .badTargetData(let name):
      "the data for the target \(name.text) is no JSON object; put it into one"
    case .targetNamedTwice(let name): "the target \(name.text) is named twice; leave one out"
    case .targetExists(let name):
      "targets.json lists \(name.text) already with other contents; "
        + "choose another name, or ask for it to be replaced"
    case .noTarget(let name): "targets.json does not list \(name.text); check the name"
    case .notAFile(let path): "\(path.text) is not a regular file; name one that is"
    case .changedTarget(let name, let file):
      "\(file.text) is missing or is not what targets.json lists for \(name.text); "
        + "add the right file again"
    }
  }
}

/// Touches the disk, and wraps what goes wrong there.
func onDisk<Result: ~Copyable>(
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
