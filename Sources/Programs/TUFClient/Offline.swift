import TUF

/// Fetches nothing: for commands that need no network.
final class Offline: Fetcher {
  func fetch(_ request: FetchRequest, into sink: any ByteSink) throws(FetchError) -> Validator? {
    throw .noTransport(reason: "this command uses no network")
  }
}
