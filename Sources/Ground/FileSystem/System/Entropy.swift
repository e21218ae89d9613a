import CPosix

/// Bytes that nobody can foresee, from the system.
public enum Entropy {
  /// The most bytes that one call gives.
  public static let limit = 256

  /// Fresh bytes, at most ``limit``; nil where the system has none to give. `getentropy(3)`
  public static func bytes(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return getentropy(&bytes, count) == 0 ? bytes : nil
  }
}
