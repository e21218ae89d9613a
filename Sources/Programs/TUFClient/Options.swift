import Bytes
import FileSystem
import TUF
import Transfer

/// What a run is to do.
enum Command {
  case initialise(Path)
  case refresh, download, list
  case verify(Path)
  case help, version
}

/// The command line, read and checked.
struct Options {
  private(set) var command = Command.help
  /// The folder of trusted metadata.
  private(set) var metadataFolder = Path(".")
  /// Where the repository's metadata is; empty where the command needs no network.
  private(set) var metadataURL = ""
  /// The targets wanted, in order.
  private(set) var targetNames: [[UInt8]] = []
  private(set) var targetFolder = Path(".")
  private(set) var targetBaseURL = ""
  /// True to give up a root that is trusted already.
  private(set) var force = false
  private(set) var isVerbose = false
  private(set) var limits = Limits()
  /// A repository may have any number of files: each has its own time, and all together have no limit.
  private(set) var transferLimits = TransferLimits()
  /// Certificates of authorities to trust beside the system's.
  private(set) var authorities: Path?

  /// Reads the words behind the program's name; options may stand before and behind the command.
  init(_ words: [[UInt8]]) throws(Failure) {
    var line = try CommandLineWords(words)
    if line.isHelp { return }
    if line.isVersion {
      command = .version
      return
    }
    isVerbose = line.isVerbose
    command = try Self.command(&line)
    guard let folder = line.take("--metadata-dir").last else {
      throw .usage("--metadata-dir is missing")
    }
    metadataFolder = Self.folder(folder)
    let url = line.take("--metadata-url").last
    authorities = line.take("--ca-file").last.map { Path($0) }
    try readLimits(&line)
    switch command {
    case .initialise: force = line.isForced
    case .refresh: metadataURL = try Self.url(url, "--metadata-url")
    case .download:
      metadataURL = try Self.url(url, "--metadata-url")
      targetNames = line.take("--target-name")
      if targetNames.isEmpty { throw .usage("--target-name is missing") }
      guard let folder = line.take("--target-dir").last else {
        throw .usage("--target-dir is missing")
      }
      targetFolder = Self.folder(folder)
      targetBaseURL = try Self.url(line.take("--target-base-url").last, "--target-base-url")
    case .verify(let file):
      targetNames = line.take("--target-name")
      if targetNames.isEmpty { targetNames = [file.lastComponent] }
      if targetNames.count > 1 { throw .usage("verify takes one --target-name") }
    case .list, .help, .version: break
    }
    if let left = line.left { throw .usage("\(left) does not belong to this command") }
    if line.isForced, !force { throw .usage("--force belongs to init") }
  }

  private static func command(_ line: inout CommandLineWords) throws(Failure) -> Command {
    var rest = line.operands[...]
    guard let name = rest.popFirst() else { throw .usage("which command?") }
    func operand(_ what: StaticString) throws(Failure) -> Path {
      guard let operand = rest.popFirst(), !operand.isEmpty else {
        throw .usage("\(what.description) is missing")
      }
      return Path(operand)
    }
    let command: Command
    if name == ("init" as StaticString).bytes {
      command = .initialise(try operand("the trusted root's file"))
    } else if name == ("refresh" as StaticString).bytes {
      command = .refresh
    } else if name == ("download" as StaticString).bytes {
      command = .download
    } else if name == ("list" as StaticString).bytes {
      command = .list
    } else if name == ("verify" as StaticString).bytes {
      command = .verify(try operand("the file to verify"))
    } else if name == ("help" as StaticString).bytes {
      command = .help
    } else {
      throw .usage("\"\(String(decoding: name, as: UTF8.self))\" is no command")
    }
    if let more = rest.first {
      throw .usage("\"\(String(decoding: more, as: UTF8.self))\" is one word too many")
    }
    return command
  }

  private mutating func readLimits(_ line: inout CommandLineWords) throws(Failure) {
    try set(&limits.rootRotations, "--max-root-rotations", &line)
    try set(&limits.delegations, "--max-delegations", &line)
    try set(&limits.rootLength, "--max-root-length", &line)
    try set(&limits.timestampLength, "--max-timestamp-length", &line)
    try set(&limits.snapshotLength, "--max-snapshot-length", &line)
    try set(&limits.targetsLength, "--max-targets-length", &line)
    try set(&limits.listedLength, "--max-listed-length", &line)
    try set(&limits.memory, "--max-memory", &line)
    try set(&limits.depth, "--max-json-depth", &line)
    try set(&transferLimits.maximumRedirects, "--max-redirects", &line)
    try set(&transferLimits.connectSeconds, "--connect-seconds", &line, atLeast: 1)
    try set(&transferLimits.baseSeconds, "--base-seconds", &line, atLeast: 1)
    try set(&transferLimits.averageBytes, "--average-speed", &line, atLeast: 1)
    try set(&transferLimits.lowSpeedBytes, "--min-speed", &line)
    try set(&transferLimits.lowSpeedSeconds, "--min-speed-seconds", &line, atLeast: 1)
  }

  /// Sets a limit if its option is there; a million of anything is as good as no limit.
  private func set(
    _ limit: inout Int, _ name: StaticString, _ line: inout CommandLineWords, atLeast least: Int = 0
  ) throws(Failure) {
    guard let number = try line.number(name) else { return }
    guard number >= least else { throw .usage("\(name.description) must be at least \(least)") }
    limit = Int(min(number, 1_000_000))
  }

  private func set(
    _ limit: inout Int64, _ name: StaticString, _ line: inout CommandLineWords
  ) throws(Failure) {
    if let number = try line.number(name) { limit = number }
  }

  /// A folder without slashes at its end, which shells add.
  private static func folder(_ bytes: [UInt8]) -> Path {
    var kept = bytes
    while kept.count > 1, kept.last == UInt8(ascii: "/") { kept.removeLast() }
    return Path(kept)
  }

  private static func url(_ bytes: [UInt8]?, _ name: StaticString) throws(Failure) -> String {
    guard let bytes else { throw .usage("\(name.description) is missing") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
