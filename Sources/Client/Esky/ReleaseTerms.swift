import Bytes
import FileSystem
import JSON
public import Layout
import TUF

/// What a publisher says of a version beside its bytes: the member `esky` of its target's `custom`.
///
/// An object; each member can be left out:
///
/// - `channels`: an array of names; without it, `["stable"]`
/// - `notes`: text for a person, at most ``notesLimit`` bytes
/// - `required`: true when apps should insist
/// - `minimum-version`: the oldest version that may go to this one in one step
/// - `roll-out`: who may have it when; see ``RollOut``
///
/// A member of another kind says something that this finder can't read, and who may have the version is not
/// known then: nobody takes it. Members of other names are passed over.
public struct ReleaseTerms: Sendable {
  /// The channels that it is offered in.
  public var channels: [[UInt8]]
  /// What is new, as UTF-8 text.
  public var notes: [UInt8]?
  /// True when apps should insist that it is installed.
  public var isRequired: Bool
  /// The oldest version that may go to this one in one step; others go to an earlier one first.
  public var minimumVersion: Version?
  /// Who may have it when; nil for everybody at once.
  public var rollOut: RollOut?
  /// The first member that is not of its kind: such a version is offered to nobody; nil for none.
  public private(set) var unreadable: StaticString?

  /// The channel of those who choose none.
  public static var stable: [UInt8] { ("stable" as StaticString).bytes }

  /// The most bytes that notes may have: every client reads them at every update.
  public static let notesLimit = 64 << 10

  /// Terms for a version that everybody may have at once.
  public init() {
    channels = [Self.stable]
    isRequired = false
  }

  /// Reads a target's `custom`.
  public init(custom: JSONValue?) {
    self.init()
    guard let custom else { return }
    do throws(UnreadableMember) {
      guard let terms = try TermsReader(custom, name: "custom").object("esky") else { return }
      channels = try terms.member("channels", TermsReader.names) ?? channels
      notes = try terms.member("notes") {
        $0.text.flatMap { $0.count > Self.notesLimit ? nil : $0 }
      }
      isRequired = try terms.member("required") { $0.boolean } ?? false
      minimumVersion = try terms.member("minimum-version") { $0.text.flatMap { Version($0) } }
      rollOut = try terms.member("roll-out") { RollOut($0) }
    } catch {
      unreadable = error.name
    }
  }

  /// True when it is offered to whoever follows a channel: all get what is stable.
  public func isOffered(in channel: [UInt8]) -> Bool {
    unreadable == nil && channels.contains { $0 == channel || $0 == Self.stable }
  }

  /// How many of 10,000 installations may have it at a time, in seconds since 1970 UTC.
  public func share(at now: Int64) -> Int64 {
    unreadable == nil ? rollOut?.share(at: now) ?? 10_000 : 0
  }
}

/// A version that goes to some first, and to more as time passes, without anybody changing anything.
///
/// - `start`: a time as metadata has it (`2026-11-21T12:00:00Z`): nobody gets it before; without it, it has begun
/// - `percent`: of installations that get it at the start, 0 to 100; without it 0 if there are `hours`, else 100
/// - `hours`: after which all have it, 1 to 8760; without it the share stays as it is
/// - `halted`: true to let nobody have it any more who has not got it
public struct RollOut: Sendable {
  /// When it begins, in seconds since 1970 UTC; nil for at once.
  public var start: Int64?
  /// The share of installations at the start, in percent.
  public var percent: Int64
  /// Hours until all may have it; nil for never.
  public var hours: Int64?
  /// True when nobody new gets it.
  public var isHalted: Bool

  /// Puts a roll-out together.
  public init(start: Int64? = nil, percent: Int64, hours: Int64? = nil, isHalted: Bool = false) {
    self.start = start
    self.percent = percent
    self.hours = hours
    self.isHalted = isHalted
  }

  /// Reads the object; nil when a member is not what it should be.
  init?(_ value: JSONValue) {
    do throws(UnreadableMember) {
      let members = try TermsReader(value, name: "roll-out")
      isHalted = try members.member("halted") { $0.boolean } ?? false
      hours = try members.member("hours") { $0.integer }
      percent = try members.member("percent") { $0.integer } ?? (hours == nil ? 100 : 0)
      start = try members.member("start") { $0.text.flatMap { UTCTime.seconds($0) } }
    } catch {
      return nil
    }
    guard 0...100 ~= percent else { return nil }
    if let hours { guard 1...8760 ~= hours, start != nil else { return nil } }
  }

  /// How many of 10,000 installations may have it at a time, in seconds since 1970 UTC.
  public func share(at now: Int64) -> Int64 {
    if isHalted { return 0 }
    let (passed, isBeyond) = now.subtractingReportingOverflow(start ?? now)
    if isBeyond || passed < 0 { return 0 }
    let first = percent * 100
    guard let hours else { return first }
    let whole = hours * 3600
    return passed >= whole ? 10_000 : first + (10_000 - first) * passed / whole
  }
}
