import ArgumentParser
import FileSystem
import JSON
import Layout
import Repository
import TUF

/// `bundle-esky add`: publishes any files, in repositories that are not about eskys too.
struct AddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Publish any file as a plain target.",
    discussion: """
      A target is called what its file is called, behind the folder given with --under. It goes to the first \
      role that may speak for its name, or to the one named with --role. publish is for versions of apps, \
      and checks them.

      --listed takes targets whose files are kept elsewhere, as on a mirror: one JSON object a line, with \
      "name", "length" in bytes, "sha256" in hexadecimal digits, and perhaps "custom".

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky add handbook.pdf
        bundle-esky add --under docs/2026 handbook.pdf notes.txt
        bundle-esky add build/out.bin --name firmware/board-7.bin --custom '{"board": 7}'
        bundle-esky add handbook.pdf --replace
        bundle-esky add --listed index.jsonl
      """)

  @Argument(help: "The files.")
  var file: [String] = []

  @Option(help: "The target's name, for a single file.")
  var name: String?

  @Option(help: ArgumentHelp("A folder that the names begin with.", valueName: "folder"))
  var under: String?

  @Option(help: "A JSON object that clients can read beside length and hashes.")
  var custom: String?

  @Option(
    help: ArgumentHelp(
      "A list of targets whose files are elsewhere; - for standard input.", valueName: "file"))
  var listed: String?

  @Option(help: "The role that lists them. (default: the first that may speak for each name)")
  var role: String?

  @Flag(help: "Let a name stand for other contents from now on.")
  var replace = false

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func validate() throws {
    if listed != nil {
      if !file.isEmpty || name != nil || under != nil || custom != nil {
        throw ValidationError("--listed takes no files, and says names and data itself")
      }
      return
    }
    if file.isEmpty { throw ValidationError("name at least one file, or a list with --listed") }
    if name != nil, file.count > 1 { throw ValidationError("--name is for a single file") }
    if name != nil, under != nil {
      throw ValidationError("--name is the whole name; leave --under out")
    }
  }

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
    let files = try files()
    for addition in files { try refuseVersion(addition) }
    for path in file { try SecretFile.refuse(Path(path)) }
    let additions =
      try listed.map { try TargetList(Path($0), check: refuseVersion).additions }
      ?? TargetAdditions(files)
    let ring = try keys.ring(project)
    let publication = try Failure.naming {
      try folder.addTargets(
        additions, to: try role.map { try Role(named: $0) }, replacing: replace, keys: ring,
        now: now
      )
    }
    let unchanged = Set(publication.unchanged)
    if publication.waiting.isEmpty, listed != nil {
      print("added \(additions.count - unchanged.count), had \(unchanged.count)")
    } else if publication.waiting.isEmpty {
      for addition in files {
        print("\(unchanged.contains(addition.name) ? "had" : "added") \(addition.name.text)")
      }
    }
    if !publication.waiting.isEmpty || listed != nil { try Report.publication(publication) }
  }

  private func refuseVersion(_ addition: TargetAddition) throws {
    if Release.name(ofTarget: addition.name.bytes) == nil { return }
    throw Failure("\(addition.name.text) is named as a version of an app; publish checks those")
  }

  private func files() throws -> [TargetAddition] {
    let data = try custom.map { text in
      let document = try Failure.naming { try JSONDocument(parsing: Array(text.utf8)) }
      guard document.root.isObject else { throw Failure("--custom is no JSON object") }
      return JSONBuilder.verbatim(document.root)
    }
    var additions: [TargetAddition] = []
    for path in file.map({ Path($0) }) {
      let own = String(decoding: path.lastComponent, as: UTF8.self)
      let text = name ?? (under.map { $0 + "/" + own } ?? own)
      additions.append(
        try Failure.naming {
          TargetAddition(try TargetName(text), source: path, custom: data)
        })
    }
    return additions
  }
}
