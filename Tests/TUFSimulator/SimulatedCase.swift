/// A repository's life in steps, and what a client must make of each; `cases.json` holds these.
public struct SimulatedCase: Decodable, Sendable {
  /// `class/what-happens`, unique.
  public let name: String
  /// What the case shows, in a sentence.
  public let why: String
  /// The blob of the root that is trusted at first.
  public let root: String
  /// In order, each over the metadata that the one before left.
  public let steps: [SimulatedStep]

  /// The first part of the name: `rollback`.
  public var kind: String { String(name.prefix { $0 != "/" }) }
}

/// What the server holds, one run of a client, and what comes of it.
public struct SimulatedStep: Decodable, Sendable {
  /// Blobs by undecoded request path; any other path is answered with 404.
  public let files: [String: String]
  /// Paths that are answered with another status.
  public let statuses: [String: Int]?
  /// Paths whose body never ends.
  public let endless: [String]?
  /// The client's clock, in seconds since 1970 UTC.
  public let now: Int64
  /// The targets to find and download, in order; none for a mere refresh.
  public let targets: [String]
  /// `ok`, or the name of the rule that is broken.
  public let verdict: String
  /// What is stored when the step is over.
  public let trusted: [Role]
  /// All requests in order, where they matter.
  public let requests: [String]?
  /// What python-tuf's client made of it: `ok` or `refused`.
  public let python: String
  /// Why that is another verdict than ours, where it is.
  public let difference: String?

  /// A stored role.
  public struct Role: Decodable, Sendable {
    /// Its name, not encoded.
    public let role: String
    /// The version of its file.
    public let version: Int64
  }

  /// The versions of what is stored, by the bytes of roles' names: a `String` takes é for é however it is
  /// composed.
  public var trustedVersions: [[UInt8]: Int64] {
    Dictionary(uniqueKeysWithValues: trusted.map { (Array($0.role.utf8), $0.version) })
  }

  private enum CodingKeys: String, CodingKey {
    case files, statuses, endless, now, targets, verdict, trusted, requests, python
    case difference = "python-differs"
  }
}
