// swift-tools-version: 6.2
import PackageDescription

// The house, floor by floor; scripts/check-house sees to it that no room knows one above it.

/// What every room is compiled with: a file names the modules that it takes anything from.
let common: [SwiftSetting] = [.enableUpcomingFeature("MemberImportVisibility")]

/// Libraries that run on the user's machine: ordinary Swift that is also Embedded Swift.
let runtime: [SwiftSetting] =
  common + [
    .treatWarning("EmbeddedRestrictions", as: .error),
    .enableExperimentalFeature("Embedded", .when(traits: ["Embedded"])),
  ]

/// Products made of them take the feature by flag: SwiftPM would hand a trait-conditional feature of a
/// product's own target to the ordinary link as well.
let runtimeProduct: [SwiftSetting] =
  common + [
    .treatWarning("EmbeddedRestrictions", as: .error),
    .unsafeFlags(
      ["-enable-experimental-feature", "Embedded", "-Osize"], .when(traits: ["Embedded"])),
  ]

let embeddedLink: LinkerSetting = .unsafeFlags(
  ["-enable-experimental-feature", "Embedded", "-Xlinker", "--gc-sections", "-Xlinker", "-s"],
  .when(traits: ["Embedded"]))

/// What Dictionary and String need beside libc.
let runtimeLink: [LinkerSetting] = [
  .linkedLibrary("m"),
  .linkedLibrary("swiftUnicodeDataTables", .when(traits: ["Embedded"])),
  embeddedLink,
]

extension Target {
  /// A shim for one C library, which is static on Linux: a user's machine need not have it.
  static func shim(
    _ name: String, _ library: String? = nil, _ dependencies: [Dependency] = []
  ) -> Target {
    .target(
      name: name, dependencies: dependencies, path: "Sources/C/\(name)",
      linkerSettings: library.map { library in
        [
          .linkedLibrary(":lib\(library).a", .when(platforms: [.linux])),
          .linkedLibrary(library, .when(platforms: [.macOS])),
        ]
      })
  }

  /// A library that runs on the user's machine.
  static func runtimeRoom(_ floor: String, _ name: String, _ dependencies: [Dependency]) -> Target {
    .target(
      name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)",
      swiftSettings: runtime)
  }

  /// A library in ordinary Swift.
  static func room(_ floor: String, _ name: String, _ dependencies: [Dependency]) -> Target {
    .target(
      name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)",
      swiftSettings: common)
  }

  /// A program for the user's machine.
  static func runtimeProgram(_ name: String, _ dependencies: [Dependency]) -> Target {
    .executableTarget(
      name: name, dependencies: dependencies, path: "Sources/Programs/\(name)",
      swiftSettings: runtimeProduct, linkerSettings: runtimeLink)
  }

  /// Tests of one room, in the folder that mirrors its own.
  static func tests(
    _ floor: String, of name: String, _ dependencies: [Dependency], exclude: [String] = []
  ) -> Target {
    .testTarget(
      name: name + "Tests", dependencies: [.byName(name: name), "TestKit"] + dependencies,
      path: "Tests/\(floor)/\(name)Tests", exclude: exclude)
  }
}

