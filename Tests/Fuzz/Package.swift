// swift-tools-version: 6.2
import PackageDescription

// A package of its own: everything in it, and all that it depends on, is built with libFuzzer's
// instrumentation, which scripts/fuzz asks for.
/// The main function has libFuzzer's form, not Swift's.
let library: [SwiftSetting] = [.unsafeFlags(["-parse-as-library"])]

let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "esky", path: "../..")],
  targets: [
    .target(name: "FuzzerDriver"),
    .executableTarget(
      name: "FuzzJSON", dependencies: ["FuzzerDriver", .product(name: "TUF", package: "esky")],
      swiftSettings: library),
    .executableTarget(
      name: "FuzzRepository",
      dependencies: ["FuzzerDriver", .product(name: "TUF", package: "esky")],
      swiftSettings: library),
  ],
  swiftLanguageModes: [.v6]
)
