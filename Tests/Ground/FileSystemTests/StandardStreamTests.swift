import FileSystem
import Foundation
import Testing

// Each in a process of its own, whose streams it may close.
struct StandardStreamTests {
  @Test func writesAllThatItIsGiven() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let text = [UInt8](repeating: 0x61, count: 3 << 20)
      let file = try File(folder.path.appending("out"), .createNew)
      dup2(file.descriptor, 1)
      #expect(StandardStream.output.write(text))
      #expect(try FileSystem.read(file.path, limit: 4 << 20) == text)
    }
  }

  @Test func waitsForAReaderThatIsSlow() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let seen = folder.path.appending("seen")
      let pipe = try #require(popen("sleep 0.2; cat > \(seen.quoted)", "w"))
      dup2(fileno(pipe), 1)
      let text = [UInt8](repeating: 0x61, count: 1 << 20)
      #expect(StandardStream.output.write(text))
      close(1)
      #expect(pclose(pipe) == 0)
      #expect(try FileSystem.read(seen, limit: 2 << 20) == text)
    }
  }

  @Test func missesNobodyWhoWentAway() async {
    await #expect(processExitsWith: .success) {
      StandardStream.letWritesFail()
      var ends: [CInt] = [0, 0]
      pipe(&ends)
      close(ends[0])
      dup2(ends[1], 1)
      #expect(StandardStream.output.write([0x61]))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
  func noticesThatTheDiskIsFull() async {
    await #expect(processExitsWith: .success) {
      dup2(open("/dev/full", O_WRONLY), 1)
      #expect(!StandardStream.output.write([0x61]))
    }
  }

  @Test func noticesThatPrintedTextIsLostWhenItIsFlushed() async {
    await #expect(processExitsWith: .success) {
      #expect(StandardStream.flush())
      dup2(open("/dev/null", O_RDONLY), 1)
      Swift.print("lost")
      #expect(!StandardStream.flush())
    }
  }

  @Test func keepsFilesFromBecomingAStreamThatWasClosed() async {
    await #expect(processExitsWith: .success) {
      close(0)
      close(1)
      StandardStream.hold()
      let folder = try TemporaryFolder()
      let file = try File(folder.path.appending("file"), .createNew)
      #expect(file.descriptor > 2)
      #expect(!StandardStream.output.write([0x61]))
      #expect(try file.status().size == 0)
    }
  }

  @Test func isNoTerminalWhereItIsAFile() async {
    await #expect(processExitsWith: .success) {
      dup2(open("/dev/null", O_WRONLY), 2)
      #expect(!StandardStream.error.isTerminal)
      #expect(StandardStream.error.columns == 0)
    }
  }
}
