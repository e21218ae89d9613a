import Foundation

/// A program to run, and what it is given.
struct Program {
  var path: String
  var arguments: [String]
  var folder = "/"
  /// The whole environment.
  var environment = ["PATH": "/usr/bin:/bin", "HOME": "/nowhere"]

  init(_ path: String, _ arguments: String...) {
    self.path = path
    self.arguments = arguments
  }

  /// A developer's tool: it has the environment of the tests, without what is ours in it.
  static func tool(_ path: String, _ arguments: [String], in folder: String) -> Program {
    var program = Program(path)
    program.arguments = arguments
    program.folder = folder
    program.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ESKY_") }
    return program
  }

  /// Runs it to its end; one that takes longer is killed with all that it started.
  func run(seconds: Double = 60) throws -> Outcome {
    let capture = try Scratch("capture")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    // Into files: whoever is left behind and keeps them open can't make us wait.
    for (descriptor, name) in [(CInt(1), "out"), (2, "err")] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, capture.path(name), O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

    let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder, path] + arguments
    var argv = words.map { strdup($0) } + [nil]
    var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, words[0], &actions, &attributes, &argv, &envp)
    guard code == 0 else {
      throw Failure("can't start \(path): \(String(cString: strerror(code)))")
    }
    let status = wait(for: pid, until: Date().addingTimeInterval(seconds))
    let outcome = Outcome(
      pid: pid, status: status, output: try Self.text(capture.path("out")),
      errors: try Self.text(capture.path("err")))
    if status == nil { throw Failure("\(path) took more than \(seconds) s\n\(outcome)") }
    return outcome
  }

  /// Runs a tool that has to succeed.
  @discardableResult
  func succeed(seconds: Double = 60) throws -> Outcome {
    let outcome = try run(seconds: seconds)
    guard outcome.status == 0 else {
      throw Failure("\(path) \(arguments.joined(separator: " ")) failed\n\(outcome)")
    }
    return outcome
  }

  /// The exit status, 128 and more for a signal; nil when it had to be killed.
  private func wait(for pid: pid_t, until deadline: Date) -> CInt? {
    var status: CInt = 0
    while waitpid(pid, &status, WNOHANG) != pid {
      if Date() > deadline {
        kill(-pid, SIGKILL)
        waitpid(pid, &status, 0)
        return nil
      }
      usleep(2000)
    }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + status & 0x7f
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }
}

/// How a program ended, and what it printed.
struct Outcome: CustomStringConvertible {
  let pid: pid_t
  /// The exit status; nil when it had to be killed.
  let status: CInt?
  let output: String
  let errors: String

  var description: String {
    "status \(status.map { String($0) } ?? "none")\n\(output)\n\(errors)"
  }

  /// What stands behind a key on all lines that begin with it.
  func values(_ key: String) -> [String] {
    output.split(separator: "\n").compactMap { line in
      line == key ? "" : line.hasPrefix(key + " ") ? String(line.dropFirst(key.count + 1)) : nil
    }
  }
}

extension Scratch {
  /// Lets a file be executed: a copy, which no process that another thread starts can hold open for writing.
  func makeProgram(_ name: String) throws {
    let script = "cp \"$0\" \"$0.new\" && chmod 755 \"$0.new\" && mv \"$0.new\" \"$0\""
    try Program("/bin/sh", "-c", script, path(name)).succeed()
  }
}
