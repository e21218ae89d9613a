import FileSystem
import Layout

/// What a launcher may do in an app folder beside starting the app.
///
/// What root made in a user's folder would be root's, and end that user's updates; what anybody makes in a folder of
/// somebody else is not for that somebody to find.
enum Mandate {
  /// It is this user's own: finish updates, start the finder.
  case change
  /// It is root's, as one that an administrator installed for all: start the finder, which may look and not install.
  case look
  /// It is somebody else's, or that can't be told.
  case nothing

  init(in folder: AppFolder) {
    let user = EffectiveUser.id
    guard let owner = (try? FileSystem.status(folder.root))?.owner else {
      self = .nothing
      return
    }
    self = owner == user ? .change : owner == 0 ? .look : .nothing
  }
}
