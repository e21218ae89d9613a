import ArgumentParser
import Bytes
import FileSystem

/// A time span as people write it for tools: `90m`, `12h`, `7d`, `2w`.
struct Duration: ExpressibleByArgument {
  /// Seconds, more than 0.
  let seconds: Int64

  /// A number of whole days, more than 0.
  init(days: Int) { seconds = Int64(days) * 86_400 }

  init?(argument: String) {
    var text = argument.utf8[...]
    guard let unit = text.popLast(), 1...6 ~= text.count else { return nil }
    let factor: Int64
    switch unit {
    case UInt8(ascii: "m"): factor = 60
    case UInt8(ascii: "h"): factor = 3600
    case UInt8(ascii: "d"): factor = 86_400
    case UInt8(ascii: "w"): factor = 7 * 86_400
    default: return nil
    }
    guard let number = Int64(digits: text), number > 0 else { return nil }
    seconds = number * factor
  }

  var defaultValueDescription: String {
    seconds % 86_400 == 0 ? "\(seconds / 86_400)d" : "\(seconds / 60)m"
  }
}
