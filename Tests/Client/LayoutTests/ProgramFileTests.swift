import FileSystem
import Testing

@testable import Layout

/// What can be told of a program without running it.
struct ProgramFileTests {
  private let fixture: AppFolderFixture

  init() throws {
    fixture = try AppFolderFixture()
  }

  private func program(_ bytes: [UInt8], permissions: FileMode = 0o755) throws -> Path {
    let path = fixture.folder.root.appending("program")
    try FileSystem.writeAtomically(bytes, to: path, permissions: permissions)
    return path
  }

  @Test(arguments: [
    ("#!/bin/sh\nexit 0\n", true), ("#! /bin/sh -e\n", true), ("#!/bin/sh", true),
    ("#!/no/such/interpreter\n", false), ("#!/bin\n", false), ("#!\n", false),
    ("exit 0\n", false), ("", false),
  ])
  func aScriptNeedsItsInterpreter(text: String, expected: Bool) throws {
    #expect(ProgramFile.isRunnable(try program(Array(text.utf8))) == expected)
  }

  @Test func aProgramOfThisMachineIsRunnableAndCutShortOrOfAnotherItIsNot() throws {
    let sh = try FileSystem.read(try FileSystem.realPath("/bin/sh"), limit: 16 << 20)
    #expect(ProgramFile.isRunnable(try program(sh)))
    for length in [0, 4, 19, 63, 64, 100, 1000, 4096, sh.count / 2] {
      #expect(!ProgramFile.isRunnable(try program(Array(sh[..<length]))))
    }
    var other = sh
    other[18] = 0x08  // MIPS
    #expect(!ProgramFile.isRunnable(try program(other)))
  }

  /// What the headers promise lies in the file up to its last byte, and the program begins in it.
  @Test func aProgramCutBehindItsHeadersOrWithoutAnEntryIsNotRunnable() throws {
    let sh = try FileSystem.read(try FileSystem.realPath("/bin/sh"), limit: 16 << 20)
    func isWhole(_ bytes: [UInt8]) -> Bool {
      let program = ELFProgram(Array(bytes.prefix(256)), length: Int64(bytes.count)) {
        (offset, count) throws(Never) in
        Array(bytes.dropFirst(Int(offset)).prefix(count))
      }
      return program != nil
    }
    var loaded = sh.count
    while isWhole(Array(sh[..<(loaded - 1)])) { loaded -= 1 }
    // Behind the segments are names of sections, which nobody needs to run it.
    #expect(sh.count - loaded < 8192)
    #expect(ProgramFile.isRunnable(try program(Array(sh[..<loaded]))))
    #expect(!ProgramFile.isRunnable(try program(Array(sh[..<(loaded - 1)]))))
    var library = sh
    for place in 24..<32 { library[place] = 0 }
    #expect(!ProgramFile.isRunnable(try program(library)))
    // The system takes no table of entries of another size.
    var odd = sh
    odd[54] += 8
    #expect(!isWhole(odd))
  }

  @Test func aProgramNeedsItsLoader() throws {
    var sh = try FileSystem.read(try FileSystem.realPath("/bin/sh"), limit: 16 << 20)
    let loader = Array("ld-linux".utf8)
    let place = try #require(
      sh.indices.first { sh[$0...].starts(with: loader) })
    sh[place] = UInt8(ascii: "x")
    #expect(!ProgramFile.isRunnable(try program(sh)))
  }

  @Test func everyByteOfTheHeadMayBeAnythingWithoutATrap() throws {
    let sh = try FileSystem.read(try FileSystem.realPath("/bin/sh"), limit: 16 << 20)
    for place in 4..<64 {
      for value in [0, 0x7f, 0xff] as [UInt8] {
        var head = Array(sh[..<4096])
        head[place] = value
        _ = ProgramFile.isRunnable(try program(head))
      }
    }
  }

  @Test func whatMayNotBeExecutedIsNoProgram() throws {
    #expect(!ProgramFile.isRunnable(try program(Array("#!/bin/sh\n".utf8), permissions: 0o644)))
    #expect(!ProgramFile.isRunnable("/bin"))
    #expect(!ProgramFile.isRunnable("/no/such/program"))
  }
}
