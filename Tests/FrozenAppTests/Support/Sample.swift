import Foundation
import LoopbackServer
import TestKit

/// A sample of README.md as it stands there: made into an app, published in two versions, served.
final class Sample: Sendable {
  enum Language: String, CaseIterable { case python, c, swift }

  private static let python = Result { try Sample(.python) }
  private static let c = Result { try Sample(.c) }
  private static let swift = Result { try Sample(.swift) }

  static func of(_ language: Language) throws -> Sample {
    switch language {
    case .python: try python.get()
    case .c: try c.get()
    case .swift: try swift.get()
    }
  }

  let packager: Packager
  let server: LoopbackServer
  /// The program where its developer runs it, in no app folder.
  let program: String

  private init(_ language: Language) throws {
    packager = try Packager("sample")
    server = try LoopbackServer(folder: packager.repository)
    program = packager.project.path("dist/hello")
    let text = try Self.text(language)
    switch language {
    case .python:
      try packager.project.write("#!/usr/bin/env python3\n" + text, to: "dist/hello")
      chmod(program, 0o755)
      try FileManager.default.copyItem(
        atPath: Checkout.path + "/Sources/Programs/Python/esky.py",
        toPath: packager.project.path("dist/esky.py"))
    case .c:
      let source = try packager.project.write(text, to: "sample.c")
      try packager.project.write("", to: "dist/nothing")
      let words = [
        "-Wall", "-Wextra", "-Werror", "-I", CInterfaceTests.headers, source, "-ldl", "-o", program,
      ]
      try Program.tool("/usr/bin/cc", words, in: packager.project.path).succeed()
    case .swift:
      try packager.project.write("", to: "dist/nothing")
      try FileManager.default.copyItem(atPath: SwiftApp.shared.get().sample, toPath: program)
    }
    for version in ["1.0", "2.0"] {
      try packager.project.write(version, to: "dist/version.txt")
      try packager.release("dist", version: version, url: server.url)
    }
  }

  deinit { server.stop() }

  /// The one block of README.md in a language.
  static func text(_ language: Language) throws -> String {
    let readme = try String(contentsOfFile: Checkout.path + "/README.md", encoding: .utf8)
    let blocks = readme.components(separatedBy: "\n```\(language.rawValue)\n").dropFirst()
    guard blocks.count == 1, let block = blocks.first,
      let end = block.range(of: "\n```\n")
    else { throw Failure("README.md has \(blocks.count) samples in \(language.rawValue)") }
    return block[..<end.lowerBound] + "\n"
  }
}
