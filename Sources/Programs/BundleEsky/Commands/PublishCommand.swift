import Archive
import ArgumentParser
import Esky
import FileSystem
import Layout
import Repository
import TUF

/// `bundle-esky publish`: adds versions to the repository and signs.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Add a version to the repository and sign it.",
    discussion: """
      Clients see the old state until the last file, timestamp.json, is in place. Archives of several \
      platforms can be published at once. They go to everybody unless --channel, --percent or --hours say \
      otherwise; amend changes that later. Each is compared with every version from which somebody would come \
      to it: another update URL or channel, lost programs, a lost ca-file, no looking for updates any more, a \
      name one letter or capital off or a platform that never was are refused unless --allow says that they are \
      meant; so is a version whose archive is not in targets/ to be compared with (--allow unseen).

      Exit status: 0 done, 12 it waits for signatures, 1 failed, 64 wrong usage.

      Examples:
        bundle-esky publish hello-1.2.linux-x86_64.zip
        bundle-esky publish dist/*.zip --repository /srv/hello --keys ~/secret/hello
        bundle-esky publish hello-2.0rc1.linux-x86_64.zip --channel beta
        bundle-esky publish dist/*.zip --notes-file notes.md --percent 5 --hours 72
        bundle-esky publish hello-1.2.linux-aarch64.zip --allow platform
      """)

  @Argument(help: "Archives that bundle-esky build made.")
  var zip: [String]

  @OptionGroup var terms: TermsOptions
  @OptionGroup var repository: RepositoryOptions
  @OptionGroup var keys: KeyOptions

  @Flag(help: "Publish also a version that is not newer than all that are in its channels.")
  var allowOlder = false

  @OptionGroup var succession: SuccessionOptions

  func run() throws {
    let project = try Project()
    let said = try terms.applied(to: ReleaseTerms())
    let ring = try keys.ring(project)
    var names: [VersionDirectoryName] = []
    var listed: [Release] = []
    let publication = try repository.change(project) { folder in
      let bundles = try zip.map { try BundleReview.examine(Path($0), for: folder) }
      names = bundles.map(\.name)
      try refuse(names, said, in: folder)
      let changes = Swift.zip(zip, names).map { (file, name) in
        Standing(name, terms: said, archive: Path(file))
      }
      try Succession(folder, changes: changes, allowed: succession.allow).check()
      let additions = try Swift.zip(zip, names).map { (file, name) in
        try TargetAddition(
          TargetName(name.text + ".zip"), source: Path(file), custom: said.custom(keeping: nil))
      }
      do {
        // Finders look for versions in the top-level targets.
        let publication = try folder.addTargets(
          additions, to: .targets, basis: folder.version(of: .targets), keys: ring, now: now)
        listed = try Release.all(in: folder)
        return publication
      } catch RepositoryError.targetExists(let name) {
        throw Failure(
          "\(name.text) is published already, with other bytes or on other terms: amend changes the terms; other bytes need a new version"
        )
      }
    }
    for name in names where publication.waiting.isEmpty {
      let isUnchanged = publication.unchanged.contains { $0.text == name.text + ".zip" }
      print(isUnchanged ? "\(name.text) was published already" : "published \(name.text)")
    }
    try Report.publication(publication)
    Report.stranded(listed)
  }

  /// Refuses versions that no client would ever take.
  private func refuse(
    _ names: [VersionDirectoryName], _ said: ReleaseTerms, in folder: RepositoryFolder
  ) throws {
    let listed = try Release.all(in: folder)
    let withdrawn = try Release.withdrawn(in: folder)
    for name in names {
      if withdrawn.contains(name.text) {
        throw Failure(
          "\(name.text) was withdrawn: those who had it went to another version. Publish it under a new one"
        )
      }
      for release in listed
      where release.name.name == name.name && release.name.platform == name.platform
        && release.name != name && !(release.name.version < name.version) && !allowOlder
        && said.channels.contains(where: release.terms.isOffered)
      {
        throw Failure(
          "\(name.text) is not newer than \(release.name.text), which is published; clients would never take it. Give --allow-older if that is meant"
        )
      }
      try said.refuseUnreachable(name)
    }
  }
}

extension VersionDirectoryName {
  /// The name as text for a person.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
