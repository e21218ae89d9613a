/// A bad day that was played, and what came of it.
public struct BadDay: Sendable {
  /// How clients fare.
  public enum Outcome: String, Sendable {
    /// They go on; nobody notices.
    case unharmed
    /// They refuse what is wrong, keep what they have, and go on once the publisher has acted.
    case safe
    /// No update reaches them any more, whatever the publisher does.
    case stuck
  }

  /// What happens that day.
  public let event: String
  /// How clients fare.
  public let outcome: Outcome
  /// What clients say or do, as it was seen.
  public let seen: String
  /// What the publisher must do; empty for nothing.
  public let remedy: String
  /// True for a day that no repository survives, however it is set up.
  public let isBeyondHelp: Bool

  init(
    _ event: String, _ outcome: Outcome, seen: String, remedy: String = "",
    isBeyondHelp: Bool = false
  ) {
    self.event = event
    self.outcome = outcome
    self.seen = seen
    self.remedy = remedy
    self.isBeyondHelp = isBeyondHelp
  }
}
