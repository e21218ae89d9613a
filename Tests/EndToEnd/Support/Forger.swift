import FileSystem
import Foundation
import JSON
import Repository
import TUF

/// Somebody who has the right keys and signs what no honest packager would.
struct Forger {
  let packager: Packager

  private var now: Int64 { Int64(Foundation.time(nil)) }

  private func open() throws -> (RepositoryFolder, KeyRing) {
    let secret = Array(Packager.passphrase.utf8)
    let ring = try KeyRing(folders: [Path(packager.path("keys"))]) {
      (file) throws(RepositoryError) in try file.unlock(passphrase: secret)
    }
    return (try RepositoryFolder(Path(packager.repository)), ring)
  }

  /// Publishes a file under the name of a version's archive, whatever is in it.
  func publish(_ file: String, as name: String) throws {
    var (folder, keys) = try open()
    try folder.addTargets(
      [TargetAddition(TargetName(name), source: Path(file))], replacing: true, keys: keys, now: now)
  }

  /// Says of a version what stands in JSON: its target's `custom`.
  func say(_ custom: String, of name: String) throws {
    try amend { amendment in
      amendment.customs = [(try TargetName(name), .verbatim(try Self.json(custom)))]
    }
  }

  /// Puts JSON into the signed targets, under the name by which withdrawn versions stand there.
  func sayWithdrawn(_ list: String) throws {
    try amend { amendment in
      amendment.members = [("x-esky-withdrawn", .verbatim(try Self.json(list)))]
    }
  }

  private func amend(_ change: (inout TargetsAmendment) throws -> Void) throws {
    var (folder, keys) = try open()
    var amendment = TargetsAmendment(to: folder)
    try change(&amendment)
    _ = try folder.amend(amendment, keys: keys, now: now)
  }

  private static func json(_ text: String) throws -> JSONValue {
    try JSONDocument(parsing: Array(text.utf8)).root
  }

  /// Signs roles anew as if it were so many days ago; what follows from them is valid for long.
  func sign(_ roles: [Role], daysAgo: Int) throws {
    var (folder, keys) = try open()
    if !roles.contains(.timestamp) { folder.expiries.timestamp = 3650 }
    if !roles.contains(.snapshot) { folder.expiries.snapshot = 3650 }
    try folder.refresh(roles, keys: keys, now: now - Int64(daysAgo) * 86_400)
  }

  /// An entry to put into an archive.
  struct Entry {
    var name: String
    var text = "evil"
    /// Kind and permissions, as `stat` has them.
    var mode = 0o100644
  }

  /// Lists everything in an archive, in Python: the text of its manifest, for a list of `(ZipInfo, bytes)`.
  static let manifest = """
    import hashlib
    def manifest(app, directory, entries):
        lines = ["esky-manifest 1"]
        own = directory + "esky-files/manifest.txt"
        for entry, data in entries:
            name, kind = entry.filename, entry.external_attr >> 28
            inside = name.startswith(directory)
            path = name.removeprefix(directory if inside else app).rstrip("/")
            if not path or name == own or (kind == 4 and not inside):
                continue
            mode = "755" if entry.external_attr >> 16 & 0o100 else "644"
            if kind == 4:
                lines.append(f"directory 755 {path}")
            elif kind == 10:
                lines.append(f"link {len(path.encode())} {path} {data.decode()}")
            else:
                word = "file" if inside else "bootstrap"
                lines.append(f"{word} {mode} {len(data)} {hashlib.sha256(data).hexdigest()} {path}")
        return "\\n".join(lines + ["end", ""]).encode()
    """

  /// Copies an archive without some entries and with others; `VERSION` in names stands for the directory.
  ///
  /// - Parameter lists: true to have the manifest list what there is then.
  func rewrite(
    _ archive: String, to copy: String, version: String, without dropped: [String] = [],
    adding added: [Entry] = [], listing lists: Bool = true
  ) throws {
    let directory = "\(packager.app)-\(version).\(AppBuilder.platform)"
    /// In the folder at the top, but for what wants to be elsewhere.
    func named(_ name: String) -> String {
      let inside = name.replacingOccurrences(of: "VERSION", with: directory)
      return inside.hasPrefix("/") || inside.hasPrefix("..") ? inside : packager.app + "/" + inside
    }
    let orders: [String: Any] = [
      "from": archive, "to": copy, "drop": dropped.map(named),
      "add": added.map { [named($0.name), $0.text, $0.mode] as [Any] },
      "app": packager.app + "/", "directory": named("VERSION/"), "list": lists,
    ]
    let script = """
      \(Self.manifest)
      import json, sys, warnings, zipfile
      warnings.simplefilter("ignore")
      orders = json.loads(sys.argv[1])
      entries = []
      with zipfile.ZipFile(orders["from"]) as old:
          for entry in old.infolist():
              if entry.filename not in orders["drop"]:
                  entries.append((entry, old.read(entry)))
      for name, text, mode in orders["add"]:
          entry = zipfile.ZipInfo(name)
          entry.create_system = 3
          entry.external_attr = mode << 16
          entries.append((entry, text.encode()))
      listed = manifest(orders["app"], orders["directory"], entries)
      with zipfile.ZipFile(orders["to"], "w") as new:
          for entry, data in entries:
              isManifest = entry.filename == orders["directory"] + "esky-files/manifest.txt"
              new.writestr(entry, listed if isManifest and orders["list"] else data)
      """
    let json = try JSONSerialization.data(withJSONObject: orders)
    try Command(
      "/usr/bin/env", ["python3", "-c", script, String(decoding: json, as: UTF8.self)]
    ).succeed()
  }
}
