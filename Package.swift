// swift-tools-version: 6.2
import PackageDescription

/// Libraries that run on the user's machine: ordinary Swift that is also Embedded Swift.
let runtime: [SwiftSetting] = [
  .treatWarning("EmbeddedRestrictions", as: .error),
  .enableExperimentalFeature("Embedded", .when(traits: ["Embedded"])),
]

/// Products made of them take the feature by flag: SwiftPM would hand a trait-conditional feature of a
/// product's own target to the ordinary link as well.
let runtimeProduct: [SwiftSetting] = [
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

let package = Package(
  name: "esky",
  products: [
    .library(name: "Esky", targets: ["Esky", "EskyAsync"]),
    .library(name: "TUF", targets: ["TUF", "Transfer"]),
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
    // C libraries. Static on Linux: a user's machine need not have them.
    .target(name: "CPosix"),
    .target(
      name: "CSodium",
      linkerSettings: [
        .linkedLibrary(":libsodium.a", .when(platforms: [.linux])),
        .linkedLibrary("sodium", .when(platforms: [.macOS])),
      ]),
    .target(
      name: "CZlib",
      linkerSettings: [
        .linkedLibrary(":libz.a", .when(platforms: [.linux])),
        .linkedLibrary("z", .when(platforms: [.macOS])),
      ]),
    .target(
      name: "CMbedTLS",
      linkerSettings: [
        .linkedLibrary(":libmbedcrypto.a", .when(platforms: [.linux])),
        .linkedLibrary("mbedcrypto", .when(platforms: [.macOS])),
      ]),
    .target(name: "CCurl", dependencies: ["CPosix"]),
    .target(name: "CLauncherSlot"),

    // The ground floor, and the launcher that stands on it.
    .target(name: "FileSystem", dependencies: ["CPosix"], swiftSettings: runtime),
    .target(name: "Layout", dependencies: ["FileSystem"], swiftSettings: runtime),
    .executableTarget(
      name: "Bootstrap", dependencies: ["Layout", "FileSystem", "CLauncherSlot", "CPosix"],
      path: "Bootstrap",
      // Linked as all that ships, see scripts/build. What is protected against writing and executing there costs a
      // start nothing that can be measured: 806, 763 and 776 µs over a bare exec, and 812, 771 and 776 µs with
      // lazy binding, without RELRO and with constants beside the code.
      swiftSettings: runtimeProduct, linkerSettings: [embeddedLink]),

    // What the finder, libesky.so and apps in Swift are made of.
    .target(
      name: "TUF", dependencies: ["FileSystem", "CSodium", "CMbedTLS"], swiftSettings: runtime),
    .target(
      name: "Transfer", dependencies: ["TUF", "FileSystem", "CCurl", "CPosix"],
      swiftSettings: runtime),
    .target(name: "Archive", dependencies: ["FileSystem", "CZlib"], swiftSettings: runtime),
    .target(
      name: "Esky",
      dependencies: ["Layout", "TUF", "Archive", "FileSystem", "CPosix"],
      swiftSettings: runtime),
    .target(
      name: "EskyAsync", dependencies: ["Esky", "Layout", "Transfer", "FileSystem", "CPosix"]),

    // The packager's side.
    .target(
      name: "Repository",
      dependencies: ["TUF", "FileSystem", "CSodium", "CMbedTLS", "CZlib", "CPosix"]),
    .executableTarget(
      name: "BundleEsky",
      dependencies: [
        "Repository", "Esky", "Transfer", "Archive", "Layout", "TUF", "FileSystem", "CPosix",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Command lines and the C ABI for the user's machine.
    .executableTarget(
      name: "Finder", dependencies: ["Esky", "Layout", "TUF", "Transfer", "FileSystem", "CPosix"],
      swiftSettings: runtimeProduct,
      linkerSettings: runtimeLink),
    .executableTarget(
      name: "TUFClient", dependencies: ["TUF", "Transfer", "FileSystem", "CPosix"],
      swiftSettings: runtimeProduct, linkerSettings: runtimeLink),
    .target(
      name: "CAPI", dependencies: ["Esky", "Layout", "Transfer", "FileSystem", "CPosix"],
      exclude: ["esky.h", "exports.map"],
      swiftSettings: runtimeProduct,
      linkerSettings: runtimeLink + [
        .unsafeFlags(
          ["-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/CAPI/exports.map"],
          .when(platforms: [.linux]))
      ]),

    // Tests, and the server that they are run against.
    .target(name: "LoopbackServer", dependencies: ["CZlib"], path: "Tests/LoopbackServer"),
    .target(
      name: "TUFSimulator", path: "Tests/TUFSimulator",
      exclude: [
        "case.py", "cases", "generate.py", "keys.py", "mutation.py", "reference.py",
        "repository.py",
      ]),
    .testTarget(
      name: "LayoutTests", dependencies: ["Layout", "FileSystem", "CPosix"], exclude: ["Fixtures"]),
    .testTarget(name: "ArchiveTests", dependencies: ["Archive", "FileSystem"]),
    .testTarget(
      name: "TransferTests",
      dependencies: ["Transfer", "TUF", "LoopbackServer", "CCurl", "CPosix"]),
    .testTarget(
      name: "TUFTests", dependencies: ["TUF", "Repository", "FileSystem", "TUFSimulator"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "RepositoryTests", dependencies: ["Repository", "TUF", "FileSystem"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "EskyTests",
      dependencies: ["Esky", "Repository", "Archive", "Layout", "TUF", "FileSystem", "CPosix"]),
    // Runs the program itself, which it depends on so that it is built first.
    .testTarget(
      name: "TUFClientTests",
      dependencies: ["TUFClient", "Repository", "TUF", "FileSystem", "LoopbackServer"]),
    // Drives what scripts/build leaves.
    .testTarget(
      name: "EndToEnd",
      dependencies: ["LoopbackServer", "TUFSimulator", "Repository", "TUF", "FileSystem"],
      exclude: ["Fixtures"]),
    // Freezes, compiles and builds apps that use the finder in their own language.
    .testTarget(
      name: "FrozenAppTests", dependencies: ["LoopbackServer"], exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)
