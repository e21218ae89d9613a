import ArgumentParser
import FileSystem
import Repository
import TUF

/// `bundle-esky add`: publishes any files, in repositories that are not about eskys too.
struct AddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Publish any file as a plain target.",
    discussion: """
      A target is called what its file is called, behind the folder given with --under. publish is for \
      versions of apps, and checks them.

      Examples:
        bundle-esky add handbook.pdf
        bundle-esky add --under docs/2026 handbook.pdf notes.txt
        bundle-esky add build/out.bin --name firmware/board-7.bin --custom '{"board": 7}'
        bundle-esky add handbook.pdf --replace
      """)

  @Argument(help: "The files.")
  var file: [String]

  @Option(help: "The target's name, for a single file.")
  var name: String?

  @Option(help: ArgumentHelp("A folder that the names begin with.", valueName: "folder"))
  var under: String?

  @Option(help: "A JSON object that clients can read beside length and hashes.")
  var custom: String?

  @Flag(help: "Let a name stand for other contents from now on.")
  var replace = false

  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  func validate() throws {
    if name != nil, file.count > 1 { throw ValidationError("--name is for a single file") }
    if name != nil, under != nil {
      throw ValidationError("--name is the whole name; leave --under out")
    }
  }

  func run() throws {
    let project = try Project()
    var folder = try repository.open(project)
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
    let ring = try keys.ring(project)
    let publication = try Failure.naming {
      try folder.addTargets(additions, replacing: replace, keys: ring, now: now)
    }
    for addition in additions where publication.waiting.isEmpty {
      let isUnchanged = publication.unchanged.contains(addition.name)
      print("\(isUnchanged ? "had" : "added") \(addition.name.text)")
    }
    if !publication.waiting.isEmpty { try Report.publication(publication) }
  }
}
