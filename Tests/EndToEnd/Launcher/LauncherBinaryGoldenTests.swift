import Foundation
import Testing

/// The launcher as a file: how large it is, and what it asks of the system.
struct LauncherBinaryGoldenTests {
  @Test func hasAtMost64KiB() throws {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: Dist.product("runtime/launcher"))
    let size = try #require(attributes[.size] as? Int)
    #expect(size <= 65_536)
  }

  @Test func needsNothingButTheCLibraryAndLooksForItWhereTheSystemDoes() throws {
    let dynamic = try Command("/usr/bin/readelf", ["-dW", Dist.product("runtime/launcher")]).run()
    let lines = dynamic.output.split(separator: "\n")
    let needed = lines.filter { $0.contains("(NEEDED)") }
    #expect(needed.count == 1)
    #expect(needed.allSatisfy { $0.contains("[libc.so.6]") })
    #expect(!lines.contains { $0.contains("RPATH") || $0.contains("RUNPATH") })
    #expect(lines.contains { $0.contains("PIE") })
  }

  @Test func isStripped() throws {
    let sections = try Command("/usr/bin/readelf", ["-SW", Dist.product("runtime/launcher")]).run()
    #expect(sections.output.contains(".dynsym"))
    #expect(!sections.output.contains(".symtab"))
    #expect(!sections.output.contains(".debug"))
  }

  /// Recorded anew by a run with `ESKY_RECORD=1`, which fails.
  @Test func usesTheFunctionsItUsed() throws {
    let list = try Command(
      "/usr/bin/nm",
      ["-D", "--undefined-only", "--format=just-symbols", Dist.product("runtime/launcher")]
    ).run()
    #expect(list.ending == .exited(0))
    // Versions depend on the system that builds.
    let names = list.output.split(separator: "\n").map { $0.prefix { $0 != "@" } + "\n" }
    let golden = PythonPrograms.fixtures + "/launcher-symbols.txt"
    if ProcessInfo.processInfo.environment["ESKY_RECORD"] != nil {
      try File.write(names.sorted().joined().utf8, to: golden)
      Issue.record("recorded \(golden); look at the difference")
    }
    #expect(File.text(golden) == names.sorted().joined())
  }
}
