import Bytes
import FileSystem

/// Why the client refused a file or could not go on.
///
/// Every case names the metadata file or target that it is about, and the attack or mistake it guards
/// against. A case of ``isAttack`` means that somebody cheated or the repository is broken; the others
/// are bad links and full disks.
public enum TUFError: Error, Sendable {
  /// The bytes are no TUF metadata of that role: garbage in place of a file.
  case malformed(file: String, reason: String)
  /// Fewer keys than the threshold signed it: an arbitrary software attack; or one of those that did is of a
  /// kind that this client can't use, which `keyFault` says for a person.
  case unsigned(file: String, valid: Int, threshold: Int64, keyFault: String?)
  /// The version goes back below what is trusted: a rollback attack.
  case rollback(file: String, of: String, version: Int64, trusted: Int64)
  /// A role that the trusted snapshot lists is gone from the new one: a rollback attack.
  case roleDisappeared(role: String)
  /// It expired before this update began: a freeze attack, or a publisher who forgot.
  ///
  /// `clock` is what this machine's clock says where it is known to have been `now` before.
  case expired(file: String, at: Int64, now: Int64, clock: Int64?)
  /// The version is another than the one listed: a mix-and-match attack.
  case wrongVersion(file: String, version: Int64, listed: Int64)
  /// The hash is another than the one listed: a mix-and-match attack, or a changed target.
  case wrongHash(file: String)
  /// The length is another than the one listed: endless data, or a truncated file.
  case wrongLength(file: String, length: Int64, listed: Int64)
  /// Longer than a limit, in bytes: endless data.
  case tooLong(file: String, limit: Int64)
  /// It takes more memory than is left, in bytes, beside the metadata that is held already: a swelling of memory.
  case tooMuchMemory(file: String, left: Int64)
  /// More roles than the limit lie on the way to a target: a maze of delegations.
  case tooManyDelegations(path: String, limit: Int)
  /// There is no root to begin with: neither one that is stored nor one that came with the program.
  case noTrustedRoot
  /// Written to another major version of the specification.
  case unsupportedSpecification(file: String, version: String)
  /// A role that the snapshot does not list was asked for.
  case notListed(role: String)
  /// No role that is trusted for that path lists the target.
  case targetNotFound(path: String)
  /// A target lists no hash that this client knows.
  case noKnownHash(file: String)
  /// Fetching failed.
  case fetch(file: String, url: String, FetchError)
  /// Reading or writing the client's own files failed.
  case file(FileError)
  /// What came from a URL was refused; the error inside names the file and the rule that it broke, the step
  /// is the one of TUF 1.0.34 that asks for it.
  indirect case refused(url: String, step: StaticString?, TUFError)
}

extension TUFError {
  /// True when what was received contradicts what is trusted, and so is refused for ever.
  public var isAttack: Bool {
    switch self {
    case .malformed, .unsigned, .rollback, .roleDisappeared, .expired, .wrongVersion, .wrongHash,
      .wrongLength, .tooLong, .tooMuchMemory, .tooManyDelegations, .unsupportedSpecification,
      .notListed,
      .noKnownHash:
      true
    case .fetch(_, _, .tooLong): true
    case .noTrustedRoot, .targetNotFound, .fetch, .file: false
    case .refused(_, _, let error): error.isAttack
    }
  }

  /// True when an old copy in a cache, or a look in the very moment of publishing, would look just so.
  ///
  /// Whoever asks again, past all caches, can tell: what is the same then is the repository's own fault, or
  /// somebody's in between.
  public var isPerhapsStale: Bool {
    switch rule {
    case .rollback, .roleDisappeared, .expired, .wrongVersion, .wrongHash, .wrongLength, .unsigned,
      .notListed:
      true
    case .fetch(_, _, .notFound): true
    default: false
    }
  }

  /// One sentence for a person, without a final stop: the file and the role that it is of, the rule that it
  /// broke with its step in TUF 1.0.34, and the URL that it came from.
  public var description: String {
    var text = rule.sentence
    if let step = metadataStep { text += " (TUF \(step.description))" }
    if case .refused(let url, _, _) = self {
      text += "; it came from \(RequestPath.withoutPassword(url))"
    }
    return text
  }

