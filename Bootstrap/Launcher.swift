import CPosix
import FileSystem
import Layout

/// Runs the newest complete version; falls back to older ones; replaces this process.
///
/// It waits for nothing and nobody: locks are tried, the finder is started and forgotten, and no clock,
/// expiry date or network decides what runs.
struct Launcher {
  typealias Strings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  let arguments: Strings
  let environment: Strings

  /// Returns only when no version could be started, with the exit status that a shell would give.
  func run() -> CInt {
    guard let executable = FileSystem.executable() else {
      return fail("a launcher can't find its own location; is /proc mounted?", Path([]))
    }
    guard let identity = Identity(executable: executable) else {
      return fail(" can't tell which app it starts: it has been renamed", executable)
    }
    var failures = Failures(identity)
    // A version can go while we look: it is removed only after a newer one came, so look again.
    var attempts = 0
    while attempts < 3 {
      attempts += 1
      var names: [VersionDirectoryName]
      do throws(LayoutError) {
        names = try identity.folder.versionDirectories()
      } catch {
        var line = Report()
        if case .file(let error) = error { line.add(error) }
        line.send()
        return 126
      }
      if attempts == 1 { InheritedLock.drop(names, identity.folder) }
      failures.begin(names)
      var isNewest = true
      while let name = VersionDirectoryName.takeNewest(of: &names) {
        let version = identity.folder.version(name)
        if start(version, identity, isNewest: isNewest, &failures) { isNewest = false }
      }
      if !failures.vanished { break }
    }
    return failures.report()
  }

  private func fail(_ text: StaticString, _ path: Path) -> CInt {
    var line = Report()
    line.add(path: path)
    line.add(text)
    line.send()
    return 126
  }

  /// Tries to become one version.
  ///
  /// - Returns: true when the version is complete and whole, and yet did not start.
  private func start(
    _ version: VersionFolder, _ identity: Identity, isNewest: Bool, _ failures: inout Failures
  ) -> Bool {
    let lock: VersionLock
    do throws(FileError) {
      lock = try VersionLock(version, .shared)
    } catch {
      if error.isMissing {
        failures.incomplete(version)
        return false
      }
      failures.unreadable(version, error)
      return false
    }
    if lock.outcome == .busy {
      // Somebody who may write it is removing it: nobody else can keep others from a shared lock.
      failures.vanished = true
      return false
    }
    guard let text = try? lock.file.readAll(limit: ControlFile.maximumLength),
      BootstrapList(text) != nil
    else {
      failures.unreadable(version, nil)
      return false
    }
    if isNewest {
      finishUpdate(version, identity)
      Check.startFinderIfDue(version, identity.folder, environment)
    }
    exec(version, identity, lock, &failures)
    return true
  }

  /// Steps 4 and 5 of an update that was cut short, where this process may write.
  private func finishUpdate(_ version: VersionFolder, _ identity: Identity) {
    guard (try? Recovery.isUnfinished(version)) == true else { return }
    guard case .change = Mandate(in: identity.folder) else {
      return Report.unfinished(version, identity)
    }
    // Whatever can't be finished is left as it was; the version runs from its own directory anyway.
    let moved = Recovery.attempt(version, in: identity.folder).moved
    for path in moved where path == identity.program {
      // The new launcher takes over; should it not start, this one goes on.
      _ = identity.folder.root.appending(path).withCString { execve($0, arguments, environment) }
    }
  }

  private func exec(
    _ version: VersionFolder, _ identity: Identity, _ lock: borrowing VersionLock,
    _ failures: inout Failures
  ) {
    let program = version.path.appending(identity.program)
    // The lock must outlive this program.
    let held = posix_keep_across_exec(lock.file.descriptor)
    let prepared = Environment.prepared(environment, version, identity)
    _ = program.withCString { execve($0, arguments, prepared) }
    let code = posix_errno()
    _ = close(held)
    failures.notExecuted(version, program, code: code)
  }
}
