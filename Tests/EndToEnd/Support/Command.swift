import Foundation

/// A program to run, and what it is given.
struct Command {
  /// What a program finds open as its standard input.
  enum Input { case empty, closed, file(String) }

  var program: String
  var arguments: [String]
  /// `argv[0]`; the program's path when nil.
  var name: String?
  /// The whole environment.
  var environment: [String: String] = ["PATH": "/usr/bin:/bin", "HOME": "/nowhere"]
  var folder = "/"
  var input = Input.empty

  init(_ program: String, _ arguments: [String] = []) {
    self.program = program
    self.arguments = arguments
  }

  /// The same command by a user without rights: `nobody`, when the tests run as root.
  func unprivileged() -> Command {
    geteuid() == 0 ? by(user: Int(nobody)) : self
  }

  /// The same command by ``nobody`` with a home of his own.
  func unprivileged(home: TemporaryFolder) -> Command {
    var command = unprivileged()
    command.environment["HOME"] = home.path
    return command
  }

  /// The same command by a user of the group `nogroup`; only root can start it.
  func by(user: Int) -> Command {
    var command = self
    command.program = "/usr/bin/setpriv"
    command.arguments =
      ["--reuid=\(user)", "--regid=65534", "--clear-groups", program] + arguments
    return command
  }

  /// Runs it to its end.
  func run(seconds: Double = 30) throws -> Outcome {
    try start().finish(seconds: seconds)
  }

  /// Starts it; what it prints goes to files, so that nobody who keeps them open can make us wait.
  func start() throws -> Running {
    let capture = NSTemporaryDirectory() + "/esky-capture-" + UUID().uuidString
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    switch input {
    case .empty: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    case .closed: posix_spawn_file_actions_addclose(&actions, 0)
    case .file(let path): posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
    }
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 1, capture + ".out", flags, 0o666)
    posix_spawn_file_actions_addopen(&actions, 2, capture + ".err", flags, 0o666)
    addFolder(&actions, folder)
    // What other tests have open at this moment is none of the program's business.
    addCloseFrom(&actions, 3)

    // What runs the tests may have blocked signals, or ignore some.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var argv = ([name ?? program] + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var pid: pid_t = 0
    let code = Executable.lock.withLock {
      posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
    }
    guard code == 0 else {
      throw Failure("can't start \(program): \(String(cString: strerror(code)))")
    }
    return Running(pid: pid, capture: capture)
  }
}

// In glibc since 2.29 and 2.34; Swift's view of the headers leaves out what is not POSIX.
@_silgen_name("posix_spawn_file_actions_addchdir_np") @discardableResult
private func addFolder(
  _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: UnsafePointer<CChar>
) -> CInt

@_silgen_name("posix_spawn_file_actions_addclosefrom_np") @discardableResult
private func addCloseFrom(
  _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ lowest: CInt
) -> CInt

/// A program that was started.
final class Running {
  let pid: pid_t
  private let capture: String
  private var isOver = false

  init(pid: pid_t, capture: String) {
    self.pid = pid
    self.capture = capture
  }

  deinit {
    if !isOver {
      kill(pid, SIGKILL)
      var status: CInt = 0
      waitpid(pid, &status, 0)
    }
    for ending in [".out", ".err"] { unlink(capture + ending) }
  }

  /// What it has printed up to now.
  var output: String { contents(".out") }

  /// Waits for its end; one that takes longer is killed.
  func finish(seconds: Double = 30) throws -> Outcome {
    let deadline = Date().addingTimeInterval(seconds)
    var status: CInt = 0
    while true {
      let found = waitpid(pid, &status, WNOHANG)
      if found == pid { break }
      if found < 0 && errno != EINTR { throw Failure("lost process \(pid): \(errno)") }
      if Date() > deadline {
        throw Failure("still running after \(seconds) s: \(output)\(contents(".err"))")
      }
      usleep(1000)
    }
    isOver = true
    let signal = status & 0x7f
    return Outcome(
      pid: pid, ending: signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal),
      output: output, errors: contents(".err"))
  }

  private func contents(_ ending: String) -> String {
    String(
      decoding: FileManager.default.contents(atPath: capture + ending) ?? Data(), as: UTF8.self)
  }
}

/// How a program ended, and what it printed.
struct Outcome {
  enum Ending: Equatable { case exited(CInt), killed(CInt) }

  let pid: pid_t
  let ending: Ending
  let output: String
  let errors: String

  /// The lines on standard error.
  var complaints: [Substring] { errors.split(separator: "\n") }
}
