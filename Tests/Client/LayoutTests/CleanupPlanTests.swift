import FileSystem
import Testing

@testable import Layout

struct CleanupPlanTests {
  /// A version as a case's table writes it: `1.1 ok a b` is a runnable one that lists `hello`, `a`, `b`.
  private static func version(_ row: String) -> Survey.Version {
    let words = row.split(separator: " ").map(String.init)
    let hasList = words[1] != "incomplete" && words[1] != "damaged"
    let files = words.dropFirst(2).map { Array($0.utf8) }
    return Survey.Version(
      name: AppFolderFixture.name(words[0]),
      list: hasList ? BootstrapList(programs: [Array("hello".utf8)], files: Array(files)) : nil,
      isDamaged: words[1] == "damaged",
      isRunnable: ["ok", "unfinished", "finderless"].contains(words[1]),
      isWhole: words[1] == "ok" || words[1] == "unfinished",
      isUnfinished: words[1] == "unfinished")
  }

  private static func word(_ action: CleanupAction) -> String {
    func text(_ name: VersionDirectoryName) -> String {
      String(decoding: name.version.text, as: UTF8.self)
    }
    switch action {
    case .finishUpdate(let name): return "finish \(text(name))"
    case .removeRootFile(let path): return "remove \(String(decoding: path, as: UTF8.self))"
    case .retire(let name): return "retire \(text(name))"
    case .delete(let path): return "delete \(path.path.text)"
    }
  }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let versions: [String]
    var running: String?
    var inUse: [String] = []
    var leftovers: [String] = []
    let plan: [String]
  }

  static let cases = [
    Case(testDescription: "nothing there", versions: [], plan: []),
    Case(testDescription: "one version", versions: ["1.0 ok"], plan: []),
    Case(
      testDescription: "an old one, and its file", versions: ["1.1 ok a", "1.0 ok a b"],
      plan: ["remove b", "retire 1.0"]),
    Case(
      testDescription: "a file of two old ones goes once",
      versions: ["1.2 ok", "1.1 ok b", "1.0 ok b c"],
      plan: ["remove b", "remove c", "retire 1.1", "retire 1.0"]),
    Case(
      testDescription: "unfinished first", versions: ["1.1 unfinished a", "1.0 ok"],
      plan: ["finish 1.1", "retire 1.0"]),
    Case(
      testDescription: "only the newest is finished", versions: ["1.1 ok", "1.0 unfinished"],
      plan: ["retire 1.0"]),
    Case(
      testDescription: "the running one stays, and what lies between",
      versions: ["1.2 ok", "1.1 ok b", "1.0 ok c"], running: "1.1",
      plan: ["remove c", "retire 1.0"]),
    Case(
      testDescription: "one in use stays with its files",
      versions: ["1.2 ok", "1.1 ok b", "1.0 ok b c"], inUse: ["1.0"], plan: ["retire 1.1"]),
    Case(
      testDescription: "newer ones that can't run stay",
      versions: ["1.4 incomplete", "1.3 damaged", "1.2 broken b", "1.1 ok", "1.0 ok b"],
      plan: ["retire 1.0"]),
    Case(
      testDescription: "older ones that can't run go",
      versions: ["1.4 ok", "1.3 damaged", "1.2 incomplete", "1.1 broken b"],
      plan: ["remove b", "retire 1.3", "retire 1.2", "retire 1.1"]),
    Case(
      testDescription: "none goes while none can run",
      versions: ["1.1 damaged", "1.0 broken a"], leftovers: ["/x"], plan: ["delete /x"]),
    Case(
      testDescription: "a newest one without its finder keeps the newest that has one",
      versions: ["1.3 finderless", "1.2 finderless a", "1.1 ok b", "1.0 ok c"],
      plan: ["remove a", "remove c", "retire 1.2", "retire 1.0"]),
    Case(
      testDescription: "leftovers last", versions: ["1.1 ok", "1.0 ok"], leftovers: ["/x", "/y"],
      plan: ["retire 1.0", "delete /x", "delete /y"]),
    Case(
      testDescription: "a running version that is not there keeps those above it",
      versions: ["1.2 ok", "1.0 ok"], running: "1.1", plan: ["retire 1.0"]),
  ]

  @Test(arguments: cases)
  func decides(_ row: Case) {
    let survey = Survey(
      versions: row.versions.map(Self.version), leftovers: row.leftovers.map { FilePlace(Path($0)) }
    )
    let inUse = row.inUse.map(AppFolderFixture.name)
    let plan = CleanupPlan(
      survey, running: row.running.map(AppFolderFixture.name), isInUse: { inUse.contains($0) })
    #expect(plan.actions.map(Self.word) == row.plan)
    #expect(plan.isEmpty == row.plan.isEmpty)
  }

  /// Every state of three versions, whichever runs and whichever are in use.
  @Test func neverLeavesTheAppWithoutAVersionThatCanRun() {
    let states = ["ok", "unfinished", "broken", "damaged", "incomplete"]
    let names = ["1.2", "1.1", "1.0"]
    for number in 0..<(5 * 5 * 5 * 4 * 8) {
      let rest = number / 125
      let rows = [number % 5, number / 5 % 5, number / 25 % 5].enumerated().map {
        "\(names[$0.offset]) \(states[$0.element]) f\($0.offset)"
      }
      let running = rest % 4 == 3 ? nil : AppFolderFixture.name(names[rest % 4])
      let inUse = names.indices.filter { rest / 4 & 1 << $0 != 0 }.map {
        AppFolderFixture.name(names[$0])
      }
      let versions = rows.map(Self.version)
      let plan = CleanupPlan(
        Survey(versions: versions, leftovers: []), running: running,
        isInUse: { inUse.contains($0) })
      var gone: [VersionDirectoryName] = []
      for case .retire(let name) in plan.actions { gone.append(name) }
      let newest = versions.first { $0.isRunnable }?.name
      #expect(!gone.contains { $0 == newest || $0 == running || inUse.contains($0) }, "\(rows)")
      #expect(newest != nil || gone.isEmpty, "\(rows)")
      let careful = CleanupPlan(
        Survey(versions: versions, leftovers: []), running: running, keepsFallback: true,
        isInUse: { inUse.contains($0) })
      var goneCarefully: [VersionDirectoryName] = []
      for case .retire(let name) in careful.actions { goneCarefully.append(name) }
      let runnable = versions.filter { $0.isRunnable }.map(\.name)
      #expect(!runnable.prefix(2).contains { goneCarefully.contains($0) }, "\(rows)")
      #expect(goneCarefully.allSatisfy(gone.contains), "\(rows)")
      let kept = versions.filter { !gone.contains($0.name) }.flatMap { $0.list?.all ?? [] }
      for case .removeRootFile(let path) in plan.actions {
        #expect(!kept.contains(path), "\(rows)")
      }
    }
  }
}
