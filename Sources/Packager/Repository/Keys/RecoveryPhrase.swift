/// A passphrase that is made, not thought up: 130 random bits in a form that can be copied by hand.
public enum RecoveryPhrase {
  /// No character looks like another one. Crockford's base 32
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// A new phrase: 26 characters, as seven groups with hyphens between them.
  public static func make() throws(RepositoryError) -> String {
    try Sodium.prepare()
    let characters = Sodium.random(26).map { alphabet[Int($0 & 31)] }
    var phrase: [UInt8] = []
    for (place, character) in characters.enumerated() {
      if place > 0 && place % 4 == 0 { phrase.append(UInt8(ascii: "-")) }
      phrase.append(character)
    }
    return String(decoding: phrase, as: UTF8.self)
  }
}
