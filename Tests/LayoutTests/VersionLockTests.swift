import CPosix
import FileSystem
import Foundation
import Testing

@testable import Layout

struct VersionLockTests {
  /// What comes of trying, and the lock let go at once.
  private func outcome(
    _ version: VersionFolder, _ kind: LockKind
  ) throws(FileError) -> VersionLock.Outcome {
    let lock = try VersionLock(version, kind)
    return lock.outcome
  }

  /// Another process that holds a version's lock; returns when it does.
  private func holder(_ version: VersionFolder, _ kind: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "exec 9<\"$0\"; flock \(kind) 9; echo held; exec sleep 60",
      version.bootstrapFile.text,
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
    ("-s", LockKind.shared, VersionLock.Outcome.locked), ("-s", .exclusive, .busy),
    ("-x", .shared, .busy), ("-x", .exclusive, .busy),
  ])
  func isSeenByOtherProcessesAndGoesWithThem(
    held: String, kind: LockKind, expected: VersionLock.Outcome
  ) throws {
    let fixture = try AppFolderFixture()
    let version = try fixture.add("1.0")
    let process = try holder(version, held)
    #expect(try outcome(version, kind) == expected)
    // As a crash would: nothing gets to tidy up.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try outcome(version, .exclusive) == .locked)
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
