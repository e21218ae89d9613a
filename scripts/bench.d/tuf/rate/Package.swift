// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because it ships to nobody.
let package = Package(
  name: "rate",
  dependencies: [.package(name: "esky", path: "../../../..")],
  targets: [
    .executableTarget(name: "rate", dependencies: [.product(name: "TUF", package: "esky")])
  ],
  swiftLanguageModes: [.v6]
)
