import CPosix
import FileSystem
import Layout

/// What kept versions from starting, told in one line each as the next older one is tried.
struct Failures {
  /// How many of the versions that were found the last message names.
  private static let shownAtMost = 20

  private let identity: Identity
  private var found: [VersionDirectoryName] = []
  private var incompleteNames: [VersionDirectoryName] = []
  /// True when a version was there that could not be executed, not only one that was missing parts.
  private var mayNotRun = false
  /// True when a version went away between being listed and being run.
  var vanished = false

  init(_ identity: Identity) {
    self.identity = identity
  }

  mutating func begin(_ names: [VersionDirectoryName]) {
    found = names
    incompleteNames = []
    vanished = false
  }

  /// Notes a version that lacks its `esky-bootstrap.txt`; nothing is said while another may start.
  mutating func incomplete(_ version: VersionFolder) {
    incompleteNames.append(version.name)
    noteWhetherGone(version)
  }

  /// Says that a version's control file can't be read, and how.
  mutating func unreadable(_ version: VersionFolder, _ error: FileError?) {
    mayNotRun = true
    var line = start(version)
    if let error {
      line.add(error)
    } else {
      line.add(path: version.bootstrapFile)
      line.add(" is damaged")
    }
    line.send()
  }

  /// Says why exec refused a version's program.
  mutating func notExecuted(_ version: VersionFolder, _ program: Path, code: CInt) {
    var line = start(version)
    if code == ENOENT, (try? FileSystem.exists(program)) != true {
      noteWhetherGone(version)
      line.add(path: program)
      line.add(" is missing")
    } else {
      mayNotRun = true
      switch code {
      case ENOENT:
        line.add("the interpreter or loader that ")
        line.add(path: program)
        line.add(" needs is missing")
      case ENOEXEC:
        line.add(path: program)
        line.add(" is not for this kind of machine")
      default:
        line.add("can't execute ")
        line.add(path: program)
        line.add(": ")
        line.add(code: code)
      }
    }
    line.send()
  }

  private func start(_ version: VersionFolder) -> Report {
    var line = Report()
    line.add(identity.app.bytes)
    line.add(": version ")
    line.add(version.name.version.text)
    line.add(" can't start: ")
    return line
  }

  private mutating func noteWhetherGone(_ version: VersionFolder) {
    if (try? FileSystem.exists(version.path)) != true { vanished = true }
  }

  /// Says in one message where, what was found and what to do; the exit status that a shell would give.
  func report() -> CInt {
    var line = Report()
    line.add(identity.app.bytes)
    line.add(": no version in ")
    line.add(path: identity.folder.root)
    line.add(" can be started on ")
    line.add(Platform.current.tag)
    line.add(found.isEmpty ? "; found none" : "; found")
    var names = found
    var shown = 0
    while shown < Self.shownAtMost, let name = VersionDirectoryName.takeNewest(of: &names) {
      shown += 1
      line.add(" ")
      line.add(name.bytes)
      for incomplete in incompleteNames where incomplete == name { line.add(" (incomplete)") }
    }
    if !names.isEmpty { line.add(" and more") }
    line.add("; unzip a release of ")
    line.add(identity.app.bytes)
    line.add(" elsewhere, and copy what its folder holds into this one")
    line.send()
    return mayNotRun ? 126 : 127
  }
}
