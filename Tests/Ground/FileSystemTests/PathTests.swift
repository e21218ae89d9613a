import FileSystem
import Foundation
import Testing

struct PathTests {
  /// Remedies are pasted as they stand.
  @Test(arguments: [
    "a", "a b", "it's", "$(x) `y` \"z\"", "back\\slash", "-n", "line\nbreak", "\u{202e}turned",
    "joined\u{200d}'\\", "é", "\u{1}1",
  ])
  func quotedItIsOneWordForAShell(name: String) throws {
    try check(Array(name.utf8))
  }

  @Test func quotedItMayHoldWhatIsNoText() throws {
    try check([0x61, 0xff, 0x27, 0xc3])
  }

  private func check(_ name: [UInt8]) throws {
    let quoted = Path(name).quoted
    // A person sees what is pasted.
    #expect(
      quoted.unicodeScalars.allSatisfy {
        !$0.properties.isDefaultIgnorableCodePoint && $0.value >= 0x20
      })
    let shell = Process()
    let output = Pipe()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = ["-c", "printf %s \(quoted)"]
    shell.standardOutput = output
    try shell.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(Array(said) == name)
  }
}
