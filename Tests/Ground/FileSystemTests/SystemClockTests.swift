import FileSystem
import Foundation
import Testing

struct SystemClockTests {
  @Test func tellsTheTimeThatOthersTell() {
    let before = Int64(Date().timeIntervalSince1970)
    let now = SystemClock.now
    // The kernel's coarse clock may still show the second before.
    #expect(now >= before - 1)
    #expect(now <= Int64(Date().timeIntervalSince1970))
  }

  @Test func waitsAsLongAsItIsTold() {
    let before = SystemClock.milliseconds
    SystemClock.sleep(milliseconds: 1010)
    #expect(SystemClock.milliseconds - before >= 1010)
  }

  @Test func doesNotWaitForNothing() {
    let before = SystemClock.milliseconds
    SystemClock.sleep(milliseconds: 0)
    #expect(SystemClock.milliseconds >= before)
  }
}
