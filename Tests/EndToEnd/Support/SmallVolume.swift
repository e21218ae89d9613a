import Foundation

/// A volume in memory with little room, mounted over a folder of its own.
final class SmallVolume {
  /// True where this process may mount one.
  static let isPossible = (try? SmallVolume(kilobytes: 4)) != nil

  private let folder: TemporaryFolder

  init(kilobytes: Int) throws {
    folder = try TemporaryFolder("disk")
    let size = "size=\(kilobytes)k"
    try Command("/bin/mount", ["-t", "tmpfs", "-o", size, "tmpfs", folder.path]).succeed()
  }

  deinit {
    _ = try? Command("/bin/umount", ["-l", folder.path]).run()
  }

  var path: String { folder.path }

  func resize(kilobytes: Int) throws {
    try Command("/bin/mount", ["-o", "remount,size=\(kilobytes)k", path]).succeed()
  }
}
