import TUF

/// Writes what the client does to stderr when that is wanted, and knows whose file is being checked.
final class Observer: ClientObserver {
  private let isVerbose: Bool
  /// Where the file came from whose checks are not finished yet.
  private(set) var url: String?

  init(isVerbose: Bool) {
    self.isVerbose = isVerbose
  }

  func observe(_ event: ClientEvent) {
    switch event {
    case .request(let url):
      self.url = url
      say("GET \(url)")
    case .absent(let url):
      self.url = nil
      say("\(url) is not there: no newer root")
    case .passed(let check):
      say("\(check.file) \(check.step.description) \(check.rule.description) ok")
    case .trusted(let file, let version):
      url = nil
      say("\(file) version \(version) is trusted")
    case .kept(let file, let version):
      url = nil
      say("\(file) version \(version) is kept")
    }
  }

  /// Forgets where the last file came from: what follows is not about it.
  func finish() {
    url = nil
  }

  private func say(_ text: String) {
    if isVerbose { Output.error(text) }
  }
}
