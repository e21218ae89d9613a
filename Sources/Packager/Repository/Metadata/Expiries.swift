import Bytes
import JSON

/// For how long newly signed metadata is valid, in days.
public struct Expiries: Sendable {
  /// How long root and targets are valid unless somebody says otherwise, in days: 13 months, so that
  /// whoever signs them once a year is never late.
  public static let offlineDays = 396
  /// How long snapshot and timestamp are valid unless somebody says otherwise, in days.
  ///
  /// They bound how long a mirror can hold back a new release unnoticed.
  public static let onlineDays = 21

  /// What expires within so many days is due to be signed anew, unless somebody says otherwise.
  ///
  /// Of three weeks that leaves a week of rest, and a week in which renewing may fail before anybody is
  /// warned.
  public static let renewalDays = 14
  /// What expires within so many days should long have been signed anew: a person is warned.
  public static let warningDays = 7

  /// For how many seconds before it expires metadata is due to be signed anew, when it is valid for so many days.
  ///
  /// Two thirds of a period that is short: else it would be due at once, and always.
  public static func renewal(ofDays days: Int) -> Int64 {
    min(Int64(renewalDays) * 86_400, seconds(days) / 3 * 2)
  }

  /// For how many seconds before it expires a person is warned: a third of a period that is short.
  public static func warning(ofDays days: Int) -> Int64 {
    min(Int64(warningDays) * 86_400, seconds(days) / 3)
  }

  /// Days that a root is valid.
  public var root: Int
  /// Days that the targets are valid.
  public var targets: Int
  /// Days that a snapshot is valid.
  public var snapshot: Int
  /// Days that a timestamp is valid.
  public var timestamp: Int

  /// Puts expiries together; what is left out gets its default.
  public init(
    root: Int = offlineDays, targets: Int = offlineDays, snapshot: Int = onlineDays,
    timestamp: Int = onlineDays
  ) {
    self.root = root
    self.targets = targets
    self.snapshot = snapshot
    self.timestamp = timestamp
  }

  /// The member of signed metadata that says for how many days it is valid, where that is not the default:
  /// whoever signs the next version needs to know.
  static let field: StaticString = "x-esky-days"

  /// Sets the days of one role; delegated roles go with targets.
  public mutating func set(_ role: Role, days: Int) {
    switch role {
    case .root: root = days
    case .snapshot: snapshot = days
    case .timestamp: timestamp = days
    default: targets = days
    }
  }

  /// What the first metadata of a role says of it: nothing where it is the default.
  func said(of role: Role) -> [(name: [UInt8], value: JSONBuilder)] {
    let mine = days(of: role)
    if mine == Expiries().days(of: role) { return [] }
    return [(Self.field.bytes, .integer(Int64(mine)))]
  }

  /// When metadata of a role that is signed now expires, in seconds since 1970 UTC.
  ///
  /// - Parameter contents: the new contents, which may say how long.
  func expiry(of role: Role, _ contents: JSONBuilder? = nil, now: Int64) -> Int64 {
    now + Self.seconds(days(of: role, contents))
  }

  /// For how many days metadata of a role is valid.
  ///
  /// - Parameter contents: the contents, which may say so.
  func days(of role: Role, _ contents: JSONBuilder? = nil) -> Int {
    if let said = contents.flatMap(Self.days) { return Int(clamping: said) }
    switch role {
    case .root: return root
    case .snapshot: return snapshot
    case .timestamp: return timestamp
    default: return targets
    }
  }

  /// A thousand years at most: `expires` has four digits for the year.
  private static func seconds(_ days: Int) -> Int64 {
    Int64(min(max(days, 0), 365_000)) * 86_400
  }

  /// The days that contents say; nil where they leave it to the default.
  static func days(_ contents: JSONBuilder) -> Int64? {
    if case .verbatim(let value) = contents { return value[field]?.integer }
    guard case .object(let members) = contents else { return nil }
    switch members.last(where: { $0.name == field.bytes })?.value {
    case .integer(let days): return days
    case .verbatim(let value): return value.integer
    default: return nil
    }
  }
}

extension JSONBuilder {
  /// Contents of metadata that say for how many days they are valid; as they are for nil.
  func lasting(_ days: Int?) -> JSONBuilder {
    guard let days, case .object(let members) = self else { return self }
    return .object(members + [(Expiries.field.bytes, .integer(Int64(days)))])
  }
}
