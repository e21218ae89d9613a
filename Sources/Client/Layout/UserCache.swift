import Bytes
public import FileSystem

/// Where a user keeps what belongs to checking an app folder that he may not write: `esky/APPNAME-HASH/` in
/// `$XDG_CACHE_HOME`, or `.cache` in `$HOME`. (XDG Base Directory Specification 0.8)
public enum UserCache {
  /// The work area for an app folder; nothing is looked at.
  ///
  /// HASH is the 64-bit FNV-1a of the app folder's path, in 16 hexadecimal digits. Somebody who finds a path
  /// of the same hash gains nothing: both folders' apps run as the user already.
  ///
  /// - Parameters:
  ///   - caches: the value of `XDG_CACHE_HOME`; counts only where it is absolute, as the specification wants.
  ///   - home: the value of `HOME`.
  /// - Returns: nil where neither names a folder.
  public static func workArea(
    for app: AppFolder, caches: [UInt8]?, home: [UInt8]?
  ) -> WorkArea? {
    let start: Path
    if let caches, Path(caches).isAbsolute {
      start = Path(caches)
    } else if let home, Path(home).isAbsolute {
      start = Path(home).appending(".cache")
    } else {
      return nil
    }
    let name = app.app.bytes + [UInt8(ascii: "-")] + hash(app.root.bytes)
    return WorkArea(Folder(start).folder("esky").folder(name))
  }

  /// Makes the area, and the folder of all caches with mode 0700 where that is missing; root makes
  /// none in a folder of somebody else's.
  ///
  /// - Returns: false where the caches are not this user's own, as under a `sudo` that keeps `HOME`: nothing is
  ///   made then.
  public static func make(_ area: WorkArea) throws(FileError) -> Bool {
    do throws(FileError) {
      if try foreignHome(of: area) == nil {
        try FileSystem.makeDirectory(area.folder.start, permissions: 0o700)
      }
    } catch {
      guard error.isTaken else { throw error }
    }
    guard isOwn(try FileSystem.status(area.folder.start)) else { return false }
    return isOwn(try area.folder.make().status())
  }

  /// What ``make(_:)`` found to be not this user's own; nil for nothing, or what can't be looked at.
  public static func foreignFolder(to area: WorkArea) -> Path? {
    let start = area.folder.start
    if (try? FileSystem.status(start)) == nil, let home = try? foreignHome(of: area) {
      return home
    }
    for path in [start, area.folder.path.parent, area.folder.path] {
      if let status = try? FileSystem.status(path), !isOwn(status) { return path }
    }
    return nil
  }

  /// The folder that the folder of all caches would be made in, where that is another user's: root alone could.
  private static func foreignHome(of area: WorkArea) throws(FileError) -> Path? {
    guard EffectiveUser.isRoot else { return nil }
    let home = area.folder.start.parent
    return try FileSystem.status(home).owner == 0 ? nil : home
  }

  /// True for what is this user's, and not for everybody to write.
  private static func isOwn(_ status: FileStatus) -> Bool {
    status.owner == EffectiveUser.id && status.permissions & 0o002 == 0
  }

  private static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var digits: [UInt8] = []
    var shift = 60
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: hash >> UInt64(shift)) & 15
      digits.append(Hex.digit(digit))
      shift -= 4
    }
    return digits
  }
}
