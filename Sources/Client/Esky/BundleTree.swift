import Archive
import Bytes
import FileSystem
import Layout

/// Where things stand in an archive that is to become a version.
struct BundleTree {
  let name: VersionDirectoryName
  /// What all paths begin with: the top folder and a `/`, or nothing.
  let top: [UInt8]

  typealias Role = BundleProblem.Role

  /// What the paths in the version directory begin with.
  var directory: [UInt8] { top + name.bytes + [slash] }

  /// A path in the archive as it is called in the version directory, or else in the app folder.
  func shown(_ path: [UInt8]) -> [UInt8] {
    Array(path.dropFirst(path.starts(with: directory) ? directory.count : top.count))
  }

  /// Checks one entry by itself: it belongs into the version directory, or is a file for the app folder
  /// that can't be mistaken for something of ours.
  ///
  /// - Returns: what is wrong; nil when nothing is.
  func problem(_ entry: ArchiveEntry) -> BundleProblem? {
    let path = entry.path.bytes
    if !top.isEmpty && path + [slash] == top {
      return entry.kind == .directory ? nil : .foreign(path)
    }
    guard path.starts(with: top) else { return .foreign(path) }
    let components = path.dropFirst(top.count).split(separator: slash)
    guard let first = components.first else { return .foreign(path) }
    if first.elementsEqual(name.bytes) {
      // Only installing makes these; in an archive they would reach into the app folder unlisted.
      if components.count > 1, Self.isMadeByInstalling(components[1]) { return .reserved(path) }
      if Self.isList(components[1...]) { return .appInside(path) }
      return linkProblem(entry, depth: components.count)
    }
    if Self.isReservedAtTop(Array(first)) { return .foreign(path) }
    // A link there could lead a later version's files elsewhere.
    if case .symbolicLink = entry.kind { return .linkInAppFolder(path) }
    return nil
  }

  private static func isMadeByInstalling(_ component: ArraySlice<UInt8>) -> Bool {
    for known in ["esky-bootstrap", "esky-bootstrap.withdrawn", "esky-replaces.txt"]
      as [StaticString] where component.elementsEqual(known.bytes)
    {
      return true
    }
    return false
  }

  /// True for what makes a version directory of the folder that it is in.
  private static func isList(_ components: ArraySlice<ArraySlice<UInt8>>) -> Bool {
    let ending = components.suffix(2)
    guard ending.count == 2, let folder = ending.first, let name = ending.last else { return false }
    return name.elementsEqual(("esky-bootstrap.txt" as StaticString).bytes)
      && VersionDirectoryName(parsing: Array(folder)) != nil
  }

  /// True for names that the layout keeps for itself in the app folder.
  static func isReservedAtTop(_ component: [UInt8]) -> Bool {
    component == ("updates" as StaticString).bytes
      || component == ("updates-off" as StaticString).bytes
      || VersionDirectoryName(parsing: component) != nil
  }

