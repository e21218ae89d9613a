import Bytes
import FileSystem
import TUF
import Transfer

/// The commands.
struct Commands {
  let options: Options
  /// Seconds since 1970 UTC.
  private let now: Int64
  private let observer: Observer

  init(_ options: Options, now: Int64) {
    self.options = options
    self.now = now
    observer = Observer(isVerbose: options.isVerbose)
  }

  /// Runs the command; false when it failed, which has been said then.
  func run() -> Bool {
    do throws(Failure) {
      switch options.command {
      case .initialise(let file): try initialise(file)
      case .refresh: try refresh()
      case .download: try download()
      case .list: try list()
      case .verify(let file): try verify(file)
      case .help, .version: break
      }
      return true
    } catch {
      Output.error("tuf-client: \(error.description)")
      return false
    }
  }

  // MARK: With the network

  private func refresh() throws(Failure) {
    let lock = try lockFolder()
    defer { extendLifetime(lock) }
    let client = try refreshed()
    for role in client.trustedRoles {
      Output.line("\(role.file) version \(role.version) expires \(UTCTime.text(role.expires))")
    }
  }

  private func refreshed() throws(Failure) -> Client {
    do throws(TUFError) {
      let client = try Client(
        store: MetadataStore(options.metadataFolder), shippedRoot: nil,
        metadataURL: options.metadataURL,
        fetcher: SchemeFetcher(
          limits: options.transferLimits, userAgent: "tuf-client/1",
          authorities: options.authorities),
        now: now, limits: options.limits, observer: observer)
      try client.refresh()
      return client
    } catch {
      throw .repository(error)
    }
  }

  private func download() throws(Failure) {
    let lock = try lockFolder()
    defer { extendLifetime(lock) }
    let client = try refreshed()
    // Not beside the targets: what can't be finished must not be taken for one.
    let partial = Folder(options.metadataFolder).folder("partial")
    let isOne: Bool
    do throws(FileError) {
      try FileSystem.makeDirectories(options.targetFolder)
      let (targets, metadata) = try (
        FileSystem.status(options.targetFolder), FileSystem.status(options.metadataFolder)
      )
      isOne = targets.device == metadata.device && targets.inode == metadata.inode
    } catch {
      throw .file(error)
    }
    // A target called root.json must not become the root that is trusted.
    if isOne { throw .usage("--target-dir and --metadata-dir are one folder") }
    // Stays when a transfer broke off, whose part waits there.
    defer { _ = try? FileSystem.removeDirectory(partial.path) }
    for name in options.targetNames {
      let path = options.targetFolder.appending(try LocalName.of(name))
      let target = try search(client, name)
      do throws(TUFError) {
        try client.download(
          target, to: FilePlace(path), part: partial.file(Digest(.sha256, of: name).hex),
          baseURL: options.targetBaseURL)
      } catch {
        throw .repository(error)
      }
      Output.line(path.text)
    }
  }

  private func search(_ client: Client, _ name: [UInt8]) throws(Failure) -> TargetFile {
    let found: TargetFile?
    do throws(TUFError) { found = try client.target(name) } catch { throw .repository(error) }
    guard let found else {
      throw .repository(.targetNotFound(path: String(decoding: name, as: UTF8.self)))
    }
    return found
  }

  // MARK: Without it

  private func list() throws(Failure) {
    let lock = try? FolderLock(options.metadataFolder, shared: true)
    defer { extendLifetime(lock) }
    let client = try offline()
    // What is trusted is shown even if something behind it is not.
    var failure: TUFError?
    do throws(TUFError) { try client.load() } catch { failure = error }
    Output.line("roles:")
    for role in client.trustedRoles {
      let note = role.expires <= now ? ", expired" : ""
      Output.line(
        "  \(role.file)  version \(role.version)  expires \(UTCTime.text(role.expires))\(note)")
    }
    do throws(TUFError) {
      if let targets = client.storedTargets {
        Output.line("targets:")
        for target in try targets.files() { Output.line("  \(target.line)") }
      }
    } catch {
      throw .repository(error)
    }
    if let failure { throw .repository(failure) }
  }

  private func verify(_ file: Path) throws(Failure) {
    let name = options.targetNames[0]
    let lock = try? FolderLock(options.metadataFolder, shared: true)
    defer { extendLifetime(lock) }
    let client = try offline()
    do throws(TUFError) { try client.load() } catch { throw .repository(error) }
    if client.storedTargets == nil { throw .notStored("targets.json") }
    for role in client.trustedRoles where role.expires <= now {
      Output.error("tuf-client: note: \(role.file) expired on \(UTCTime.text(role.expires))")
    }
    let target: TargetFile
    do throws(Failure) {
      target = try search(client, name)
    } catch {
      if case .repository(.fetch(let file, _, _)) = error { throw .notStored(file) }
      throw error
    }
    do throws(TUFError) { try target.verify(file) } catch { throw .repository(error) }
    Output.line("\(file.text) is \(String(decoding: name, as: UTF8.self))")
  }

  /// A client that fetches nothing and takes expired metadata, which was trusted once.
  private func offline() throws(Failure) -> Client {
    do throws(TUFError) {
      return try Client(
        store: MetadataStore(options.metadataFolder), shippedRoot: nil, metadataURL: "",
        fetcher: Offline(), now: .min, limits: options.limits)
    } catch {
      throw .repository(error)
    }
  }

  /// Keeps other runs out; a folder that is missing holds no root, and the client says so.
  private func lockFolder() throws(Failure) -> FolderLock {
    do throws(FileError) {
      guard try FileSystem.exists(options.metadataFolder) else {
        throw FileError.missing(.open, options.metadataFolder)
      }
    } catch {
      if error.isMissing {
        throw .repository(
          .malformed(
            file: "root.json", reason: "there is none in \(options.metadataFolder.text); run init"))
      }
      throw .file(error)
    }
    return try FolderLock(options.metadataFolder)
  }
}

extension TargetFile {
  /// The path, the length and the hashes on one line.
  fileprivate var line: String {
    var line = "\(String(decoding: path, as: UTF8.self))  \(length) bytes"
    for digest in hashes {
      line +=
        "  \(digest.algorithm.name.description):\(String(decoding: digest.hex, as: UTF8.self))"
    }
    return line
  }
}
