import FileSystem

/// A target on its way to the disk: bytes are hashed as they are written.
final class Download: ByteSink {
  let target: TargetFile
  /// Bytes that are in the part file and in the hashes.
  private(set) var received: Int64 = 0
  /// Why the disk took no more.
  private(set) var failure: FileError?

  private let place: FilePlace
  private let part: FilePlace
  private let file: File
  private let hashers: [Hasher]
  private let progress: (any DownloadObserver)?

  /// Opens the part file and takes what an interrupted run left in it into the hashes.
  convenience init(
    _ target: TargetFile, to place: FilePlace, part: FilePlace, progress: (any DownloadObserver)?
  ) throws(FileError) {
    self.init(target, place, part, try part.open(.createOrUpdate), progress)
    if try file.status().size > target.length {
      try file.truncate(to: 0)
    }
    received = try hashers.update(file)
  }

  // Throws nothing: Embedded Swift loses the memory of an object whose own initialiser throws half-way.
  private init(
    _ target: TargetFile, _ place: FilePlace, _ part: FilePlace, _ file: consuming File,
    _ progress: (any DownloadObserver)?
  ) {
    self.target = target
    self.place = place
    self.part = part
    self.file = file
    self.progress = progress
    hashers = target.hashes.map { Hasher($0.algorithm) }
  }

  /// True when a file has the length and the hashes of a target.
  static func isComplete(_ place: FilePlace, _ target: TargetFile) throws(FileError) -> Bool {
    do throws(FileError) {
      let file = try place.open(.read)
      guard try file.status().size == target.length else { return false }
      let hashers = target.hashes.map { Hasher($0.algorithm) }
      _ = try hashers.update(file)
      return zip(hashers, target.hashes).allSatisfy { $0.finish() == $1 }
    } catch {
      // What is no file gives way to the target, or says then why not.
      if error.isMissing || error.operation == .takeForFile { return false }
      throw error
    }
  }

  /// True when there is nothing left to fetch.
  var isFull: Bool { received == target.length }

  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do throws(FileError) {
      try file.write(bytes)
    } catch {
      failure = error
      return false
    }
    for hasher in hashers { hasher.update(bytes) }
    received += Int64(bytes.count)
    return progress?.downloaded(received, of: target.length) ?? true
  }

  func restart() -> Bool {
    do throws(FileError) {
      try file.truncate(to: 0)
      try file.seek(to: 0)
    } catch {
      failure = error
      return false
    }
    for hasher in hashers { hasher.restart() }
    received = 0
    return true
  }

  /// Removes what has been received; it can't become this target.
  func discard() {
    // What can't be removed is emptied by the next run, or removed by cleanup.
    _ = restart()
    _ = try? part.removeIfPresent()
  }

  /// Verifies the whole and gives it its name; durable on return.
  ///
  /// After a wrong hash the part file is empty and can be fetched anew.
  func finish(name: String) throws(TUFError) {
    guard received == target.length else {
      throw .wrongLength(file: name, length: received, listed: target.length)
    }
    for (hasher, listed) in zip(hashers, target.hashes) where hasher.finish() != listed {
      _ = restart()
      throw .wrongHash(file: name)
    }
    do throws(FileError) {
      try file.sync()
      let folder = try place.folder.open()
      do throws(FileError) {
        try part.folder.open().rename(part.name, to: folder, place.name)
      } catch {
        // The two may lie on different volumes; whatever else was wrong the copy meets as well.
        try copy(into: folder)
      }
      try folder.sync()
    } catch {
      throw .file(error)
    }
  }

  /// Copies the part file to its name on another volume, under a temporary name first.
  ///
  /// The temporary name has a `%` behind, which no percent-encoded name of another target ends with.
  private func copy(into folder: borrowing Directory) throws(FileError) {
    let temporary = place.appendingSuffix("%").name
    do throws(FileError) {
      let copy = try folder.replaceFile(temporary)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
      defer { buffer.deallocate() }
      var copied: Int64 = 0
      while true {
        let count = try file.read(into: buffer, at: copied)
        if count == 0 { break }
        try copy.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        copied += Int64(count)
      }
      try copy.sync()
      try folder.rename(temporary, to: folder, place.name)
    } catch {
      _ = try? folder.removeIfPresent(temporary)
      throw error
    }
    try part.removeIfPresent()
  }
}
