import Foundation
import LoopbackServer
import TestKit
import Testing

/// libesky.so as it ships, called from C, does what esky.h says.
@Suite struct CInterfaceTests {
  /// The two ways to the library.
  enum Linking: String, CaseIterable { case dlopen, linked }

  @Test func exportsWhatTheHeaderDeclaresAndNothingElse() throws {
    let header = try String(contentsOfFile: Self.headers + "/esky.h", encoding: .utf8)
    let declared = Set(
      header.matches(of: /^[a-z_ ]+[ *](esky_[a-z_]+)\(/.anchorsMatchLineEndings()).map {
        String($0.1)
      })
    let library = try Checkout.product("runtime/libesky.so")
    let symbols = try Program("/usr/bin/nm", "-D", "--defined-only", library).succeed().output
    let exported = symbols.split(separator: "\n").compactMap {
      $0.split(separator: " ").last.map(String.init)
    }
    #expect(declared.count == 18)
    #expect(Set(exported) == declared)
  }

  @Test(arguments: Linking.allCases)
  func answersWithoutAHandle(linking: Linking) throws {
    let program = try CProgram(linking)
    let outcome = try program.run()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("open") == ["2", "1"])
    #expect(outcome.values("message").first == "NULL")
    #expect(outcome.values("message").last?.contains("/nowhere") == true)
    for key in ["root", "running", "current", "first", "beyond", "farthest", "available"] {
      #expect(outcome.values(key) == ["NULL", "NULL"], "\(key)")
    }
    #expect(outcome.values("count") == ["0", "0"])
    #expect(outcome.values("needs_cleanup") == ["-1", "-1"])
    for key in ["cleanup", "check", "update", "restart"] {
      #expect(outcome.values(key) == ["2", "2"], "\(key)")
    }
  }

  @Test(arguments: Linking.allCases)
  func tellsOfAnAppFolder(linking: Linking) throws {
    let program = try CProgram(linking)
    let app = try ShellApp()
    let outcome = try program.run(app.root.path, "look")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("open") == ["0"])
    #expect(outcome.values("message") == [""])
    #expect(outcome.values("root") == [app.root.path])
    #expect(outcome.values("running") == ["NULL"])
    #expect(outcome.values("current") == ["1.0"])
    #expect(outcome.values("count") == ["1"])
    #expect(outcome.values("first") == ["1.0"])
    #expect(outcome.values("beyond") == ["NULL"])
    #expect(outcome.values("farthest") == ["NULL"])
    #expect(outcome.values("needs_cleanup") == ["0"])
    #expect(outcome.values("cleanup") == ["0"])
  }

  @Test func keepsARelativeRootWhenTheFolderChanges() throws {
    let app = try ShellApp()
    let outcome = try CProgram(.linked).run(".", "look", in: app.root.path)
    // Root goes by the real path, which nobody can exchange.
    #expect(outcome.values("root") == [geteuid() == 0 ? app.root.path : app.root.path + "/."])
    #expect(outcome.values("current") == ["1.0"], "\(outcome)")
  }

  @Test func findsTheFolderInTheEnvironment() throws {
    let app = try ShellApp()
    let outcome = try CProgram(.linked).run(
      "-", "look", environment: ["ESKY_ROOT": app.root.path, "ESKY_VERSION": "1.0"])
    #expect(outcome.values("root") == [app.root.path])
    #expect(outcome.values("running") == ["1.0"])
  }

  @Test func isNoVersionOfAnotherFolder() throws {
    let (app, other) = (try ShellApp(), try ShellApp())
    let environment = [
      "ESKY_ROOT": other.root.path, "ESKY_VERSION": "1.0", "ESKY_LAUNCHER": "/bin/false",
    ]
    let look = try CProgram(.linked).run(app.root.path, "look", environment: environment)
    #expect(look.values("running") == ["NULL"])
    let restart = try CProgram(.linked).run(app.root.path, "restart", environment: environment)
    #expect(restart.values("shell") == ["1.0"], "\(restart)")
  }

  @Test(arguments: Linking.allCases)
  func checksAndUpdates(linking: Linking) throws {
    let app = try ShellApp()
    let outcome = try CProgram(linking).run(app.root.path, "update")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("check") == ["10"])
    #expect(outcome.values("available") == ["2.0"])
    #expect(outcome.values("phase") == ["0", "1", "2", "3"])
    #expect(outcome.values("disorder").isEmpty)
    #expect(outcome.values("update") == ["11"])
    #expect(outcome.values("message") == [""])
    #expect(outcome.values("again") == ["0"])
    #expect(outcome.values("checkagain") == ["0"])
    #expect(outcome.values("availableagain") == ["NULL"])
    let look = try CProgram(linking).run(app.root.path, "look")
    #expect(look.values("first") == ["2.0"])
    #expect(look.values("needs_cleanup") == ["1"])
    #expect(look.values("cleanup") == ["0"])
    #expect(app.root.holds("2.0"))
    #expect(!app.root.holds("1.0"))
  }

  @Test func isCancelledByTheProgressFunction() throws {
    let app = try ShellApp()
    let outcome = try CProgram(.linked).run(app.root.path, "update", "2")
    #expect(outcome.values("update") == ["24"])
    #expect(outcome.values("message").first?.isEmpty == false)
    #expect(outcome.values("again") == ["11"], "what was cancelled can be done later: \(outcome)")
  }

  @Test func restartsWithArguments() throws {
    let app = try ShellApp()
    let outcome = try CProgram(.dlopen).run(app.root.path, "restart")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.values("open") == ["0"], "what was printed before is not lost")
    #expect(outcome.values("shell") == ["1.0"])
    #expect(outcome.values("arguments") == ["3 one|two words|"])
    #expect(outcome.values("pid") == ["\(outcome.pid)"])
  }

  /// Every way for the app's program to have lost its standard streams before it calls the library.
  @Test(arguments: (1...7).map { bits in (0...2).filter { bits >> $0 & 1 == 1 } })
  func keepsItsFilesOffClosedStreams(closed: [Int]) throws {
    let app = try ShellApp()
    let program = try CProgram(.dlopen)
    let streams = closed.map { $0 == 0 ? "<&-" : "\($0)>&-" }.joined(separator: " ")
    let outcome = try program.run(
      app.root.path, "update", environment: ["UNBUFFERED": "1"], closing: streams)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(app.root.holds("2.0"))
    #expect(try String(contentsOfFile: app.root.path("updates/hello/lock"), encoding: .utf8) == "")
    let finder = try Checkout.product("runtime/esky")
    try Program(finder, "--root", app.root.path, "verify").succeed()
    // What runs next has the streams that the app had.
    let restart = try program.run(app.root.path, "restart", closing: streams)
    #expect(restart.output.contains("shell") == !closed.contains(1))
  }

  /// No app folder; one whose repository can't be reached; one whose metadata is refused.
  @Test func losesNoMemoryByFailing() throws {
    let program = try CProgram(.dlopen)
    for folder in ["/nowhere", "/"] {
      let outcome = try program.run(folder, "often", "1000", environment: Self.countsExactly)
      #expect(outcome.values("lost") == ["0"], "\(folder)")
    }
    let app = try ShellApp()
    let settings = Packager.directory("1.0") + "/esky-files/settings.txt"
    for url in ["file:///nowhere", "file://\(app.root.path)/evil"] {
      try app.root.write("esky-settings 1\nupdate-url \(url)\nend\n", to: settings)
      try app.root.write("{\"signed\": [1, {", to: "evil/metadata/2.root.json")
      let outcome = try program.run(app.root.path, "often", "20", environment: Self.countsExactly)
      #expect(outcome.values("lost") == ["0"], "\(url)")
    }
  }

  /// Without the caches of threads, in which glibc counts what was freed as still in use.
  private static let countsExactly = ["GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"]

  static let headers = Checkout.path + "/Sources/Programs/CAPI"
}

