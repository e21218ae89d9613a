import Foundation
import Testing

/// What an archive can make a finder hold.
struct UnpackMemoryEndToEndTests {
  /// Adds entries to a bundle, and publishes it as 1.1.
  private func publish(_ story: Story, _ python: String) throws {
    try story.packager.write("1.1")
    let archive = try story.packager.build("1.1", url: story.mirror.url)
    let script = """
      \(Forger.manifest)
      import os, sys, zipfile
      app, directory = "hello/", "hello/hello-1.1.\(AppBuilder.platform)/"
      with zipfile.ZipFile(sys.argv[1]) as old:
          entries = [(entry, old.read(entry)) for entry in old.infolist()]
      def add(name):
          entry = zipfile.ZipInfo(directory + name)
          entry.create_system, entry.external_attr = 3, 0o100644 << 16
          entries.append((entry, b""))
      \(python)
      listed = manifest(app, directory, entries)
      with zipfile.ZipFile(sys.argv[1] + ".new", "w", zipfile.ZIP_DEFLATED) as new:
          for entry, data in entries:
              isManifest = entry.filename == directory + "esky-files/manifest.txt"
              new.writestr(entry, listed if isManifest else data)
      os.replace(sys.argv[1] + ".new", sys.argv[1])
      """
    try Command("/usr/bin/env", ["python3", "-c", script, archive]).succeed(seconds: 120)
    try Forger(packager: story.packager).publish(
      archive, as: story.packager.archiveName("1.1"))
  }

  /// The exit status of an update, and the most memory that it held, in MiB.
  private func update(_ user: Installation) throws -> (status: Int, mebibytes: Int) {
    let script = """
      import resource, subprocess, sys
      status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
      print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
      """
    let finder = try user.finder(["update"])
    let outcome = try Command(
      "/usr/bin/env", ["python3", "-c", script, finder.program] + finder.arguments
    ).run(seconds: 300)
    let numbers = outcome.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    return (try #require(numbers.first), try #require(numbers.last))
  }

  @Test func anUnpackOfLongNamesHolds64MiBAtTheMost() throws {
    let story = try Story()
    try publish(
      story,
      """
      long = "/".join("%s" % c * 240 for c in "abc")
      for number in range(20000): add(long + "/%05d" % number + "x" * 200)
      """)
    let run = try update(story.user)
    #expect(run.status == 11)
    #expect(run.mebibytes <= 64)
  }

  @Test func aRefusalOfThirtyThousandDeepEntriesHoldsLess() throws {
    let story = try Story()
    try publish(
      story,
      """
      for number in range(30000): add("/".join(["%x" % number] + ["d"] * 94))
      """)
    let run = try update(story.user)
    #expect(run.status == 21)
    #expect(run.mebibytes <= 48)
  }
}
