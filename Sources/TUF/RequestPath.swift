// placeholder until merged
public enum RequestPath {
  public static func join(_ base: String, _ path: String) -> String { base + "/" + path }
  public static func encode(_ bytes: [UInt8], keepingSlashes: Bool) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
