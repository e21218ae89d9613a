public import CPosix

/// The number of a user.
public typealias UserID = uid_t

/// The number of a group.
public typealias GroupID = gid_t

/// Whose rights this process goes by.
public enum EffectiveUser {
  /// The user. `geteuid(2)`
  public static var id: UserID { geteuid() }

  /// The user's group. `getegid(2)`
  public static var group: GroupID { getegid() }

  /// True for the administrator.
  public static var isRoot: Bool { id == 0 }
}
