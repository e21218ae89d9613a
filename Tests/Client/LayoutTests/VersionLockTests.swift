import FileSystem
import Foundation
import Testing

@testable import Layout

struct VersionLockTests {
  /// What comes of trying, and the lock let go at once.
  private func outcome(
    _ version: VersionFolder, _ kind: LockKind
  ) throws(FileError) -> RecordLockOutcome {
    let lock = try VersionLock(version, kind)
    return lock.outcome
  }

  /// Another process that holds a version's lock, by a descriptor that may do what `mode` says; returns when it does.
  private func holder(_ version: VersionFolder, _ kind: String, mode: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import fcntl, os, struct, sys, time
      file = os.open(sys.argv[1], getattr(os, sys.argv[3]))
      try:
          if sys.argv[2].startswith("LOCK"):
              fcntl.flock(file, getattr(fcntl, sys.argv[2]) | fcntl.LOCK_NB)
          else:
              # F_OFD_SETLK
              fcntl.fcntl(file, 37, struct.pack("hhqqi4x", getattr(fcntl, sys.argv[2]), 0, 0, 0, 0))
          print("held", flush=True)
      except OSError as error:
          print(error, flush=True)
      time.sleep(60)
      """, version.bootstrapFile.text, kind, mode,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    _ = pipe.fileHandleForReading.availableData
    return process
  }

  @Test func isSharedByManyAndExcludesARemoval() throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.0")
    let first = try VersionLock(version, .shared)
    let second = try VersionLock(version, .shared)
    #expect(first.outcome == .locked)
    #expect(second.outcome == .locked)
    #expect(try outcome(version, .exclusive) == .busy)
    _ = consume first
    #expect(try outcome(version, .exclusive) == .busy)
    _ = consume second
    #expect(try outcome(version, .exclusive) == .locked)
  }

  @Test(arguments: [
    ("F_RDLCK", "O_RDONLY", LockKind.shared, RecordLockOutcome.locked),
    ("F_RDLCK", "O_RDONLY", .exclusive, .busy), ("F_WRLCK", "O_RDWR", .shared, .busy),
    ("F_WRLCK", "O_RDWR", .exclusive, .busy),
    // Whoever may only read it keeps nobody from running it, whatever lock he tries to take.
    ("F_WRLCK", "O_RDONLY", .shared, .locked), ("LOCK_EX", "O_RDONLY", .shared, .locked),
    ("LOCK_EX", "O_RDONLY", .exclusive, .locked),
  ])
  func isSeenByOtherProcessesAndGoesWithThem(
    held: String, mode: String, kind: LockKind, expected: RecordLockOutcome
  ) throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.0")
    let process = try holder(version, held, mode: mode)
    #expect(try outcome(version, kind) == expected)
    let isHeld = expected == .busy || held == "F_RDLCK"
    #expect(try VersionLock.isHeld(version) == isHeld)
    // As a crash would: nothing gets to tidy up.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try VersionLock.isHeld(version) == false)
    #expect(try outcome(version, .exclusive) == .locked)
  }

  @Test func whoLooksWhetherItIsHeldKeepsNobodyOut() throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.0")
    #expect(try VersionLock.isHeld(version) == false)
    let running = try VersionLock(version, .shared)
    #expect(running.outcome == .locked)
    #expect(try VersionLock.isHeld(version) == true)
    #expect(try outcome(version, .shared) == .locked)
  }

  @Test func tellsAnIncompleteVersionFromOneThatItMayNotRead() throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.0")
    try FileSystem.remove(version.bootstrapFile)
    let missing = #expect(throws: FileError.self) { try outcome(version, .shared) }
    #expect(missing?.isMissing == true)
    Fault.plan(call: 1, code: EACCES)
    let refused = #expect(throws: FileError.self) { try outcome(version, .shared) }
    _ = Fault.clear()
    #expect(refused?.isMissing == false)
  }

  @Test(arguments: [ENOLCK, EOPNOTSUPP, EIO])
  func goesOnWhereThereAreNoLocks(code: CInt) throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.0")
    Fault.plan(call: 2, code: code)
    #expect(try outcome(version, .shared) == .unsupported)
    #expect(Fault.clear())
  }
}
