import Foundation
import Testing

@testable import FileSystem

struct DetachedProgramTests {
  @Test func runsBesideUsWithTheEnvironmentThatItIsGiven() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path.appending("pipe")
    #expect(mkfifo(pipe.text, 0o600) == 0)
    let script = "printf '%s in %s' \"$ESKY_TEST\" \"$(pwd)\" > \(pipe.quoted)"
    let environment = CStrings([Array("ESKY_TEST=given".utf8)])
    let words = ["sh", "-c", script].map { Array($0.utf8) }
    #expect(DetachedProgram.start("/bin/sh", arguments: words, environment: environment.list))
    // Waits for it to open the other end.
    let answer = try File(pipe, .stream)
    let bytes = try InheritedDescriptor(answer.descriptor).readAll(limit: 1000)
    #expect(bytes == Array("given in /".utf8))
  }
}
