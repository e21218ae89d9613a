public import FileSystem
public import TUF

/// Fetches from wherever a URL points, by its scheme: `http`, `https` or `file`.
///
/// The scheme may be in letters of either case. A machine without libcurl still reads `file:` URLs.
public final class SchemeFetcher: Fetcher {
  private let web: any Fetcher
  private let disk: any Fetcher

  /// Makes a fetcher for each scheme, with limits for those that go over a network.
  ///
  /// - Parameter authorities: a file of certificates in PEM, whose issuers are trusted beside those of the system
  ///   or the environment; see ``HTTPFetcher``.
  public convenience init(
    limits: TransferLimits = .interactive, userAgent: String = "esky/1", authorities: Path? = nil
  ) {
    self.init(
      web: HTTPFetcher(limits: limits, userAgent: userAgent, authorities: authorities),
      disk: FileFetcher())
  }

  init(web: any Fetcher, disk: any Fetcher) {
    self.web = web
    self.disk = disk
  }

  /// Fetches one file into a sink, as the fetcher for its scheme does.
  ///
  /// - Throws: ``FetchError/unsupportedURL`` for any other scheme, else what that fetcher throws.
  @discardableResult
  public func fetch(
    _ request: FetchRequest, into sink: any ByteSink
  ) throws(FetchError) -> Validator? {
    switch URLScheme(of: request.url) {
    case .http, .https: return try web.fetch(request, into: sink)
    case .file: return try disk.fetch(request, into: sink)
    case nil: throw .unsupportedURL
    }
  }
}
