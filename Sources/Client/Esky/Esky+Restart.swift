public import FileSystem
import Layout

extension Esky {
  /// The launcher of a program: the one path that is worth storing.
  public func launcher(of program: [UInt8]) -> Path {
    folder.root.appending(program)
  }

  /// Replaces this process by the app's launcher, which starts the newest version.
  ///
  /// What C's standard output and error hold back is written first. The new process has no signal
  /// blocked, whatever thread this is called on; the launcher lets go of this version's lock.
  ///
  /// - Parameters:
  ///   - launcher: the value of `ESKY_LAUNCHER`; nil for the first program of the newest version.
  ///   - arguments: the new process's arguments, without the program's name.
  /// - Throws: ``EskyError/launch(_:code:)`` when it could not be started; it does not return otherwise.
  public func restart(launcher: Path?, arguments: [[UInt8]]) throws(EskyError) -> Never {
    let path: Path
    if let launcher {
      path = launcher
    } else {
      guard let program = try survey().newestRunnable?.list?.programs.first else {
        throw .notInstalled(folder.root)
      }
      path = self.launcher(of: program)
    }
    do throws(SystemError) {
      try ThisProcess.become(path, arguments: arguments)
    } catch {
      throw .launch(path, code: error.code)
    }
  }
}