/// The C program of the fixtures.
private struct CProgram {
  private static let built = Result { try build() }

  private let path: String
  private let library: String

  init(_ linking: CInterfaceTests.Linking) throws {
    path = try Self.built.get().path(linking.rawValue)
    library = try Checkout.product("runtime/libesky.so")
  }

  func run(
    _ arguments: String..., in folder: String = "/", environment: [String: String] = [:],
    closing streams: String = ""
  ) throws -> Outcome {
    var program = Program("/bin/sh")
    program.arguments = ["-c", "exec \"$@\" \(streams)", "sh", path] + arguments
    program.folder = folder
    program.environment["ESKY_LIBRARY"] = library
    program.environment.merge(environment) { $1 }
    return try program.run()
  }

  private static func build() throws -> Scratch {
    let folder = try Scratch("c")
    let library = (try Checkout.product("runtime/libesky.so") as NSString).deletingLastPathComponent
    let common = [
      "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-I", CInterfaceTests.headers,
      Checkout.fixture("app.c"),
    ]
    let variants: [CInterfaceTests.Linking: [String]] = [
      .dlopen: ["-DDLOPEN", "-ldl"], .linked: ["-L", library, "-lesky", "-Wl,-rpath," + library],
    ]
    for (linking, flags) in variants {
      try Program.tool(
        "/usr/bin/cc", common + flags + ["-o", folder.path(linking.rawValue)], in: folder.path
      ).succeed()
    }
    return folder
  }
}

/// An app that is a shell script, unzipped in version 1.0; version 2.0 is published.
private struct ShellApp {
  private struct Published {
    let packager: Packager
    let server: LoopbackServer
  }

  private static let published = Result { try publish() }

  let root: Scratch

  init() throws { root = try Self.published.get().packager.unzip("1.0") }

  private static func publish() throws -> Published {
    let packager = try Packager("shell")
    let server = try LoopbackServer(folder: packager.repository)
    for version in ["1.0", "2.0"] {
      let script = """
        #!/bin/sh
        echo shell \(version)
        echo pid $$
        count=$#
        IFS='|'
        echo "arguments $count $*"

        """
      let path = try packager.project.write(script, to: "dist/hello")
      chmod(path, 0o755)
      try packager.release("dist", version: version, url: server.url)
    }
    return Published(packager: packager, server: server)
  }
}