  private var sentence: String {
    switch self {
    case .malformed(let file, let reason): "\(file) is not valid metadata: \(reason)"
    case .unsigned(let file, let valid, let threshold, let keyFault):
      "\(file) is not properly signed: \(valid) of \(threshold) signatures that it needs are valid"
        + (keyFault.map { "; \($0)" } ?? "")
    case .rollback(let file, let role, let version, let trusted):
      "\(file) is a rollback: it gives \(role) version \(version), but version \(trusted) is trusted already"
    case .roleDisappeared(let role):
      "snapshot.json is a rollback: it no longer lists \(role)"
    case .expired(let file, let at, let now, let clock?):
      "\(file) expired on \(UTCTime.text(at)); it was \(UTCTime.text(now)) already when this machine last looked, though its clock says \(UTCTime.text(clock)): the clock has gone back (set it), or it once ran ahead (the publisher's next renewal ends that)"
    case .expired(let file, let at, let now, nil):
      "\(file) expired on \(UTCTime.text(at)) (it is \(UTCTime.text(now)) now): the repository is frozen, or this machine's clock is wrong"
    case .wrongVersion(let file, let version, let listed):
      "\(file) has version \(version), but version \(listed) is listed"
    case .wrongHash(let file): "\(file) does not have the hash that is listed for it"
    case .wrongLength(let file, let length, let listed):
      "\(file) has \(length) bytes, but \(listed) are listed"
    case .tooLong(let file, let limit): "\(file) is longer than the limit of \(limit) bytes"
    case .tooMuchMemory(let file, let left):
      "\(file) would take more memory than is left beside the other metadata: \(left) bytes"
    case .unsupportedSpecification(let file, let version):
      "\(file) follows version \(version) of the TUF specification; this client follows version 1"
    case .tooManyDelegations(let path, let limit):
      "the search for \(path) visited as many delegated roles as the limit allows: \(limit)"
    case .noTrustedRoot:
      "there is no trusted root.json; begin with one that comes from where you trust"
    case .notListed(let role): "the snapshot does not list \(role)"
    case .targetNotFound(let path): "no trusted role lists the target \(path)"
    case .noKnownHash(let file): "\(file) is listed without a hash that this client knows"
    case .fetch(let file, let url, let error):
      "can't fetch \(file) from \(RequestPath.withoutPassword(url)): \(error.description)"
    case .file(let error): error.description
    case .refused(_, _, let error): error.sentence
    }
  }

  /// The rule that was broken, without where the file came from.
  public var rule: TUFError {
    if case .refused(_, _, let error) = self { return error.rule }
    return self
  }
}

extension FetchError {
  /// The reason as half a sentence for a person.
  public var description: String {
    switch self {
    case .notFound(let status): "there is no such file (status \(status))"
    case .status(let status): "the server answered with status \(status)"
    case .unreachable(let reason): reason
    case .certificate(let host, let problem): problem.description(of: host)
    case .webPage(let host):
      "\(host) answered with a web page in its place: this network may want you to log in first"
    case .timedOut(let seconds): "it did not come within \(seconds) seconds"
    case .tooSlow(let bytes, let seconds):
      "fewer than \(bytes) bytes a second for \(seconds) seconds"
    case .tooLong(let limit): "the answer is longer than \(limit) bytes"
    case .headTooLong(let limit): "the head of the answer is longer than \(limit) bytes"
    case .truncated(let reason): "the body did not come whole: \(reason)"
    case .unsupportedURL:
      "the URL can't be used; it must be https://HOST, http://HOST or file:///PATH, with no more than a port behind the host, and hold no space and no #"
    case .noTransport(let reason): reason
    case .file(let reason): reason
    case .stopped: "it was stopped"
    case .notModified: "the server says that it has not changed"
    }
  }
}

extension CertificateProblem {
  /// Half a sentence for a person, about the certificate of a host.
  fileprivate func description(of host: String) -> String {
    switch self {
    case .unknownIssuer:
      "the certificate of \(host) is from an issuer that this machine does not know; SSL_CERT_FILE can name a file of issuers to trust"
    case .wrongName: "the certificate that \(host) shows is for another name"
    case .expired: "the certificate of \(host) has expired, or this machine's clock is wrong"
    case .notYetValid:
      "the certificate of \(host) is not valid yet, or this machine's clock is wrong"
    case .other(let reason): "the certificate of \(host) is not trusted: \(reason)"
    }
  }
}
