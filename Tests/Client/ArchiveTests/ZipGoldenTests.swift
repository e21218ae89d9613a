import Archive
import FileSystem
import Testing

/// What other tools write is read, and what is written here they read.
@Suite struct ZipGoldenTests {
  @Test func otherToolsAcceptWhatIsWritten() throws {
    for threshold in [0xFFFF_F000, 1] as [Int64] {
      let work = try TemporaryFolder()
      try ZipWriterTests.write(work.path.appending("a.zip"), from: work, threshold: threshold)
      let tested = try run("unzip -t a.zip", in: work)
      #expect(tested.code == 0, "\(tested.output)")
      let python = try run(
        """
        python3 -c 'import zipfile
        z = zipfile.ZipFile("a.zip")
        assert z.testzip() is None
        assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in z.infolist())
        print(" ".join(oct(i.external_attr >> 16) + i.filename for i in z.infolist()))'
        """, in: work)
      #expect(
        python.output
          == "0o40755app/ 0o100755app/file 0o100644app/short 0o100644app/empty 0o100644app/noise"
          + " 0o100644app/größe 日本 0o120777app/link\n")

      let theirs = try work.folder("theirs")
      let ours = try work.folder("ours")
      #expect(try run("LC_ALL=C.UTF-8 unzip -q a.zip -d theirs", in: work).code == 0)
      #expect(refusal(work.path.appending("a.zip"), into: ours) == nil)
      #expect(try run("diff -r --no-dereference theirs ours", in: work).output == "")
      #expect(
        try tree(theirs).filter { !$0.contains("noise") }
          == tree(ours).filter { !$0.contains("noise") })
    }
  }

  static let writers: [String: String] = [
    "zip": "cd in && zip -qry ../a.zip .",
    "zip, stored": "cd in && zip -0qry ../a.zip .",
    "zip, streamed": "rm in/app/link && cd in && zip -qr - . | cat > ../a.zip",
    "zip, long numbers": "cd in && zip -fz -qry ../a.zip .",
    "python": "rm in/app/link && python3 -m zipfile -c a.zip in/app",
    "python, to a pipe": """
    python3 -c 'import zipfile, sys
    z = zipfile.ZipFile(sys.stdout.buffer, "w", zipfile.ZIP_DEFLATED)
    for n in ["app/large", "app/run", "app/größe"]: z.write("in/" + n, n)
    z.close()' | cat > a.zip; rm in/app/link
    """,
  ]

  @Test(arguments: writers.keys.sorted())
  func readsWhatOtherToolsWrite(_ name: String) throws {
    let work = try TemporaryFolder()
    let made = try run(
      """
      mkdir -p in/app && seq 50000 > in/app/large && echo hi > in/app/run && chmod 755 in/app/run
      echo umlaut > in/app/größe && ln -s run in/app/link
      """, in: work)
    #expect(made.code == 0, "\(made.output)")
    #expect(try run("export LC_ALL=C.UTF-8; " + ZipGoldenTests.writers[name]!, in: work).code == 0)
    let top = try work.folder("out")
    #expect(refusal(work.path.appending("a.zip"), into: top) == nil)
    #expect(try run("diff -r --no-dereference in out", in: work).output == "")
    #expect(FileSystem.isExecutable(top.appending("app/run")))
  }
}
