import Bytes
import FileSystem
import Layout

/// Archives that were fetched and refused for their own faults, so that they are not fetched again in vain.
///
/// A control file in the work area:
///
/// ```
/// esky-refused 1
/// offered targets 17
/// refused 9f86d0… hello-1.2.linux-x86_64 it has no program
/// needs /usr/bin/python3
/// end
/// ```
///
/// `offered` is what the offers came from: once the publisher has changed that, all is forgotten. The hash is the
/// archive's; `needs` belongs to the line before it, which no longer counts once that program, or command, is there.
struct Refusals {
  struct Refusal {
    let digest: [UInt8]
    let name: [UInt8]
    let reason: [UInt8]
    var needs: [UInt8]?
  }

  private let file: FilePlace
  private let offered: [UInt8]
  private var refusals: [Refusal] = []

  /// Reads what was refused of these offers.
  init(_ work: WorkArea, offered: [UInt8]) {
    file = work.refused
    self.offered = offered
    guard let text = try? file.read(limit: Self.limit),
      let control = ControlFile(text, kind: "esky-refused"), control.value("offered") == offered
    else { return }
    for line in control.lines {
      if line.word == ("refused" as StaticString).bytes {
        let parts = line.value.split(separator: 0x20, maxSplits: 2).map { Array($0) }
        if parts.count == 3 {
          refusals.append(Refusal(digest: parts[0], name: parts[1], reason: parts[2]))
        }
      } else if line.word == ("needs" as StaticString).bytes, !refusals.isEmpty {
        refusals[refusals.count - 1].needs = line.value
      }
    }
    refusals.removeAll { $0.needs.map { ProgramFile.isThere(Path($0)) } ?? false }
  }

  /// Why an offer was refused; nil when it was not.
  func reason(_ offer: Offer) -> String? {
    guard let digest = offer.digest else { return nil }
    for refusal in refusals where refusal.digest == digest && refusal.name == offer.name.bytes {
      return String(decoding: refusal.reason, as: UTF8.self)
    }
    return nil
  }

  /// Remembers a refusal; where that can't be written, the archive is fetched again next time.
  mutating func add(_ offer: Offer, reason: String, needs: [UInt8]?) {
    guard let digest = offer.digest else { return }
    refusals.append(
      Refusal(
        digest: digest, name: offer.name.bytes, reason: Self.line(Array(reason.utf8)),
        needs: needs.map { Self.line($0) }))
    var control = ControlFile()
    control.append("offered", offered)
    // The oldest are forgotten first.
    for refusal in refusals.suffix(Self.most) {
      control.append(
        "refused", refusal.digest + [0x20] + refusal.name + [0x20] + refusal.reason)
      if let needs = refusal.needs { control.append("needs", needs) }
    }
    _ = try? file.writeAtomically(control.text(kind: "esky-refused"))
  }

  private static let most = 2000
  /// The most bytes of the file: more than that many refusals have.
  private static let limit = 4 << 20

  /// One line of at most 500 bytes.
  private static func line(_ text: [UInt8]) -> [UInt8] {
    text.prefix(500).map { $0 == 0x0a ? 0x20 : $0 }
  }
}
