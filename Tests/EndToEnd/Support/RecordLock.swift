/// A version's lock, taken by another program in another language.
enum RecordLock {
  /// How it is held.
  enum Kind: String {
    case shared = "F_RDLCK"
    case exclusive = "F_WRLCK"
  }

  /// Runs a command while a file is locked; exit status 99 when the lock can't be had at once.
  ///
  /// - Parameter isWritable: false opens the file for reading only, as those can who may not write it.
  static func command(
    _ kind: Kind, _ file: String, _ words: [String], isWritable: Bool = true
  ) -> Command {
    let script = """
      import fcntl, os, struct, subprocess, sys
      file = os.open(sys.argv[2], os.O_RDWR if sys.argv[3] == "w" else os.O_RDONLY)
      try:
          # F_OFD_SETLK
          fcntl.fcntl(file, 37, struct.pack("hhqqi4x", getattr(fcntl, sys.argv[1]), 0, 0, 0, 0))
      except OSError:
          sys.exit(99)
      sys.exit(subprocess.run(sys.argv[4:]).returncode)
      """
    return Command(
      "/usr/bin/env",
      ["python3", "-c", script, kind.rawValue, file, isWritable ? "w" : "r"] + words)
  }

  /// True when the lock can be had at once.
  static func isFree(_ kind: Kind, _ file: String) throws -> Bool {
    try command(kind, file, ["true"]).run().ending == .exited(0)
  }
}
