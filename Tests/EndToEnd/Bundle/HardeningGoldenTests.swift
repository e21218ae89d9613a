import Foundation
import Testing

/// What everything that ships is, as a file that the system's loader reads.
struct HardeningGoldenTests {
  private static let products = [
    "bundle-esky", "embedded/tuf-client", "runtime/esky", "runtime/launcher", "runtime/libesky.so",
    "tuf-client",
  ]

  /// Every file of the folder that is an ELF file, by its path in it.
  private static func shipped() throws -> [String] {
    let folder = (try Dist.product("bundle-esky") as NSString).deletingLastPathComponent
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return names.filter { name in
      // Of a folder there is nothing to read.
      let head = try? FileHandle(forReadingAtPath: folder + "/" + name)?.read(upToCount: 4)
      return head == Data([0x7f, 0x45, 0x4c, 0x46])
    }.sorted()
  }

  private func readelf(_ flag: String, _ product: String) throws -> [Substring] {
    try Command("/usr/bin/readelf", [flag, Dist.product(product)]).succeed()
      .output.split(separator: "\n")
  }

  @Test func everythingThatShipsIsLookedAt() throws {
    #expect(try Self.shipped() == Self.products)
  }

  @Test(arguments: products)
  func librariesAreLookedForWhereTheSystemDoes(product: String) throws {
    let lines = try readelf("-dW", product)
    #expect(!lines.contains { $0.contains("RPATH") || $0.contains("RUNPATH") })
    let needed = lines.filter { $0.contains("(NEEDED)") }
    #expect(!needed.isEmpty)
    #expect(!needed.contains { $0.contains("/") || $0.contains("swift") })
  }

  @Test(arguments: products)
  func tablesOfFunctionsAreBoundAtStartAndWriteProtected(product: String) throws {
    let lines = try readelf("-dW", product)
    #expect(
      lines.contains { $0.contains("BIND_NOW") || ($0.contains("FLAGS_1") && $0.contains("NOW")) })
    let segments = try readelf("-lW", product)
    #expect(segments.contains { $0.contains("GNU_RELRO") })
    // Nor is data executable, or code writable, or the file laid out at a place that is known before.
    let flags = segments.filter { $0.contains("GNU_STACK") || $0.contains(" LOAD ") }
    #expect(
      !flags.contains { $0.contains("RWE") || ($0.contains("GNU_STACK") && $0.contains("E ")) })
    #expect(try readelf("-hW", product).contains { $0.contains("DYN (") })
  }
}
