import FileSystem
import JSON

/// A file that a targets role vouches for.
public struct TargetFile: Sendable {
  /// The target path, with `/` between its components.
  public let path: [UInt8]
  /// The exact length in bytes.
  public let length: Int64
  /// The hashes of functions that this client knows; at least one.
  public let hashes: [Digest]
  /// The publisher's own data about it, as it stands; an object, where the publisher keeps to the specification.
  public let custom: JSONValue?
}

extension TargetFile {
  /// Reads the entry of a target in a targets role.
  init(_ path: [UInt8], _ entry: JSONValue, _ reader: Reader) throws(TUFError) {
    let hashes = try MetaFile.hashes(entry, reader)
    guard !hashes.isEmpty else {
      throw .noKnownHash(file: String(decoding: path, as: UTF8.self))
    }
    self.init(
      path: path, length: try reader.integer(entry, "length", atLeast: 0), hashes: hashes,
      custom: entry["custom"])
  }
}

/// Target files, and roles that further targets are delegated to (TUF 1.0.34 §4.5).
public struct Targets: Sendable {
  /// The file that it was read from.
  public let metadata: SignedMetadata
  private let targets: JSONValue
  private let reader: Reader
  let delegations: Delegations?

  /// The version, at least 1.
  public var version: Int64 { metadata.version }
  /// When it expires, in seconds since 1970 UTC.
  public var expires: Int64 { metadata.expires }

  /// Parses a targets file without trusting it.
  ///
  /// Its targets are read when they are asked for, so that a role with 100,000 of them costs no more
  /// than its parsing.
  public init(
    parsing bytes: [UInt8], file: String = "targets.json", depth: Int = Limits().depth,
    memory: Int64 = .max
  ) throws(TUFError) {
    metadata = try SignedMetadata(
      parsing: bytes, as: .targets, file: file, depth: depth, memory: memory)
    reader = Reader(file: file)
    targets = try reader.object(metadata.signed, "targets")
    for member in targets.members where !member.value.isObject {
      throw .malformed(file: file, reason: "a target is not an object")
    }
    if let value = metadata.signed["delegations"] {
      delegations = try Delegations(value, reader)
    } else {
      delegations = nil
    }
  }

  /// The target with a path; nil when this role does not list it.
  public func target(_ path: [UInt8]) throws(TUFError) -> TargetFile? {
    guard let entry = targets[path] else { return nil }
    return try TargetFile(path, entry, reader)
  }

  /// How many targets this role itself lists.
  public var count: Int {
    var count = 0
    for _ in targets.members { count += 1 }
    return count
  }

  /// True when it delegates to anybody, or could: it has a list for that.
  public var delegates: Bool { delegations != nil }

  /// The paths of all targets that this role itself lists, in the order of its file.
  public var paths: [[UInt8]] {
    var all: [[UInt8]] = []
    for member in targets.members { all.append(Array(member.name)) }
    return all
  }

  /// The targets that this role itself lists and that are wanted by their paths, in the order of its file.
  public func files(
    where isWanted: ([UInt8]) -> Bool = { _ in true }
  ) throws(TUFError) -> [TargetFile] {
    var all: [TargetFile] = []
    for member in targets.members where isWanted(Array(member.name)) {
      all.append(try TargetFile(Array(member.name), member.value, reader))
    }
    return all
  }

  /// Calls `body` with each target that this role itself lists, in the order of its file, or with what is
  /// wrong about its entry.
  public func visit<Failure>(
    _ body: (_ path: [UInt8], Result<TargetFile, TUFError>) throws(Failure) -> Void
  ) throws(Failure) {
    for member in targets.members {
      let path = Array(member.name)
      let read: Result<TargetFile, TUFError>
      do throws(TUFError) {
        read = .success(try TargetFile(path, member.value, reader))
      } catch {
        read = .failure(error)
      }
      try body(path, read)
    }
  }

  /// What an index of this file says of its entries; nil where none is worth its while.
  func index(file: FileIdentity) -> [UInt8]? { TargetIndex.make(targets, file: file) }
}

extension Targets {
  /// The keys of a role that this one delegates to by that name; nil when it does not.
  public func keys(ofDelegated role: [UInt8]) -> RoleKeys? { delegations?.keys(of: role) }
}
