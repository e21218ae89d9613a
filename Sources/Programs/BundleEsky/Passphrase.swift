import FileSystem
import Repository

/// Where the passphrases of private keys come from: a descriptor, the environment, the terminal.
final class Passphrase {
  /// `--passphrase-fd`.
  private let descriptor: InheritedDescriptor?
  /// The lines that the descriptor gave; nil before it was read.
  private var lines: [[UInt8]]?
  /// What was typed so far, and opened a key.
  private var typed: [(kind: PassphraseKind, text: [UInt8])] = []

  /// True when a passphrase that anybody could guess is meant.
  private let allowsWeak: Bool

  /// How often a person is asked.
  private static let attempts = 3

  init(descriptor: Int32?, allowsWeak: Bool = false) {
    self.descriptor = descriptor.map { InheritedDescriptor($0) }
    self.allowsWeak = allowsWeak
  }

  // MARK: Keys that are there

  /// Decrypts a key: with what was given or typed before, else with what is typed now.
  func unlock(_ file: KeyFile) throws(RepositoryError) -> PrivateKey {
    let known: [[UInt8]]
    do {
      known = try given(for: file.passphrase)
    } catch {
      throw .noPassphrase(file.path, reason: "\(error)")
    }
    for passphrase in known + remembered(for: file.passphrase) {
      if let key = try Self.open(file, passphrase) { return key }
    }
    let variable = file.passphrase.variable
    if descriptor != nil {
      throw .noPassphrase(file.path, reason: "no passphrase that --passphrase-fd gives opens it")
    }
    if Self.environment[file.passphrase] != nil {
      throw .noPassphrase(file.path, reason: "the passphrase in \(variable) is wrong")
    }
    var prompt = "\(file.passphrase.prompt) (\(file.path.text)): "
    if !known.isEmpty { prompt = "What was given for other keys does not open it. " + prompt }
    for _ in 0..<Self.attempts {
      let text: [UInt8]
      do {
        text = try ask(
          prompt,
          orElse: known.isEmpty
            ? "set \(variable), give --passphrase-fd, or run on a terminal"
            : "another passphrase than its own was given; set \(variable)")
      } catch {
        throw .noPassphrase(file.path, reason: "\(error)")
      }
      if let key = try Self.open(file, text) {
        typed.append((file.passphrase, text))
        return key
      }
      prompt = "That is wrong. \(file.passphrase.prompt) (\(file.path.text)): "
    }
    throw .wrongPassphrase(file.path)
  }

  private static let givenInVain = "The passphrase that was given is wrong for it. "

  private static func open(
    _ file: KeyFile, _ passphrase: [UInt8]
  ) throws(RepositoryError) -> PrivateKey? {
    do throws(RepositoryError) {
      return try file.unlock(passphrase: passphrase)
    } catch {
      if case .wrongPassphrase = error { return nil }
      throw error
    }
  }

  /// What was typed, that for keys of the kind first.
  private func remembered(for kind: PassphraseKind) -> [[UInt8]] {
    typed.filter { $0.kind == kind }.map(\.text) + typed.filter { $0.kind != kind }.map(\.text)
  }

  /// The key in a file of another program, and the passphrase that opened it.
  func open(_ file: KeyImport, _ path: Path) throws -> (key: PrivateKey, passphrase: [UInt8]) {
    let known = try given(for: .offline)
    for passphrase in known {
      if let key = try Self.open(file, passphrase) { return (key, passphrase) }
    }
    var prompt = (known.isEmpty ? "" : Self.givenInVain) + "Passphrase of \(path.text): "
    for _ in 0..<Self.attempts {
      let text = try ask(
        prompt,
        orElse:
          "\(path.text) is encrypted, and no passphrase that was given opens it; set \(PassphraseKind.offline.variable), give --passphrase-fd, or run on a terminal"
      )
      if let key = try Self.open(file, text) { return (key, text) }
      prompt = "That is wrong. Passphrase of \(path.text): "
    }
    throw RepositoryError.wrongPassphrase(path)
  }

  private static func open(
    _ file: KeyImport, _ passphrase: [UInt8]
  ) throws(RepositoryError) -> PrivateKey? {
    do throws(RepositoryError) {
      return try file.key(passphrase: passphrase)
    } catch {
      if case .wrongPassphrase = error { return nil }
      throw error
    }
  }

  // MARK: New keys

  /// The passphrase for new keys of a kind, where it was given: by its own variable, else that of the offline
  /// keys; nil where none was.
  func givenForNew(_ kind: PassphraseKind) throws -> [UInt8]? {
    let found: [UInt8]?
    if descriptor != nil {
      // A line for the offline keys, then one for the online keys.
      let lines = try given(for: kind)
      found = kind == .online && lines.count > 1 ? lines[1] : lines.first
    } else if let own = try Self.nonEmpty(kind) {
      found = own
    } else {
      found = kind == .online ? try Self.nonEmpty(.offline) : nil
    }
    if let found, Self.isWeak(found), !allowsWeak { throw Failure(Self.weakness(of: kind)) }
    return found
  }

