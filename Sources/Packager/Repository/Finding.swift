/// One thing that is wrong with a repository.
public struct Finding: Equatable, Sendable {
  /// The file, relative to the repository's folder.
  public let file: String
  /// What is wrong with it, in half a sentence.
  public let fault: String

  /// Puts a finding together.
  public init(_ file: String, _ fault: String) {
    self.file = file
    self.fault = fault
  }
}
