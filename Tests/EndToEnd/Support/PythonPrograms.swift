import Foundation
import TestKit

/// The Python programs that this project is compared with, in the environments that scripts/venv makes.
enum PythonPrograms {
  static let fixtures = Checkout.path + "/Tests/EndToEnd/Fixtures"

  /// The interpreter that has python-tuf 7.
  static let tuf = Result { try interpreter("ESKY_TEST_VENV", []) }
  /// The interpreter that has tufup, and with it python-tuf 4.
  static let tufup = Result { try interpreter("ESKY_TUFUP_VENV", ["tufup"]) }

  private static func interpreter(_ variable: String, _ words: [String]) throws -> String {
    if let folder = ProcessInfo.processInfo.environment[variable] { return folder + "/bin/python" }
    let folder = try Command(Checkout.path + "/scripts/venv", words).succeed(seconds: 600).output
    return folder.trimmingCharacters(in: .whitespacesAndNewlines) + "/bin/python"
  }

  /// A script of `Fixtures`, to be run by an interpreter.
  static func script(_ python: Result<String, any Error>, _ name: String, _ words: [String]) throws
    -> Command
  {
    Command(try python.get(), [fixtures + "/" + name] + words)
  }
}
