import ArgumentParser
import Bytes
import Esky
import JSON
import Layout
import Repository
import TUF

/// The options that say who gets a version, when, and what they are told.
struct TermsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A channel that it is offered in; installations follow stable unless told otherwise. Repeatable.",
      valueName: "name"))
  var channel: [String] = []

  @Option(help: ArgumentHelp("What is new, for people.", valueName: "text"))
  var notes: String?

  @Option(help: ArgumentHelp("A file that says what is new.", valueName: "file"))
  var notesFile: String?

  @Flag(inversion: .prefixedNo, help: "Apps should insist on it.")
  var required: Bool?

  @Option(
    help: ArgumentHelp(
      "The oldest version that may go to this one in one step; older ones go by way of another. none for any.",
      valueName: "version"))
  var minimumVersion: String?

  @Option(help: "Offer it to this share of installations at first: 0 to 100.")
  var percent: Int64?

  @Option(help: "Let the share grow to all installations in so many hours: 1 to 8760.")
  var hours: Int64?

  @Option(
    help: ArgumentHelp(
      "When the roll-out begins: 2026-11-21T12:00:00Z. (default: now)", valueName: "time"))
  var start: String?

  func validate() throws {
    if notes != nil, notesFile != nil {
      throw ValidationError("give --notes or --notes-file, not both")
    }
    if let notes, notes.utf8.count > ReleaseTerms.notesLimit {
      throw ValidationError("--notes is longer than 64 KiB; put a link there in place of them")
    }
    if let percent, !(0...100 ~= percent) { throw ValidationError("--percent is 0 to 100") }
    if let hours, !(1...8760 ~= hours) { throw ValidationError("--hours is 1 to 8760") }
    if let start, UTCTime.seconds(Array(start.utf8)) == nil {
      throw ValidationError("--start is a time as in 2026-11-21T12:00:00Z")
    }
    if let minimumVersion, minimumVersion != "none", Version(minimumVersion) == nil {
      throw ValidationError("--minimum-version is none, or a version by PEP 440 or SemVer")
    }
    for name in channel { try Self.validate(channel: name) }
  }

  /// Refuses what can't name a channel.
  static func validate(channel name: String) throws {
    if isName(name) { return }
    throw ValidationError("a channel's name has 1 to 32 letters, digits, - and _")
  }

  private static func isName(_ text: String) -> Bool {
    1...32 ~= text.utf8.count
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
          || byte == 0x2d || byte == 0x5f
      }
  }

  /// True when they say anything.
  var saySomething: Bool {
    !channel.isEmpty || notes != nil || notesFile != nil || required != nil
      || minimumVersion != nil || percent != nil || hours != nil || start != nil
  }

  /// The terms with what the options say in place of what was said before, which could be read.
  func applied(to terms: ReleaseTerms) throws -> ReleaseTerms {
    var terms = terms
    if !channel.isEmpty { terms.channels = channel.map { Array($0.utf8) } }
    if let notes { terms.notes = Array(notes.utf8) }
    if let notesFile { terms.notes = try NotesFile.read(notesFile) }
    if let required { terms.isRequired = required }
    // That of "none" is none.
    if let minimumVersion { terms.minimumVersion = Version(minimumVersion) }
    if percent != nil || hours != nil || start != nil {
      var rollOut = terms.rollOut ?? RollOut(percent: hours == nil ? 100 : 0)
      if let percent { rollOut.percent = percent }
      if let hours { rollOut.hours = hours }
      if let start { rollOut.start = UTCTime.seconds(Array(start.utf8)) }
      if rollOut.hours != nil, rollOut.start == nil { rollOut.start = now }
      terms.rollOut = rollOut
    }
    return terms
  }
}

extension ReleaseTerms {
  /// Refuses a minimum that only newer versions than this one have.
  func refuseUnreachable(_ name: VersionDirectoryName) throws {
    guard let minimumVersion, !(minimumVersion < name.version) else { return }
    throw Failure(
      "--minimum-version must be older than \(name.text) itself, or nobody could ever go to it")
  }

  /// The member `esky` of a target's `custom`; nil where there is nothing to say.
  var json: JSONBuilder? {
    var members: [(name: [UInt8], value: JSONBuilder)] = []
    if channels.count != 1 || channels[0] != Self.stable {
      members.append((Array("channels".utf8), .array(channels.map { .bytes($0) })))
    }
    if let notes { members.append((Array("notes".utf8), .bytes(notes))) }
    if isRequired { members.append((Array("required".utf8), true)) }
    if let minimumVersion {
      members.append((Array("minimum-version".utf8), .bytes(minimumVersion.text)))
    }
    if let rollOut { members.append((Array("roll-out".utf8), rollOut.json)) }
    return members.isEmpty ? nil : .object(members)
  }

  /// A target's `custom` with these terms, and whatever else was in it.
  func custom(keeping old: JSONValue?) -> JSONBuilder? {
    var members: [(name: [UInt8], value: JSONBuilder)] = []
    if let old {
      for member in old.members where !member.name.elementsEqual("esky".utf8) {
        members.append((Array(member.name), .verbatim(member.value)))
      }
    }
    if let json { members.append((Array("esky".utf8), json)) }
    return members.isEmpty ? nil : .object(members)
  }
}

extension RollOut {
  fileprivate var json: JSONBuilder {
    var members: [(name: [UInt8], value: JSONBuilder)] = [
      (Array("percent".utf8), .integer(percent))
    ]
    if let start { members.append((Array("start".utf8), .text(UTCTime.text(start)))) }
    if let hours { members.append((Array("hours".utf8), .integer(hours))) }
    if isHalted { members.append((Array("halted".utf8), true)) }
    return .object(members)
  }
}
