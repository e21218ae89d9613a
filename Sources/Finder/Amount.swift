/// Numbers of bytes and seconds as a person reads them.
enum Amount {
  /// `812 B`, `3.4 kB`, `28.1 MB`, `1.2 GB`; powers of 1000.
  static func bytes(_ count: Int64) -> String {
    let units: [StaticString] = ["B", "kB", "MB", "GB", "TB"]
    var unit = 0
    var scale: Int64 = 1
    while unit + 1 < units.count, count / scale >= 1000 {
      scale *= 1000
      unit += 1
    }
    if unit == 0 { return "\(count) B" }
    let tenths = count / (scale / 10)
    return "\(tenths / 10).\(tenths % 10) \(units[unit].description)"
  }

  /// `4 s`, `2 min`, `3 h`.
  static func seconds(_ count: Int64) -> String {
    if count < 90 { return "\(count) s" }
    return count < 5400 ? "\((count + 30) / 60) min" : "\((count + 1800) / 3600) h"
  }
}
