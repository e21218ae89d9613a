import FileSystem
import Foundation
import Layout
import Testing

@testable import Esky

/// How a process finds the app folder that it belongs to.
struct LocatorTests {
  @Test func theVariableComesFirstAndIsNotDoubted() throws {
    let found = try #require(
      Locator.find(
        variable: Array("/no/such".utf8), executable: "/usr/bin/env", workingDirectory: "/"))
    #expect(found.root == "/no/such")
    #expect(found.app == nil)
  }

  @Test func thenComesTheNearestFolderAboveTheProgram() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    let version = fixture.root.appending("hello-1.0.any")
    for place in ["hello", "esky-files/esky", "deep/er/tool"] {
      let executable = version.appending(place)
      let found = try #require(
        Locator.find(variable: [], executable: executable, workingDirectory: "/"))
      #expect(found.root == fixture.root)
      #expect(found.app == fixture.app)
    }
    let launcher = Locator.find(
      variable: nil, executable: fixture.root.appending("hello"), workingDirectory: nil)
    #expect(launcher?.root == fixture.root)
    #expect(launcher?.app == nil)
  }

  @Test func thenComesTheWorkingDirectory() throws {
    let fixture = try AppFixture()
    try fixture.unzip("1.0")
    for place in [fixture.root, fixture.root.appending("hello-1.0.any")] {
      let found = Locator.find(
        variable: nil, executable: "/usr/bin/env", workingDirectory: place)
      #expect(found?.root == fixture.root)
    }
    #expect(Locator.find(variable: nil, executable: "/usr/bin/env", workingDirectory: "/") == nil)
    #expect(Locator.find(variable: nil, executable: nil, workingDirectory: nil) == nil)
    #expect(Locator.find(variable: nil, executable: "relative", workingDirectory: nil) == nil)
  }
}
