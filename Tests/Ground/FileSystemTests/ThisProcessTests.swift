import FileSystem
import Foundation
import Testing

// Each in a process of its own, which ends.
struct ThisProcessTests {
  @Test func endsWithAStatus() async {
    await #expect(processExitsWith: .exitCode(3)) { ThisProcess.exit(3) }
  }

  @Test func becomesAnotherProgram() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try ThisProcess.become("/bin/sh", arguments: ["-c", "exit 7"].map { Array($0.utf8) })
    }
  }

  @Test func becomesOneThatCanBeEndedBySignals() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      var blocked = sigset_t()
      sigemptyset(&blocked)
      sigaddset(&blocked, SIGTERM)
      pthread_sigmask(SIG_BLOCK, &blocked, nil)
      try ThisProcess.become(
        "/bin/sh", arguments: ["-c", "kill -TERM $$; exit 7"].map { Array($0.utf8) })
    }
  }

  @Test func staysWhatItIsWhereThatCannotBeStarted() {
    #expect(throws: SystemError(code: ENOENT)) {
      try ThisProcess.become("/no/such/program", arguments: [])
    }
  }
}
