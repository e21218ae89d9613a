import FileSystem
import TUF

/// Why a command ended with 1.
enum Failure: Error {
  /// The command line can't be understood.
  case usage(String)
  /// The repository, or what is stored of it.
  case repository(TUFError)
  /// A local file.
  case file(FileError)
  /// Another run works on the folder of trusted metadata.
  case busy(Path)
  /// The folder of trusted metadata begins with another root.
  case otherRoot(Path)
  /// Something is not stored that a command without network needs.
  case notStored(String)
  /// A target name that no file can be named for.
  case emptyTargetName

  /// One sentence for a person, without a final stop.
  var description: String {
    switch self {
    case .usage(let text): "\(text); see tuf-client --help"
    case .repository(let error): error.description
    case .file(let error): error.description
    case .busy(let folder): "another tuf-client is at work in \(folder.text)"
    case .otherRoot(let file):
      "\(file.text) is another root already; --force gives it up and begins anew"
    case .notStored(let name):
      "\(name) is not stored, and this command uses no network; run download first"
    case .emptyTargetName: "a target with an empty name can't be kept as a file"
    }
  }
}