  /// The archive's own check let a link lead up to the folder at the top; it may not leave the version directory.
  ///
  /// - Parameter depth: how many components the link's path has from the version directory on.
  private func linkProblem(_ entry: ArchiveEntry, depth: Int) -> BundleProblem? {
    guard case .symbolicLink(let target) = entry.kind else { return nil }
    var climbed = 0
    for component in target.split(separator: slash)
    where component.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) {
      climbed += 1
    }
    return climbed > depth - 2 ? .linkOutside(entry.path.bytes) : nil
  }

  /// A file of the version directory, read whole.
  func contents(
    _ path: [UInt8], of archive: borrowing ZipReader, limit: Int
  ) throws(BundleError) -> [UInt8] {
    guard let entry = archive.entry(directory + path), entry.kind == .file else {
      throw .problem(.missing(path))
    }
    do throws(ArchiveError) {
      return try archive.contents(of: entry, limit: limit)
    } catch {
      if case .contentsTooLarge = error { throw .problem(.damaged(path)) }
      throw .archive(error)
    }
  }

  /// A file of certificates that comes with a version has some: nobody could look for another one without.
  func check(
    certificates path: [UInt8], in archive: borrowing ZipReader
  ) throws(BundleError) {
    if path.first == slash { return }
    guard PathInFolder.isProper(path), let entry = archive.entry(directory + path),
      entry.kind == .file
    else { throw .problem(.certificates(path)) }
    let text = try contents(path, of: archive, limit: Self.certificatesLimit)
    let beginning = ("-----BEGIN CERTIFICATE-----" as StaticString).bytes
    var isLine = true
    for place in text.indices {
      if isLine, text[place...].starts(with: beginning) { return }
      isLine = text[place] == 0x0a
    }
    throw .problem(.certificates(path))
  }

  /// A hundred times what all authorities of a system take.
  private static let certificatesLimit = 16 << 20

  /// The files for the app folder are those that the list names, no more and no fewer.
  func check(_ list: BootstrapList, of archive: borrowing ZipReader) throws(BundleError) {
    for path in list.all {
      guard let entry = archive.entry(top + path), entry.kind == .file else {
        throw .problem(.listedButMissing(path))
      }
    }
    let listed = PathSet(list.all)
    for entry in archive.walk where entry.kind == .file {
      let path = Array(entry.path.bytes.dropFirst(top.count))
      if entry.path.bytes.starts(with: directory) { continue }
      if !listed.contains(path) { throw .problem(.unlisted(path)) }
    }
  }

  /// One that can't run would replace one that does.
  func check(
    program: [UInt8], role: Role, in archive: borrowing ZipReader, _ place: Bundle.Place
  ) throws(BundleError) {
    let folder = role == .launcher ? top : directory
    guard let entry = resolve(folder + program, in: archive), entry.kind == .file else {
      throw .problem(.programMissing(program, role))
    }
    if !entry.isExecutable { throw .problem(.notExecutable(program, role)) }
    let image: ProgramImage
    do throws(ArchiveError) {
      image = try ProgramImage(length: Int64(entry.size)) { (offset, count) throws(ArchiveError) in
        try archive.bytes(of: entry, at: offset, count: count)
      }
    } catch {
      throw .archive(error)
    }
    switch image {
    case .damaged: throw .problem(.noImage(program, role))
    case .brokenScript(let fault): throw .problem(.firstLine(program, role, fault))
    case .script, .elf, .other: break
    }
    guard image.runs(on: name.platform) else {
      throw .problem(.otherMachine(program, role, name.platform))
    }
    if case .thisMachine = place {
      guard image.runs(on: .current) else {
        throw .problem(.otherMachine(program, role, .current))
      }
      if let needed = ProgramFile.lack(of: image) {
        throw .problem(.interpreterMissing(program, role, needed.bytes))
      }
    }
  }

  /// A launcher of ours starts what lies under its own name, and that is no launcher in turn.
  func checkSlot(of program: [UInt8], in archive: borrowing ZipReader) throws(BundleError) {
    if !(try slot(of: program, .launcher, in: archive)).isOfProgram {
      throw .problem(.otherSlot(program))
    }
    if try slot(of: program, .program, in: archive).isLauncher {
      throw .problem(.launcherAsProgram(program))
    }
  }

  private func slot(
    of program: [UInt8], _ role: Role, in archive: borrowing ZipReader
  ) throws(BundleError) -> LauncherSlot {
    let folder = role == .launcher ? top : directory
    guard let entry = resolve(folder + program, in: archive) else {
      throw .problem(.programMissing(program, role))
    }
    var slot = LauncherSlot(app: name.name, program: program)
    // A large program is not unpacked to learn that it is no launcher.
    if role == .program, entry.size > LauncherSlot.longestFile { return slot }
    do throws(ArchiveError) {
      try archive.read(entry) { slot.add($0) }
    } catch {
      throw .archive(error)
    }
    return slot
  }

  /// The entry that a path leads to, through the archive's own links; nil where it leads to none.
  private func resolve(_ path: [UInt8], in archive: borrowing ZipReader) -> ArchiveEntry? {
    var rest = path.split(separator: slash).map { Array($0) }[...]
    var done: [[UInt8]] = []
    var followed = 0
    while let component = rest.popFirst() {
      if component == [UInt8(ascii: "."), UInt8(ascii: ".")] {
        if done.popLast() == nil { return nil }
        continue
      }
      done.append(component)
      let here = Array(done.joined(separator: [slash]))
      let entry = archive.entry(here)
      if case .symbolicLink(let target) = entry?.kind {
        // As many as the kernel follows. path_resolution(7)
        followed += 1
        if followed > 40 { return nil }
        done.removeLast()
        rest = (target.split(separator: slash).map { Array($0) } + rest)[...]
      } else if rest.isEmpty {
        return entry
      }
    }
    return nil
  }
}
