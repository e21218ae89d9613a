import Bytes
public import FileSystem

/// The one supported off switch: while any of its three forms is set, no finder updates the app.
public enum OffSwitch: Sendable {
  /// A file `updates-off` in the app folder; for packagers and for users who own the folder.
  case marker(Path)
  /// `ESKY_UPDATES=off` in the environment; `no`, `false` and `0` mean the same.
  case environment
  /// `/etc/esky/updates-off` or `/etc/esky/APPNAME.updates-off`, owned by root; for administrators.
  case policy(Path)

  /// The folder of the policy files.
  public static let policyFolder: Path = "/etc/esky"

  /// The form that is set, if any.
  ///
  /// What can't be looked at counts as not set, but for the marker: a file that is there is meant.
  ///
  /// - Parameters:
  ///   - variable: the value of `ESKY_UPDATES`; nil when it is not set.
  ///   - policies: the folder of the policy files.
  public static func find(
    _ folder: AppFolder, variable: [UInt8]?, policies: Path = policyFolder
  ) -> OffSwitch? {
    if let variable, means(off: variable) { return .environment }
    if (try? FileSystem.exists(folder.offSwitch)) == true { return .marker(folder.offSwitch) }
    let names = [
      ("updates-off" as StaticString).bytes,
      folder.app.bytes + (".updates-off" as StaticString).bytes,
    ]
    for name in names {
      let path = policies.appending(name)
      if let status = try? FileSystem.status(path), status.owner == 0 { return .policy(path) }
    }
    return nil
  }

  /// True for `off`, `no`, `false` and `0`, in any case.
  private static func means(off word: [UInt8]) -> Bool {
    let lowered = word.map { $0.lowered }
    return (["off", "no", "false", "0"] as [StaticString]).contains { $0.bytes == lowered }
  }

  /// The form as half a sentence for a person.
  public var description: String {
    switch self {
    case .marker(let path), .policy(let path): "by the file \(path.text)"
    case .environment: "by ESKY_UPDATES=off in the environment"
    }
  }
}
