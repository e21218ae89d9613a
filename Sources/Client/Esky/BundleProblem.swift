public import Archive
import Bytes
import FileSystem
public import Layout

/// Why an archive can't become a version.
public enum BundleError: Error, Sendable {
  /// It is no archive that can be read.
  case archive(ArchiveError)
  /// It is no bundle of the version that it is named for, or not one that works.
  case problem(BundleProblem)
}

/// What is wrong with an archive that is to become a version; paths are those in the archive or the app folder.
public enum BundleProblem: Sendable {
  /// An entry that is neither in the version directory nor a free name in the app folder.
  case foreign([UInt8])
  /// An entry with a name that only installing makes.
  case reserved([UInt8])
  /// A symbolic link among the files for the app folder.
  case linkInAppFolder([UInt8])
  /// A symbolic link that leads out of the version directory.
  case linkOutside([UInt8])
  /// A control file that is not there.
  case missing([UInt8])
  /// A control file that can't be read as one.
  case damaged([UInt8])
  /// A file for the app folder that `esky-bootstrap.txt` does not list.
  case unlisted([UInt8])
  /// A file that `esky-bootstrap.txt` lists and the archive lacks.
  case listedButMissing([UInt8])
  /// Something in the archive that its manifest does not list.
  case notInManifest([UInt8])
  /// Something that the manifest lists and the archive lacks.
  case inManifestButMissing([UInt8])
  /// Something that is of another kind, size, hash, link target, or use than the manifest says.
  case notAsInManifest([UInt8])
  /// No program at all.
  case noProgram
  /// No `update-url` in the settings: it would be the last version that anybody gets.
  case noUpdateURL
  /// An `update-url` that no finder can fetch from.
  case updateURL([UInt8])
  /// A `ca-file` that is not in the version directory, or holds no certificate in PEM.
  case certificates([UInt8])
  /// A program that leads to no file.
  case programMissing([UInt8], Role)
  /// A program that may not be executed.
  case notExecutable([UInt8], Role)
  /// A program that is empty, cut short, or part of one.
  case noImage([UInt8], Role)
  /// A program that machines of a platform don't run.
  case otherMachine([UInt8], Role, Platform)
  /// A script that no machine runs, for what its first line says.
  case firstLine([UInt8], Role, ScriptLine.Fault)
  /// A version of an app inside the version: finders would take what is around it for the app folder.
  case appInside([UInt8])
  /// A program that is a launcher itself.
  case launcherAsProgram([UInt8])
  /// A launcher that starts another program, or one of another app.
  case otherSlot([UInt8])
  /// A program whose interpreter, loader or command can't be executed on this machine.
  case interpreterMissing([UInt8], Role, [UInt8])

  /// What a program is for.
  public enum Role: Sendable {
    /// The app's, in the version directory.
    case program
    /// What starts it, in the app folder.
    case launcher
    /// What keeps the app fresh.
    case finder
  }

  static func damaged(_ name: StaticString) -> BundleProblem { .damaged(name.bytes) }

  /// What must be there first for it to be none any more; nil where nothing on this machine helps.
  var needs: [UInt8]? {
    if case .interpreterMissing(_, _, let path) = self { return path }
    return nil
  }

  /// Half a sentence for a person, behind "is not a usable bundle: ".
  public var description: String {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    func the(_ role: Role, _ path: [UInt8]) -> String {
      switch role {
      case .program: "its program \(text(path))"
      case .launcher: "its launcher \(text(path))"
      case .finder: "its finder"
      }
    }
    switch self {
    case .foreign(let path):
      return "its entry \(text(path)) is neither of its version nor a free name"
    case .reserved(let path): return "its entry \(text(path)) has a name that only installing makes"
    case .linkInAppFolder(let path): return "its entry \(text(path)) is a link in the app folder"
    case .linkOutside(let path): return "its link \(text(path)) leads out of the version directory"
    case .missing(let path): return "it has no \(text(path))"
    case .damaged(let path): return "its \(text(path)) is damaged or of a newer format"
    case .unlisted(let path): return "esky-bootstrap.txt does not list \(text(path))"
    case .listedButMissing(let path):
      return "\(text(path)) is listed for the app folder but missing"
    case .notInManifest(let path): return "its manifest does not list \(text(path))"
    case .inManifestButMissing(let path):
      return "\(text(path)) is listed in its manifest but missing"
    case .notAsInManifest(let path): return "\(text(path)) is not what its manifest says"
    case .noProgram: return "it has no program"
    case .appInside(let path):
      return
        "its entry \(text(path)) is a version of an app inside it; bundle the app as it was frozen, and no app folder"
    case .launcherAsProgram(let path):
      return
        "its program \(text(path)) is a launcher, which would find no app; bundle the app as it was frozen, and no app folder"
    case .otherSlot(let path):
      return "the launcher \(text(path)) is made for another program or app"
    case .noUpdateURL: return "its settings name no update-url, so no version could follow it"
    case .updateURL(let url):
      return "its update-url \(text(url)) is none that a finder can fetch from"
    case .certificates(let path):
      return "its ca-file \(text(path)) is not in it, or holds no certificate in PEM"
    case .programMissing(let path, let role): return "\(the(role, path)) is missing"
    case .notExecutable(let path, let role): return "\(the(role, path)) may not be executed"
    case .noImage(let path, let role):
      return "\(the(role, path)) is empty, cut short or no program at all"
    case .otherMachine(let path, let role, let platform):
      return platform == .any
        ? "\(the(role, path)) is for one kind of machine, and the bundle for any"
        : "\(the(role, path)) can't run on \(text(platform.tag))"
    case .firstLine(let path, let role, let fault):
      return "\(the(role, path)) \(fault.description)"
    case .interpreterMissing(let path, let role, let needed):
      return
        "\(the(role, path)) can't run on this machine without \(text(needed)), which is missing or does not run"
    }
  }
}

extension ScriptLine.Fault {
  /// What a script does, behind its name.
  fileprivate var description: String {
    switch self {
    case .tooLong:
      "has a first line of more than \(ScriptLine.maximumLength) bytes, which is more than the system reads"
    case .carriageReturn: "ends its first line with a carriage return; only a line feed may end it"
    case .noInterpreter: "names no interpreter"
    case .relative(let path): "names its interpreter \(path.text) by no absolute path"
    case .env(let word):
      "gives env \"\(String(decoding: word, as: UTF8.self))\" as one word; write a command's name alone, or -S, the name and plain words"
    }
  }
}
