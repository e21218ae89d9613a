import CPosix
import FileSystem
import TUF

// rate ROOT TARGETS: processor seconds that one reading of a targets file takes, as seconds for parsing,
// for the canonical form, and for the check of its signature by the keys of the root.

/// The processor seconds of one call, the least of several.
func seconds(_ body: () -> Void) -> Double {
  var least = Double.infinity
  for _ in 1...7 {
    let start = clock()
    body()
    least = min(least, Double(clock() - start) / Double(CLOCKS_PER_SEC))
  }
  return least
}

func read(_ path: String) throws -> JSONValue {
  try JSONDocument(parsing: FileSystem.read(Path(path), limit: 1 << 28)).root
}

let root = try read(CommandLine.arguments[1])
let targets = try read(CommandLine.arguments[2])
guard let signed = targets["signed"],
  let entry = targets["signatures"]?.elements.first(where: { _ in true }),
  let id = entry["keyid"]?.text, let signature = Hex.decode(entry["sig"]?.text ?? []),
  let key = root["signed"]?["keys"]?[id].map(PublicKey.init)
else { fatalError("no metadata that its root has a key for") }
let bytes = try FileSystem.read(Path(CommandLine.arguments[2]), limit: 1 << 28)

let parsing = seconds { _ = try? Targets(parsing: bytes) }
let encoding = seconds { _ = try? CanonicalJSON.withEncoded(signed) { $0.count } }
let verifying = seconds {
  let isValid = try? CanonicalJSON.withEncoded(signed) {
    key.verifies(signature: signature, of: $0)
  }
  precondition(isValid == true, "the signature does not verify")
}
print(parsing, encoding, verifying - encoding)
