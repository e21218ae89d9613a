import FileSystem
import Testing

@testable import Layout

struct OffSwitchTests {
  /// Which form is set, as a word.
  private func form(_ fixture: AppFolderFixture, variable: String? = nil) -> String {
    let found = OffSwitch.find(
      fixture.folder, variable: variable.map { Array($0.utf8) },
      policies: fixture.folder.root.appending("etc"))
    switch found {
    case nil: return "none"
    case .marker: return "marker"
    case .environment: return "environment"
    case .policy(let path): return String(decoding: path.lastComponent, as: UTF8.self)
    }
  }

  @Test(arguments: [
    (nil, "none"), ("off", "environment"), ("", "none"), ("on", "none"),
    ("OFF", "environment"), ("No", "environment"), ("false", "environment"), ("0", "environment"),
    ("off ", "none"), ("1", "none"),
  ])
  func isSetByOneWordInTheEnvironment(value: String?, expected: String) throws {
    #expect(form(try AppFolderFixture(), variable: value) == expected)
  }

  @Test func isSetByTheMarkerWhateverItIs() throws {
    let fixture = try AppFolderFixture()
    let marker = fixture.folder.offSwitch
    try fixture.write("", to: marker)
    #expect(form(fixture) == "marker")
    try FileSystem.remove(marker)
    #expect(form(fixture) == "none")
    try FileSystem.makeDirectory(marker)
    #expect(form(fixture) == "marker")
    try FileSystem.removeDirectory(marker)
    try FileSystem.makeSymbolicLink(marker, to: "/no/such/file")
    #expect(form(fixture) == "marker")
  }

  @Test(
    .enabled(if: EffectiveUser.isRoot, "only root makes files that root owns"),
    arguments: ["updates-off", "hello.updates-off", "other.updates-off"])
  func isSetByAPolicyForThisAppThatRootOwns(name: String) throws {
    let fixture = try AppFolderFixture()
    let path = fixture.folder.root.appending("etc").appending(name)
    try fixture.write("", to: path)
    #expect(form(fixture) == (name.hasPrefix("other") ? "none" : name))
    try File(path, .read).setOwner(65534, group: 65534)
    #expect(form(fixture) == "none")
  }
}
