import TUF

/// Writes what the client does to stderr when that is wanted.
final class Observer: ClientObserver {
  private let isVerbose: Bool

  init(isVerbose: Bool) {
    self.isVerbose = isVerbose
  }

  func observe(_ event: ClientEvent) {
    switch event {
    case .request(let url):
      say("GET \(url)")
    case .absent(let url):
      say("\(url) is not there: no newer root")
    case .passed(let check):
      say("\(check.file) \(check.step.description) \(check.rule.description) ok")
    case .trusted(let file, let version):
      say("\(file) version \(version) is trusted")
    case .kept(let file, let version):
      say("\(file) version \(version) is kept")
    }
  }

  private func say(_ text: String) {
    if isVerbose { Output.error(text) }
  }
}
