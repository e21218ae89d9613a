import FuzzerDriver
import JSON
import TUF

/// The parser and the canonical form over any bytes.
///
/// What parses has a canonical form, unless it holds a fraction; that parses again, unless a text holds a
/// control character, is its own canonical form, and says the same.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  check(Array(UnsafeBufferPointer(start: bytes, count: size)))
  return 0
}

/// The program's entry point, as SwiftPM names it.
@c(FuzzJSON_main)
public func main(
  _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  fuzzer_run(count, words)
}

private func check(_ text: [UInt8]) {
  guard let document = try? JSONDocument(parsing: text) else { return }
  let sum = walk(document.root)
  guard let canonical = try? CanonicalJSON.encode(document.root) else { return }
  // OLPC's form writes control characters as they are, which JSON does not take.
  if canonical.contains(where: { $0 < 0x20 }) { return }
  guard let again = try? JSONDocument(parsing: canonical),
    let twice = try? CanonicalJSON.encode(again.root)
  else { fatalError("the canonical form does not parse") }
  precondition(canonical == twice, "the canonical form has another canonical form")
  let same = try? CanonicalJSON.withEncoded(again.root) { $0.elementsEqual(canonical) }
  precondition(same == true, "text that is taken for canonical is not")
  precondition(walk(again.root) == sum, "the canonical form says something else")
}

/// A number made of all that a value holds, in any order of its names.
private func walk(_ value: JSONValue) -> UInt64 {
  var sum: UInt64 = 1
  for byte in value.text ?? [] { sum = sum &* 31 &+ UInt64(byte) }
  if let number = value.integer { sum = sum &* 33 &+ UInt64(bitPattern: number) }
  if let truth = value.boolean { sum = sum &* 37 &+ (truth ? 2 : 3) }
  for element in value.elements { sum = sum &* 41 &+ walk(element) }
  for member in value.members {
    var name: UInt64 = 7
    for byte in member.name { name = name &* 43 &+ UInt64(byte) }
    sum = sum &+ name &* walk(member.value)
    precondition(value[Array(member.name)] != nil, "a name is not found")
  }
  return sum
}
