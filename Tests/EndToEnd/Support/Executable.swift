import Foundation

/// Writing programs while other tests start theirs.
enum Executable {
  /// Held while a program is written and while one is started.
  ///
  /// A child that is just being started still has our open files; were one of them a program open for
  /// writing, its exec would fail with "Text file busy".
  static let lock = NSLock()

  /// Writes a program, and the folders above it.
  static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try lock.withLock { try File.write(bytes, to: path, mode: 0o755) }
  }

  /// Copies a program that the system has.
  static func copy(_ program: String, to path: String) throws {
    try write(Data(contentsOf: URL(fileURLWithPath: program)), to: path)
  }

  /// Waits until something is so; false when it has not become so in time.
  static func eventually(seconds: Double = 10, _ condition: () -> Bool) -> Bool {
    let deadline = Date().addingTimeInterval(seconds)
    while !condition() {
      if Date() > deadline { return false }
      usleep(2000)
    }
    return true
  }
}

/// Files and folders, in as few words as tests want.
enum File {
  /// Writes a file, and the folders above it.
  static func write(_ bytes: some Sequence<UInt8>, to path: String, mode: mode_t = 0o644) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    chmod(path, mode)
  }

  /// The text of a file; nil when there is none.
  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// True when something is there.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Every path under a folder with kind, mode, size, time of change and content, to compare two looks.
  static func snapshot(_ folder: String) throws -> [String] {
    let outcome = try Command(
      "/usr/bin/find", [folder, "-printf", "%P %y %m %s %T@ %l\\n"]
    ).run()
    return outcome.output.split(separator: "\n").map(String.init).sorted()
  }
}

/// What `scripts/build` has left to ship.
enum Dist {
  /// The path of a product.
  ///
  /// - Throws: ``Failure`` when the variable or the product is missing: a run without them tests nothing.
  static func product(_ name: String) throws -> String {
    guard let folder = ProcessInfo.processInfo.environment["ESKY_DIST"] else {
      throw Failure("set ESKY_DIST to the absolute path of .build/dist; scripts/test does")
    }
    let path = folder + "/" + name
    guard path.hasPrefix("/"), access(path, R_OK) == 0 else {
      throw Failure("\(path) is missing; run scripts/build")
    }
    return path
  }
}
