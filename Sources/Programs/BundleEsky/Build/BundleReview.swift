import Archive
import Esky
import FileSystem
import Layout
import Repository
import TUF

/// What an archive is, as clients will judge it: by the very function that installs.
enum BundleReview {
  /// The version that an archive is by its name.
  static func name(_ archive: Path) throws -> VersionDirectoryName {
    guard (try? FileSystem.exists(archive)) == true else {
      throw Failure("there is no file \(archive.text)")
    }
    guard let name = DownloadName.version(archive.lastComponent),
      DownloadName.archive(name) == archive.lastComponent
    else {
      throw Failure(
        "\(archive.text) is not named as bundle-esky build names archives (appname-X.Y.platform.zip)"
      )
    }
    return name
  }

  /// Examines an archive that is to be published, or is.
  ///
  /// - Parameters:
  ///   - whole: what a person knows it by, where it has no name of its own yet.
  ///   - reads: true to compare all contents with the manifest as well, as installing does.
  ///   - mayStayAsItIs: true for one that need not name a place to update from.
  static func examine(
    _ archive: Path, as name: VersionDirectoryName, called whole: String? = nil,
    readingContents reads: Bool = false, mayStayAsItIs: Bool = false
  ) throws -> Bundle {
    let whole = whole ?? archive.text
    let reader: ZipReader
    do throws(ArchiveError) {
      reader = try ZipReader(archive)
    } catch {
      throw Failure("\(whole): \(error.description)")
    }
    do throws(BundleError) {
      let bundle = try Bundle(
        examining: reader, as: name, for: .itsPlatform, mayStayAsItIs: mayStayAsItIs)
      if reads { try bundle.checkContents(of: reader) }
      return bundle
    } catch {
      switch error {
      case .archive(let error): throw Failure("\(whole): \(error.description)")
      case .problem(let found):
        throw Failure(
          "\(whole) is not a usable bundle: \(found.description); every client would refuse it"
        )
      }
    }
  }

  /// Examines an archive that is to be published in a repository.
  static func examine(
    _ archive: Path, for repository: RepositoryFolder
  ) throws -> Bundle {
    let name = try name(archive)
    let bundle = try examine(archive, as: name, readingContents: true)
    guard
      try Failure.naming({
        try repository.isReached(from: bundle.trustedRoot, file: "\(archive.text): root.json")
      })
    else {
      throw Failure(
        "\(archive.text) trusts a root that is not of this repository, nor signed the first one that is; its users could not follow to later ones. Build it again with this repository"
      )
    }
    return bundle
  }
}
