import Bytes
import FileSystem
import TUF

/// What was found out about delegated roles, so that a look at tens of thousands of them reads only those that
/// have changed since.
///
/// The file `role-notes` in the repository's folder, of lines:
///
///     esky-role-notes 1
///     VERSION FILE EXPIRES DAYS TARGETS DELEGATES AUTHORITY SIGNERS NAME      for each role
///     end
///
/// FILE is the six numbers of `FileIdentity`, EXPIRES seconds since 1970 UTC, DAYS its period, DELEGATES 1 for a role that delegates
/// further, else 0; AUTHORITY is the hash of the keys and the threshold that its signatures were checked against, SIGNERS
/// the places of those keys that signed it, with commas between, or `-`.
///
/// It is a help and no authority: what says when something is due. Whoever can write it can write the metadata beside
/// it, too, and what is signed anew is read and verified again. A file that is not as it was noted is read, and
/// notes that can't be read, or written, cost time and no more.
struct RoleNotes {
  /// What is known of one role.
  struct Note: Equatable {
    let version: Int64
    let file: FileIdentity
    let expires: Int64
    /// For how many days it is valid each time it is signed.
    let period: Int
    let targets: Int
    let delegates: Bool
    let authority: [UInt8]
    /// Places in the list of the authority's keys.
    let signers: [Int]
  }

  private let path: Path
  private var known: [Role: Note] = [:]
  private var current: [(role: Role, note: Note)] = []
  private var read = 0

  private static let heading = Array("esky-role-notes 1".utf8)
  private static let limit = 256 << 20
  /// So many roles are read as fast as notes of them.
  private static let few = 32

  /// Where the notes of a repository are.
  static func path(in directory: Path) -> Path { directory.appending("role-notes") }

  /// Reads what was noted in a repository.
  init(_ directory: Path) {
    path = Self.path(in: directory)
    guard let text = try? FileSystem.read(path, limit: Self.limit) else { return }
    var lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)[...]
    guard lines.popFirst()?.elementsEqual(Self.heading) == true, lines.popLast()?.isEmpty == true,
      lines.popLast()?.elementsEqual("end".utf8) == true
    else { return }
    known.reserveCapacity(lines.count)
    for line in lines {
      guard let (role, note) = Self.parse(line) else {
        known = [:]
        return
      }
      known[role] = note
    }
  }

  /// What is noted of a role in the file that it has now; nil for nothing.
  func note(of role: Role, version: Int64, file: FileIdentity, authority: [UInt8]) -> Note? {
    guard let note = known[role], note.version == version, note.file == file,
      note.authority == authority
    else { return nil }
    return note
  }

  /// Keeps a note, be it one from before.
  mutating func keep(_ note: Note, of role: Role) {
    if known[role] != note { read += 1 }
    current.append((role, note))
  }

  /// Writes what was kept, where that saves the next look some time.
  func write() {
    guard read > Self.few else { return }
    var text = Self.heading
    for (role, note) in current {
      var words = [note.version] + note.file.numbers
      words += [note.expires, Int64(note.period), Int64(note.targets), note.delegates ? 1 : 0]
      text.append(0x0a)
      for word in words {
        text += Array(String(word).utf8)
        text.append(0x20)
      }
      text += Hex.encode(note.authority)
      text.append(0x20)
      let signers = note.signers.map(String.init).joined(separator: ",")
      text += Array((signers.isEmpty ? "-" : signers).utf8)
      text.append(0x20)
      text += role.bytes
    }
    text += Array("\nend\n".utf8)
    _ = try? FileSystem.writeAtomically(text, to: path)
  }

  private static func parse(_ line: ArraySlice<UInt8>) -> (Role, Note)? {
    let count = FileIdentity.count
    let words = line.split(
      separator: 0x20, maxSplits: count + 7, omittingEmptySubsequences: false)
    guard words.count == count + 8 else { return nil }
    var numbers: [Int64] = []
    for word in words[..<(count + 5)] {
      guard let number = Int64(digits: word) else { return nil }
      numbers.append(number)
    }
    guard let file = FileIdentity(Array(numbers[1...count])),
      let authority = Hex.decode(Array(words[count + 5]))
    else { return nil }
    var signers: [Int] = []
    if !words[count + 6].elementsEqual("-".utf8) {
      let places = words[count + 6].split(
        separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      for place in places {
        guard let place = Int64(digits: place) else { return nil }
        signers.append(Int(clamping: place))
      }
    }
    return (
      Role(String(decoding: words[count + 7], as: UTF8.self)),
      Note(
        version: numbers[0], file: file, expires: numbers[count + 1],
        period: Int(clamping: numbers[count + 2]), targets: Int(clamping: numbers[count + 3]),
        delegates: numbers[count + 4] == 1,
        authority: authority, signers: signers)
    )
  }
}