  /// The passphrase for a new key that was read from a file of another program: the one given for such keys, else the
  /// one that opened that file; a weak one is questioned.
  func forImported(_ kind: PassphraseKind, openedBy opening: [UInt8]) throws -> [UInt8] {
    if let given = try givenForNew(kind) { return given }
    if Self.isWeak(opening), !allowsWeak, try !isMeant(Self.weakness(of: kind)) {
      throw Failure(
        "nothing was made; \(kind.variable) gives the new file a passphrase of its own")
    }
    return opening
  }

  private static func weakness(of kind: PassphraseKind) -> String {
    "the passphrase for \(kind.keys) is so short that whoever gets a key file can guess it; give another, or --allow-weak-passphrase if it is meant"
  }

  /// A passphrase for new keys; on a terminal it is asked for twice, and a weak one is questioned.
  func new(_ kind: PassphraseKind, for purpose: String) throws -> [UInt8] {
    if let given = try givenForNew(kind) { return given }
    var prompt = "New passphrase for \(purpose): "
    for _ in 0..<Self.attempts {
      let complaint =
        "no passphrase for \(purpose): set \(kind.variable), give --passphrase-fd, or run on a terminal"
      let first = try ask(prompt, orElse: complaint)
      prompt = "New passphrase for \(purpose): "
      if first.isEmpty {
        prompt = "It can't be empty. " + prompt
      } else if Self.isWeak(first), !allowsWeak, try !isMeant(complaint) {
        continue
      } else if try ask("The same again: ", orElse: complaint) == first {
        return first
      } else {
        prompt = "The two differ. " + prompt
      }
    }
    throw Failure("no passphrase was typed twice alike, so nothing was made")
  }

  private func isMeant(_ complaint: String) throws -> Bool {
    let answer = try Terminal.ask(
      "That is so short that whoever gets a key file can guess it. Take it all the same? yes or no: ",
      orElse: complaint)
    return answer.elementsEqual("yes".utf8)
  }

  /// True for what is guessed in no time, however much work a guess is.
  private static func isWeak(_ passphrase: [UInt8]) -> Bool {
    passphrase.count < 8 || Set(passphrase).count < 4
  }

  // MARK: What was given

  /// What may open a key of a kind; nothing where it is to be typed.
  private func given(for kind: PassphraseKind) throws -> [[UInt8]] {
    if let descriptor {
      if let lines { return lines }
      let lines = try Self.lines(from: descriptor)
      self.lines = lines
      return lines
    }
    if let own = try Self.nonEmpty(kind) { return [own] }
    // Whoever has given one passphrase alone may have one alone.
    return try PassphraseKind.allCases.compactMap { try Self.nonEmpty($0) }
  }

  /// What the environment gives; taken out of it, for commands that sign need not know it.
  private static let environment: [PassphraseKind: [UInt8]] = {
    var found: [PassphraseKind: [UInt8]] = [:]
    for kind in PassphraseKind.allCases {
      found[kind] = ProcessEnvironment.value(of: kind.variable)
      ProcessEnvironment.remove(kind.variable)
    }
    return found
  }()

  private static func nonEmpty(_ kind: PassphraseKind) throws -> [UInt8]? {
    guard let bytes = environment[kind] else { return nil }
    if bytes.isEmpty { throw Failure("\(kind.variable) is empty; the keys need a passphrase") }
    return bytes
  }

  /// Reads the lines up to the end: one for each passphrase.
  private static func lines(from descriptor: InheritedDescriptor) throws -> [[UInt8]] {
    let number = descriptor.number
    let given: [UInt8]?
    do throws(SystemError) {
      given = try descriptor.readAll(limit: 1 << 16)
    } catch {
      throw Failure(
        "can't read the passphrase from descriptor \(number): \(error.description)")
    }
    guard let all = given else {
      throw Failure("descriptor \(number) gives more than 64 KiB; no passphrase is that long")
    }
    let lines = all.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }).map(Array.init)
    if lines.isEmpty { throw Failure("the passphrase on descriptor \(number) is empty") }
    return lines
  }

  private func ask(_ prompt: String, orElse complaint: String) throws -> [UInt8] {
    try Terminal.ask(prompt, isSecret: true, orElse: complaint)
  }
}

extension PassphraseKind {
  /// The environment variable that gives it.
  var variable: StaticString {
    switch self {
    case .offline: "ESKY_PASSPHRASE"
    case .online: "ESKY_ONLINE_PASSPHRASE"
    case .recovery: "ESKY_RECOVERY_PASSPHRASE"
    }
  }

  /// The keys that it opens, for people.
  var keys: String {
    switch self {
    case .offline: "the offline keys"
    case .online: "the online keys"
    case .recovery: "the sealed key"
    }
  }

  /// What a person is asked for.
  fileprivate var prompt: String {
    self == .recovery ? "Phrase of the sealed key" : "Passphrase of \(keys)"
  }
}
