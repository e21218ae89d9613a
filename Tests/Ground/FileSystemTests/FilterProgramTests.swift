import FileSystem
import Foundation
import Testing

struct FilterProgramTests {
  private func run(
    _ words: [String], on input: [UInt8] = [], limit: Int = 100
  ) throws -> FilterProgram {
    try FilterProgram(running: words.map { Array($0.utf8) }, on: input, limit: limit)
  }

  @Test func givesWhatItWasGiven() throws {
    let program = try run(["cat"], on: Array("a\0b\n".utf8))
    #expect(program.output == Array("a\0b\n".utf8))
    #expect(program.ending == .exited(0))
  }

  @Test(arguments: [
    ("exit 0", FilterProgram.Ending.exited(0)), ("exit 3", .exited(3)),
    ("kill -KILL $$", .signalled(SIGKILL)),
  ])
  func saysHowItEnded(script: String, ending: FilterProgram.Ending) throws {
    #expect(try run(["sh", "-c", script]).ending == ending)
  }

  @Test func exitsWith127WhereThereIsNone() throws {
    #expect(try run(["/no/such/program"]).ending == .exited(127))
  }

  @Test func isHeardUpToTheLimit() throws {
    #expect(try run(["sh", "-c", "printf 12345"], limit: 5).output == Array("12345".utf8))
    #expect(try run(["sh", "-c", "printf 123456"], limit: 5).output == Array("12345".utf8))
  }

  @Test(arguments: ["cat", "cat > /dev/null", "true"])
  func neverWaitsForOneThatWaitsForIt(script: String) throws {
    let much = [UInt8](repeating: 0x61, count: 1 << 20)
    let program = try run(["sh", "-c", script], on: much, limit: 2 << 20)
    #expect(program.ending == .exited(0))
    #expect(program.output == (script == "cat" ? much : []))
  }
}