let package = Package(
  name: "esky",
  products: [
    .library(name: "Esky", targets: ["Esky", "EskyAsync"]),
    .library(name: "TUF", targets: ["TUF", "Transfer", "JSON", "Bytes"]),
    .executable(name: "bundle-esky", targets: ["BundleEsky"]),
    .executable(name: "launcher", targets: ["Bootstrap"]),
    .executable(name: "esky", targets: ["Finder"]),
    .executable(name: "tuf-client", targets: ["TUFClient"]),
    .library(name: "EskyC", type: .dynamic, targets: ["CAPI"]),
  ],
  traits: [
    .trait(
      name: "Embedded", description: "Build what ships as Embedded Swift.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .shim("CPosix"),
    .shim("CSodium", "sodium"),
    .shim("CZlib", "z"),
    .shim("CMbedTLS", "mbedcrypto"),
    .shim("CCurl", nil, ["CPosix"]),
    .shim("CLauncherSlot"),

    .runtimeRoom("Ground", "Bytes", []),
    .runtimeRoom("Ground", "JSON", ["Bytes"]),
    .runtimeRoom("Ground", "FileSystem", ["Bytes", "CPosix"]),

    .runtimeRoom("Client", "Layout", ["FileSystem", "Bytes"]),
    .runtimeRoom("Client", "TUF", ["FileSystem", "JSON", "Bytes", "CSodium", "CMbedTLS"]),
    .runtimeRoom("Client", "Transfer", ["TUF", "FileSystem", "Bytes", "CCurl"]),
    .runtimeRoom("Client", "Archive", ["FileSystem", "Bytes", "CZlib"]),
    .runtimeRoom(
      "Client", "Esky", ["Layout", "TUF", "Archive", "FileSystem", "JSON", "Bytes"]),
    .room("Client", "EskyAsync", ["Esky", "Layout", "Transfer", "FileSystem"]),

    .room(
      "Packager", "Repository",
      ["TUF", "FileSystem", "JSON", "Bytes", "CSodium", "CMbedTLS", "CZlib"]),

    .room("Packager", "Audit", ["Repository", "TUF", "FileSystem", "JSON", "Bytes"]),
    .room("Packager", "Rehearsal", ["Repository", "TUF", "FileSystem", "JSON", "Bytes"]),

    .executableTarget(
      name: "Bootstrap",
      dependencies: ["Layout", "FileSystem", "Bytes", "CLauncherSlot", "CPosix"],
      path: "Bootstrap",
      // Linked as all that ships, see scripts/build. What is protected against writing and executing there costs a
      // start nothing that can be measured: 806, 763 and 776 µs over a bare exec, and 812, 771 and 776 µs with
      // lazy binding, without RELRO and with constants beside the code.
      swiftSettings: runtimeProduct, linkerSettings: [embeddedLink]),
    .runtimeProgram(
      "Finder", ["Esky", "Layout", "TUF", "Transfer", "FileSystem", "Bytes"]),
    .runtimeProgram("TUFClient", ["TUF", "Transfer", "FileSystem", "Bytes"]),
    .target(
      name: "CAPI", dependencies: ["Esky", "Layout", "Transfer", "FileSystem", "Bytes"],
      path: "Sources/Programs/CAPI",
      exclude: ["esky.h", "exports.map"],
      swiftSettings: runtimeProduct,
      linkerSettings: runtimeLink + [
        .unsafeFlags(
          [
            "-Xlinker",
            "--version-script=\(Context.packageDirectory)/Sources/Programs/CAPI/exports.map",
          ],
          .when(platforms: [.linux]))
      ]),
    .executableTarget(
      name: "BundleEsky",
      dependencies: [
        "Audit", "Rehearsal", "Repository", "Esky", "Transfer", "Archive", "Layout", "TUF",
        "FileSystem",
        "JSON", "Bytes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Programs/BundleEsky", swiftSettings: common),

    // What tests share, and the server that they are run against.
    .target(name: "TestKit", path: "Tests/TestKit"),
    .target(name: "LoopbackServer", dependencies: ["CZlib"], path: "Tests/LoopbackServer"),
    .target(
      name: "TUFSimulator", path: "Tests/TUFSimulator",
      exclude: [
        "case.py", "cases", "generate.py", "keys.py", "mutation.py", "reference.py",
        "repository.py",
      ]),
    .tests("Ground", of: "FileSystem", []),
    .tests("Client", of: "Layout", ["FileSystem", "Bytes", "CPosix"], exclude: ["Fixtures"]),
    .tests("Client", of: "Archive", ["FileSystem", "CPosix"]),
    .tests(
      "Client", of: "Transfer", ["TUF", "LoopbackServer", "FileSystem", "Bytes", "CCurl", "CPosix"]),
    .tests(
      "Client", of: "TUF", ["Repository", "FileSystem", "JSON", "Bytes", "TUFSimulator"],
      exclude: ["Fixtures"]),
    .tests(
      "Client", of: "Esky",
      ["Repository", "Archive", "Layout", "TUF", "FileSystem", "JSON", "Bytes"]),
    .tests(
      "Packager", of: "Repository", ["Audit", "Rehearsal", "TUF", "FileSystem", "JSON", "Bytes"],
      exclude: ["Fixtures"]),
    // Runs the program itself, which it depends on so that it is built first.
    .tests(
      "Programs", of: "TUFClient",
      ["Repository", "TUF", "FileSystem", "JSON", "Bytes", "LoopbackServer"]),
    // Drives what scripts/build leaves.
    .testTarget(
      name: "EndToEnd",
      dependencies: [
        "TestKit", "LoopbackServer", "TUFSimulator", "Repository", "TUF", "FileSystem", "JSON",
        "Bytes",
      ],
      exclude: ["Fixtures"]),
    // Freezes, compiles and builds apps that use the finder in their own language.
    .testTarget(
      name: "FrozenAppTests", dependencies: ["TestKit", "LoopbackServer"], exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)
