import FileSystem
import Foundation
import Testing

struct InheritedDescriptorTests {
  @Test(arguments: [(3, "abc"), (100, "abc"), (2, nil), (0, nil)])
  func isReadToItsEndOrNotAtAll(limit: Int, text: String?) throws {
    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data("abc".utf8))
    try pipe.fileHandleForWriting.close()
    let descriptor = InheritedDescriptor(pipe.fileHandleForReading.fileDescriptor)
    #expect(try descriptor.readAll(limit: limit) == text.map { Array($0.utf8) })
    #expect(fcntl(descriptor.number, F_GETFD) >= 0)
  }

  @Test func isSaidNotToBeOpen() {
    #expect(throws: SystemError(code: EBADF)) {
      try InheritedDescriptor(1_000_000).readAll(limit: 10)
    }
  }
}
