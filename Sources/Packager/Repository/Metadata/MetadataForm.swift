import Bytes
import JSON
import TUF

/// The forms that metadata shares.
enum MetadataForm {
  /// The version of the specification that is written to metadata.
  static let specification = "1.0.34"

  /// What every signed object begins with (TUF 1.0.34 §4.3).
  static func head(
    _ role: Role, version: Int64, expires: Int64
  ) -> [(name: [UInt8], value: JSONBuilder)] {
    let type = role.type.name
    return [
      (Array("_type".utf8), .text("\(type)")),
      (Array("spec_version".utf8), .text(specification)),
      (Array("version".utf8), .integer(version)),
      (Array("expires".utf8), .text(UTCTime.text(expires))),
    ]
  }

  /// What one file says of another (TUF 1.0.34 §4.4, METAFILES).
  static func file(_ bytes: [UInt8], version: Int64) -> JSONBuilder {
    [
      "version": .integer(version), "length": .integer(Int64(bytes.count)),
      "hashes": ["sha256": .hex(Digest(.sha256, of: bytes).bytes)],
    ]
  }
}
