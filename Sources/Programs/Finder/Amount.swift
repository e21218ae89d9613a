/// Numbers of bytes and seconds as a person reads them.
enum Amount {
  /// `812 B`, `3.4 kB`, `28.1 MB`, `1.2 GB`; powers of 1000.
  static func bytes(_ count: Int64) -> String {
    if count < 1000 { return "\(count) B" }
    let units: [StaticString] = ["kB", "MB", "GB", "TB"]
    // In tenths of the unit, rounded.
    var tenths = (count + 50) / 100
    var unit = 0
    while tenths >= 10_000, unit + 1 < units.count {
      tenths = (tenths + 500) / 1000
      unit += 1
    }
    return "\(tenths / 10).\(tenths % 10) \(units[unit].description)"
  }

  /// `4 s`, `2 min`, `3 h`.
  static func seconds(_ count: Int64) -> String {
    if count < 90 { return "\(count) s" }
    return count < 5400 ? "\((count + 30) / 60) min" : "\((count + 1800) / 3600) h"
  }
}
