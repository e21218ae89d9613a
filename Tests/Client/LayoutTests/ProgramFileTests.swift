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

  /// The kernel hands all that is behind an interpreter over as one word, and so does this.
  @Test(arguments: [
    ("#!/usr/bin/env sh", "sh"), ("#! \t/usr/bin/env\tsh \t\n", "sh"),
    ("#!/usr/bin/env /bin/sh\n", "/bin/sh"),
    ("#!/usr/bin/env -S sh -e\n", "sh"), ("#!/usr/bin/env -Ssh\n", "sh"),
    ("#!/usr/bin/env -S A=1 B= sh -e\n", "sh"), ("#!/bin/sh -e\n", nil), ("#!/bin/sh\0\n", nil),
  ])
  func aFirstLineNamesInterpreterAndCommand(line: String, command: String?) throws {
    let read = try ScriptLine(Array(line.utf8))
    #expect(read.interpreter == (command == nil ? "/bin/sh" : "/usr/bin/env"))
    #expect(read.command == command.map { Path(Array($0.utf8)) })
  }

  @Test(
    arguments: [
      ("#!", .noInterpreter), ("#! \t\n", .noInterpreter), ("#!\0/bin/sh\n", .noInterpreter),
      ("#!bin/sh\n", .relative("bin/sh")), ("#!sh -e\n", .relative("sh")),
      ("#!/bin/sh\r\n", .carriageReturn), ("#!/bin/sh -e\r\n", .carriageReturn),
      ("#!/usr/bin/env sh\r\n", .carriageReturn), ("#!\r\n", .carriageReturn),
      ("#! " + String(repeating: "/", count: 253), .tooLong),
      ("#!/bin/sh " + String(repeating: "x", count: 246) + "\n", .tooLong),
      ("#!/usr/bin/env\n", .env([])),
      ("#!/usr/bin/env python3 -u\n", .env(Array("python3 -u".utf8))),
      ("#!/usr/bin/env FOO=1 sh\n", .env(Array("FOO=1 sh".utf8))),
      ("#!/usr/bin/env bin/sh\n", .env(Array("bin/sh".utf8))),
      ("#!/usr/bin/env -i sh\n", .env(Array("-i sh".utf8))),
      ("#!/usr/bin/env -iS sh\n", .env(Array("-iS sh".utf8))),
      ("#!/usr/bin/env -S\n", .env(Array("-S".utf8))),
      ("#!/usr/bin/env -S A=1\n", .env(Array("-S A=1".utf8))),
      ("#!/usr/bin/env -S -u HOME sh\n", .env(Array("-S -u HOME sh".utf8))),
      ("#!/usr/bin/env -S PATH=/ sh\n", .env(Array("-S PATH=/ sh".utf8))),
      ("#!/usr/bin/env -S sh -c 'x\n", .env(Array("-S sh -c 'x".utf8))),
    ] as [(String, ScriptLine.Fault)])
  func aFirstLineThatNoMachineRunsIsTold(line: String, fault: ScriptLine.Fault) throws {
    #expect(throws: fault) { try ScriptLine(Array(line.utf8.prefix(256))) }
    #expect(!ProgramFile.isRunnable(try program(Array(line.utf8))))
  }

  @Test func aFirstLineMayHave255Bytes() throws {
    let line = "#!" + String(repeating: "/", count: 246) + "bin/sh"
    #expect(line.utf8.count == 254)
    for ending in ["", "\n", " ", " \n"] {
      #expect(ProgramFile.isRunnable(try program(Array((line + ending).utf8))))
    }
    #expect(!ProgramFile.isRunnable(try program(Array((line + "  \n").utf8))))
  }

  /// Each is executed by the one before it.
  private func chain(_ count: Int, from last: String) throws -> Path {
    var last = last
    for number in 1...count {
      let path = fixture.folder.root.appending(Array("wrap\(number)".utf8))
      try FileSystem.writeAtomically(Array("#!\(last)\n".utf8), to: path, permissions: 0o755)
      last = path.text
    }
    return Path(Array(last.utf8))
  }

  @Test func anInterpreterHasToRunItself() throws {
    let sh = try FileSystem.read(try FileSystem.realPath("/bin/sh"), limit: 16 << 20)
    var other = sh
    other[18] = 0x08  // MIPS
    for (bytes, expected) in [
      (sh, true), (other, false), (Array("#!/bin/sh\n".utf8), true),
      (Array("exit 0\n".utf8), false),
      (Array("#!/no/such\n".utf8), false), ([], false),
    ] as [([UInt8], Bool)] {
      let wrap = fixture.folder.root.appending("wrap")
      try FileSystem.writeAtomically(bytes, to: wrap, permissions: 0o755)
      #expect(ProgramFile.isRunnable(try program(Array("#!\(wrap.text) -x\n".utf8))) == expected)
    }
  }

  /// As the kernel has it: a fifth interpreter may be no script, and one that names itself leads nowhere.
  @Test func interpretersMayBeScriptsFourDeep() throws {
    #expect(ProgramFile.isRunnable(try chain(5, from: "/bin/sh")))
    #expect(!ProgramFile.isRunnable(try chain(6, from: "/bin/sh")))
    #expect(!ProgramFile.isRunnable(try chain(1, from: fixture.folder.root.text + "/wrap1")))
  }

  @Test func aLoaderIsAProgramOfTheSameMachine() throws {
    var sh = try FileSystem.read(try FileSystem.realPath("/bin/sh"), limit: 16 << 20)
    let program = try #require(
      ELFProgram(Array(sh.prefix(256)), length: Int64(sh.count)) { (offset, count) throws(Never) in
        Array(sh.dropFirst(Int(offset)).prefix(count))
      })
    let loader = try #require(program.loader)
    let place = try #require(sh.indices.first { sh[$0...].starts(with: loader.bytes) })
    // As long as the other, so that the headers stay as they are.
    let path = Path(
      Array("/tmp/".utf8)
        + Array("esky-loader-\(UInt32.random(in: .min ... .max))-xxxxxxxxxxxx".utf8).prefix(
          loader.bytes.count - 5))
    defer { try? FileSystem.removeIfPresent(path) }
    sh.replaceSubrange(place..<place + loader.bytes.count, with: path.bytes)
    let real = try FileSystem.read(loader, limit: 16 << 20)
    var other = real
    other[18] = 3
    for (bytes, expected) in [(real, true), (other, false), (Array("#!/bin/sh\n".utf8), false)]
      as [([UInt8], Bool)]
    {
      try FileSystem.writeAtomically(bytes, to: path, permissions: 0o755)
      #expect(ProgramFile.isRunnable(try self.program(sh)) == expected)
    }
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
