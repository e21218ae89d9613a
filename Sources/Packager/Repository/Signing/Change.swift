import FileSystem
import JSON

/// What a change wants to be different; versions, expiries and the files that follow come by themselves.
struct Change {
  /// The new contents of root without version and expiry; nil to keep the root.
  var root: JSONBuilder?
  /// New contents of targets roles.
  var roles: [RoleEdit] = []
  /// True to sign a new snapshot of the same targets.
  var snapshot = false
  /// True to sign a new timestamp of the same snapshot.
  var timestamp = false
  /// For how many days top-level roles are valid from now on, where that changes.
  var days: [Role: Int] = [:]
  /// Files that become targets, in the staging area, and their paths in the repository.
  var files: [(from: [UInt8], to: [UInt8])] = []
  /// Files that no metadata refers to any more, by their paths in the repository.
  var removals: [[UInt8]] = []

  /// True when there is nothing to do.
  var isEmpty: Bool {
    root == nil && roles.isEmpty && !snapshot && !timestamp && files.isEmpty
  }
}

/// New contents for a targets role, top-level or delegated.
struct RoleEdit {
  let role: Role
  /// Who delegates to it; nil for the top-level targets.
  var delegator: Role?
  /// Who must sign it; for the top-level targets the root says it.
  var needed: [Authority] = []
  /// True for one of many: the snapshot then lists it by its version alone, which compresses well.
  var isListedByVersion = false
  /// True for what says the same as before, to be signed by others.
  var isRenewal = false
  /// The contents without version and expiry, made when they are needed: there may be many roles.
  ///
  /// Nil for a role that stays as it is after all.
  let contents: () throws(RepositoryError) -> JSONBuilder?
}
