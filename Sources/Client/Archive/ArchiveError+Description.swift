import FileSystem

extension ArchiveError {
  /// One sentence for a person, without a final stop.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .entryFile(let entry, let error): "\(shown(entry)): \(error.description)"
    case .noEndRecord: "the archive has no zip end record at its end"
    case .malformed(let record, let offset):
      "the archive's \(record.text) at byte \(offset) is malformed"
    case .multipleDisks: "the archive is one part of several"
    case .strayBytes(let offset): "the bytes at \(offset) belong to no entry of the archive"
    case .overlap(let entry): "\(shown(entry)): its bytes overlap those of another entry"
    case .headersDisagree(let entry, let field):
      "\(shown(entry)): the two headers of the entry disagree on its \(field.text)"
    case .tooManyEntries(let limit): "the archive has more than \(limit) entries"
    case .directoryTooLarge(let limit): "the archive's directory has more than \(limit) bytes"
    case .contentsTooLarge(let limit): "the archive's contents have more than \(limit) bytes"
    case .linksTooLong(let limit): "it has more than \(limit) bytes of symbolic links"
    case .tooDeep(let entry, let limit):
      "\(shown(entry)): the path has more than \(limit) components"
    case .pathTooLong(let entry, let limit):
      "\(shown(entry)): the path on disk would have \(limit) bytes or more"
    case .path(let path, let problem): "\(shown(path)): \(problem.text)"
    case .link(let entry, let target, let problem):
      "\(shown(entry)): the link's target \(shown(target)) \(problem.text)"
    case .duplicate(let entry): "\(shown(entry)): the archive has two entries of this path"
    case .notAFolder(let entry): "\(shown(entry)): it is no folder, yet other entries are in it"
    case .linkTwin(let entry):
      "\(shown(entry)): the link differs from the path of another entry in case alone"
    case .unsupportedKind(let entry, let mode):
      "\(shown(entry)): it is neither file, folder nor symbolic link (mode \(octal(mode)))"
    case .ambiguousKind(let entry):
      "\(shown(entry)): name, mode and size disagree on what kind of entry it is"
    case .specialPermissions(let entry, let mode):
      "\(shown(entry)): it has a setuid, setgid or sticky bit (mode \(octal(mode)))"
    case .encrypted(let entry): "\(shown(entry)): it is encrypted"
    case .unsupportedMethod(let entry, let method):
      "\(shown(entry)): its compression method \(method) is not supported"
    case .unsupportedFlags(let entry, let flags):
      "\(shown(entry)): its flags \(octal(flags)) (octal) ask for what is not supported"
    case .wrongSize(let entry, let declared):
      "\(shown(entry)): its contents don't have the declared \(declared) bytes"
    case .wrongChecksum(let entry, let declared, let found):
      "\(shown(entry)): its CRC-32 is \(found), declared was \(declared)"
    case .corruptData(let entry): "\(shown(entry)): its compressed data is damaged"
    case .unexpectedContents(let entry): "\(shown(entry)) has other contents than expected"
    case .truncated(let entry): "\(shown(entry)): the archive ends within its contents"
    case .sourceChanged(let entry): "\(shown(entry)): the file changed while it was read"
    case .outOfMemory: "there is no memory for the compressor"
    case .stopped: "stopped on request"
    }
  }
}

extension ZipRecord {
  var text: String {
    switch self {
    case .localHeader: "local header"
    case .dataDescriptor: "data descriptor"
    case .directoryHeader: "directory header"
    case .zip64End: "zip64 end record"
    case .zip64Locator: "zip64 locator"
    case .end: "end record"
    }
  }
}

extension HeaderField {
  var text: String {
    switch self {
    case .name: "name"
    case .flags: "flags"
    case .method: "compression method"
    case .checksum: "checksum"
    case .size: "size"
    }
  }
}

extension PathProblem {
  var text: String {
    switch self {
    case .empty: "the path is empty"
    case .absolute: "the path is absolute"
    case .dotComponent: "the path has a component . or .."
    case .emptyComponent: "the path has an empty component"
    case .nul: "the path has a NUL"
    case .controlCharacter: "the path has a control character"
    case .backslash: "the path has a backslash"
    case .notUTF8: "the path is not valid UTF-8"
    case .componentTooLong: "a component of the path has more than 255 bytes"
    case .tooLong: "the path has more than 4096 bytes"
    case .secondName: "the entry has a second, different name"
    }
  }
}

extension LinkProblem {
  var text: String {
    switch self {
    case .empty: "is empty"
    case .absolute: "is absolute"
    case .emptyComponent: "has an empty component"
    case .dotComponent: "has a component ."
    case .badCharacters: "has characters that are not allowed"
    case .tooLong: "is too long"
    case .atTheTop: "is refused, for links may not be at the top of the archive"
    case .leavesFolder: "leads out of the top folder"
    case .parentBehindName: "has a .. behind a name"
    }
  }
}

/// A name from an archive as text that can't drive a terminal.
private func shown(_ name: [UInt8]) -> String {
  var safe: [UInt8] = []
  for byte in name.prefix(200) {
    safe.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: "?") : byte)
  }
  // C1 control characters begin with 0xC2 and are no longer than two bytes.
  for index in safe.indices.dropLast()
  where safe[index] == 0xC2 && (0x80..<0xA0).contains(safe[index + 1]) {
    safe[index] = UInt8(ascii: "?")
    safe[index + 1] = UInt8(ascii: "?")
  }
  return "\"" + String(decoding: safe, as: UTF8.self) + (name.count > 200 ? "…\"" : "\"")
}

private func octal(_ value: UInt16) -> String {
  var digits: [UInt8] = []
  for shift in [15, 12, 9, 6, 3, 0] {
    digits.append(UInt8(ascii: "0") + UInt8(value >> UInt16(shift) & 7))
  }
  return String(decoding: digits, as: UTF8.self)
}
