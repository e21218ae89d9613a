import FileSystem
import TUF
import Testing

@testable import Repository

/// What clients find, they find after every change of the delegations, too.
extension DelegationTests {
  @Test func nothingIsHiddenByAChangeOfADelegation() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("docs", "docs/*"), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("docs/a", "a")], keys: ring, now: now)
    var claimed = try paths("claimed", "corp/*")
    claimed.delegatesFurther = true
    _ = try repository.delegate(claimed, keys: ring, now: now)
    let narrowed = try paths("docs", "other/*")
    #expect(refusalToDelegate(narrowed, in: repository) == "wouldHide")
    #expect(try refusalToMove("docs", to: "claimed", in: repository) == "wouldHide")
    try fleet.check(["docs/a": "a", "app": "one"])
  }

  private func refusalToMove(
    _ role: String, to destination: String, in repository: RepositoryFolder
  ) throws -> String {
    var repository = repository
    let (role, destination) = (try self.role(role), try self.role(destination))
    return refusal { () throws(RepositoryError) in
      _ = try repository.move(role, to: destination, keys: ring, now: now)
    }
  }

  private func further(
    _ name: String, _ patterns: [String], isTerminating: Bool = false
  ) throws -> Delegation {
    var delegation = Delegation(try role(name), .paths(patterns), keys: [writer.object])
    delegation.delegatesFurther = true
    delegation.isTerminating = isTerminating
    return delegation
  }

  @Test func norAreTargetsFurtherBelow() throws {
    var repository = try begin()
    for delegation in [try further("claimed", ["*/*"]), try further("corp", ["corp/*"])] {
      _ = try repository.delegate(delegation, keys: ring, now: now)
    }
    _ = try repository.delegate(
      try paths("acme", "acme/*"), from: try role("claimed"), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("acme/1", "a")], keys: ring, now: now)
    let narrowed = try further("claimed", ["x/*"])
    #expect(refusalToDelegate(narrowed, in: repository) == "wouldHide")
    #expect(try refusalToMove("claimed", to: "corp", in: repository) == "wouldHide")
    let widened = try further("claimed", ["*/*", "*/*/*"])
    _ = try repository.delegate(widened, keys: ring, now: now)
    try fleet.check(["acme/1": "a"])
    try sound()
  }

  @Test func norAreTargetsBehindADelegationThatEndsTheSearch() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("first", "*/*"), keys: ring, now: now)
    _ = try repository.delegate(try paths("second", "b/*"), keys: ring, now: now)
    _ = try repository.addTargets(
      [try setup.addition("b/1", "b")], to: try role("second"), keys: ring, now: now)
    var ending = try paths("first", "*/*")
    ending.isTerminating = true
    #expect(refusalToDelegate(ending, in: repository) == "wouldHide")
    var elsewhere = try paths("first", "c/*")
    elsewhere.isTerminating = true
    _ = try repository.delegate(elsewhere, keys: ring, now: now)
    try fleet.check(["b/1": "b"])
    try sound()
  }

  /// What ends a search ends it for the roles behind those above it as well.
  @Test func aTargetDoesNotGoBehindTheEndOfASearch() throws {
    var repository = try begin()
    _ = try repository.delegate(try further("a", ["x/*"]), keys: ring, now: now)
    _ = try repository.delegate(
      try further("end", ["x/*"], isTerminating: true), from: try role("a"), keys: ring, now: now)
    _ = try repository.delegate(try paths("b", "x/*"), keys: ring, now: now)
    _ = try repository.addTargets([try setup.addition("x/1", "x")], keys: ring, now: now)
    #expect(try repository.holder(of: "x/1") == "targets")
    try fleet.check(["x/1": "x"])
    let late = try setup.addition("x/2", "x")
    #expect(
      refusal { () throws(RepositoryError) in
        try repository.addTargets([late], to: Role(named: "b"), keys: ring, now: now)
      } == "notDelegated")
  }

  @Test func checkFindsWhatStandsBehindTheEndOfASearch() throws {
    var repository = try begin()
    _ = try repository.delegate(try paths("first", "*/*"), keys: ring, now: now)
    _ = try repository.delegate(try paths("second", "b/*"), keys: ring, now: now)
    _ = try repository.addTargets(
      [try setup.addition("b/1", "b")], to: try role("second"), keys: ring, now: now)
    try sound()
    // By another hand: the first of them ends the search from now on.
    let list = DelegationList(repository.state.targets)
    var ending = try paths("first", "*/*")
    ending.isTerminating = true
    let edited = try #require(try list.adding(ending, in: .targets))
    _ = try repository.change(keys: ring, now: now) { (repository) throws(RepositoryError) in
      let signed = repository.state.targets.metadata.signed
      return Change(roles: [
        RoleEdit(role: .targets) { () throws(RepositoryError) in
          .editing(signed, ["delegations": edited])
        }
      ])
    }
    #expect(try setup.findings().map(\.file) == ["metadata/2.second.json"])
  }
}
