import Foundation

/// Places in this package.
package enum Checkout {
  /// The package's folder: the nearest one above this file that holds a manifest.
  package static let path: String = {
    var folder = URL(fileURLWithPath: #filePath)
    repeat {
      folder.deleteLastPathComponent()
    } while folder.path != "/"
      && !FileManager.default.fileExists(atPath: folder.path + "/Package.swift")
    return folder.path
  }()
}
