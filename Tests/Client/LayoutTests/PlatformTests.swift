import Layout
import Testing

@Suite struct PlatformTests {
  @Test(arguments: [
    "any", "linux-x86_64", "linux-aarch64", "linux-armv7", "linux-i686", "linux-riscv64",
    "macos-arm64", "macos-universal2", "windows-x86_64", "freebsd-x86_64", "linux-_",
  ])
  func takesATag(text: String) throws {
    #expect(try #require(Platform(text)).tag == Array(text.utf8))
  }

  @Test(arguments: [
    "", "-", "any-", "Any", "any-x86_64", "linux", "linux-", "-x86_64", "Linux-x86_64",
    "linux-X86_64", "linux-x86-64", "linux-x86.64", "linux_x86_64", "linux-x86 64", "solaris-sparc",
    "linux-x/64", "linux-\0", "linux-é", "linuxx-arm64", "linu-arm64",
  ])
  func refusesWhatIsNoTag(text: String) {
    #expect(Platform(text) == nil)
  }

  @Test func limitsTheArchitecture() {
    let longest = String(repeating: "a", count: Platform.maximumArchitectureLength)
    #expect(Platform("linux-" + longest) != nil)
    #expect(Platform("linux-" + longest + "a") == nil)
  }

  @Test func runsOnItsOwnPlatformAndAnyRunsEverywhere() throws {
    let linux = try #require(Platform("linux-x86_64"))
    let macOS = try #require(Platform("macos-arm64"))
    #expect(linux.runs(on: linux))
    #expect(!linux.runs(on: macOS))
    #expect(Platform.any.runs(on: linux))
    #expect(!linux.runs(on: .any))
    #expect(Platform("any") == .any)
  }

  @Test func knowsWhereItRuns() {
    #expect(Platform(Platform.current.tag) == .current)
    #if os(Linux) && arch(x86_64)
      #expect(Platform.current == Platform("linux-x86_64"))
    #endif
  }
}
