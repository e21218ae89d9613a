import FileSystem
import Foundation
import Testing

// Each in a process of its own: variables are everybody's.
struct ProcessEnvironmentTests {
  @Test func tellsAVariableThatIsSetFromAnEmptyOneAndFromNone() async {
    await #expect(processExitsWith: .success) {
      setenv("ESKY_TEST", "a=b c", 1)
      setenv("ESKY_TEST_EMPTY", "", 1)
      #expect(ProcessEnvironment.value(of: "ESKY_TEST") == Array("a=b c".utf8))
      #expect(ProcessEnvironment.value(of: "ESKY_TEST_EMPTY") == [])
      #expect(ProcessEnvironment.value(of: "ESKY_TEST_NONE") == nil)
    }
  }

  @Test func takesAVariableAwayFromProgramsThatAreStarted() async {
    await #expect(processExitsWith: .success) {
      setenv("ESKY_TEST", "secret", 1)
      ProcessEnvironment.remove("ESKY_TEST")
      #expect(ProcessEnvironment.value(of: "ESKY_TEST") == nil)
      let child = try FilterProgram(
        running: ["sh", "-c", "printf %s \"${ESKY_TEST-gone}\""].map { Array($0.utf8) }, on: [],
        limit: 100)
      #expect(child.output == Array("gone".utf8))
    }
  }

  @Test func putsTemporaryFilesWhereTheUserWantsThem() async {
    await #expect(processExitsWith: .success) {
      setenv("TMPDIR", "/some/where", 1)
      #expect(ProcessEnvironment.temporaryFolder == "/some/where")
      setenv("TMPDIR", "", 1)
      #expect(ProcessEnvironment.temporaryFolder == "/tmp")
      unsetenv("TMPDIR")
      #expect(ProcessEnvironment.temporaryFolder == "/tmp")
    }
  }
}
