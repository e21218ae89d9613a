import FileSystem
public import Layout
public import TUF

/// What a publisher says of a version beside its bytes: the member `esky` of its target's `custom`.
///
/// An object; each member can be left out:
///
/// - `channels`: an array of names; without it, `["stable"]`
/// - `notes`: text for a person
/// - `required`: true when apps should insist
/// - `minimum-version`: the oldest version that may go to this one in one step
/// - `roll-out`: who may have it when; see ``RollOut``
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
  /// True when something in it could not be understood: such a version is not taken.
  public private(set) var isUnreadable = false

  /// The channel of those who choose none.
  public static var stable: [UInt8] { ("stable" as StaticString).bytes }

  /// Terms for a version that everybody may have at once.
  public init() {
    channels = [Self.stable]
    isRequired = false
  }

  /// Reads a target's `custom`.
  public init(custom: JSONValue?) {
    self.init()
    guard let terms = custom?["esky"] else { return }
    if let list = terms["channels"] {
      channels = []
      for element in list.elements {
        if let name = element.text { channels.append(name) }
      }
    }
    notes = terms["notes"]?.text
    isRequired = terms["required"]?.boolean ?? false
    if let text = terms["minimum-version"] {
      minimumVersion = text.text.flatMap { Version($0) }
      if minimumVersion == nil { isUnreadable = true }
    }
    if let value = terms["roll-out"] {
      rollOut = RollOut(value)
      if rollOut == nil { isUnreadable = true }
    }
  }

  /// True when it is offered to whoever follows a channel: all get what is stable.
  public func isOffered(in channel: [UInt8]) -> Bool {
    channels.contains { $0 == channel || $0 == Self.stable }
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
    guard value.isObject else { return nil }
    isHalted = value["halted"]?.boolean ?? false
    hours = value["hours"]?.integer
    percent = value["percent"]?.integer ?? (hours == nil ? 100 : 0)
    start = value["start"]?.text.flatMap { Date.seconds($0) }
    if value["start"] != nil && start == nil { return nil }
    if value["hours"] != nil && hours == nil { return nil }
    guard percent >= 0, percent <= 100 else { return nil }
    if let hours, hours < 1 || hours > 8760 || start == nil { return nil }
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
