import CPosix
import FileSystem
import Layout

/// The environment of the app: the launcher's own, and the ESKY variables of the version that runs.
enum Environment {
  /// A new list of strings; what the list of another esky set is replaced.
  ///
  /// The strings live until exec or exit.
  static func prepared(
    _ inherited: Launcher.Strings, _ version: VersionFolder, _ identity: Identity
  ) -> Launcher.Strings {
    var count = 0
    while inherited[count] != nil { count += 1 }
    let prepared = Launcher.Strings.allocate(capacity: count + EnvironmentNames.all.count + 1)
    var filled = 0
    var index = 0
    while index < count {
      if let variable = inherited[index], !isOurs(variable) {
        prepared[filled] = variable
        filled += 1
      }
      index += 1
    }
    let root = identity.folder.root
    let ours: [(name: StaticString, value: [UInt8])] = [
      (EnvironmentNames.root, root.bytes),
      (EnvironmentNames.version, version.name.version.text),
      (EnvironmentNames.launcher, root.appending(identity.program).bytes),
      (EnvironmentNames.finder, version.finder.bytes),
      (EnvironmentNames.library, version.library.bytes),
    ]
    for variable in ours {
      prepared[filled] = string(variable.name, variable.value)
      filled += 1
    }
    prepared[filled] = nil
    return prepared
  }

  private static func isOurs(_ variable: UnsafePointer<CChar>) -> Bool {
    for name in EnvironmentNames.all
    where strncmp(variable, name.utf8Start, name.utf8CodeUnitCount) == 0
      && variable[name.utf8CodeUnitCount] == 0x3d
    {
      return true
    }
    return false
  }

  private static func string(
    _ name: StaticString, _ value: [UInt8]
  ) -> UnsafeMutablePointer<CChar> {
    let length = name.utf8CodeUnitCount + 1 + value.count
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: length + 1)
    var place = 0
    while place < name.utf8CodeUnitCount {
      text[place] = CChar(bitPattern: name.utf8Start[place])
      place += 1
    }
    text[place] = 0x3d
    for byte in value {
      place += 1
      text[place] = CChar(bitPattern: byte)
    }
    text[length] = 0
    return text
  }
}
