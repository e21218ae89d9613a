/// Charts as SVG, to stand in a page; they take their colours from its style.
enum Charts {
  /// One bar.
  struct Bar {
    let label: String
    let value: Double
    /// The value as people read it.
    let text: String
    /// A class of the page's style: `fine`, `soon`, `late`, `plain`.
    let kind: String
  }

  /// Horizontal bars with a line at a value that matters.
  static func horizontal(_ bars: [Bar], mark: (value: Double, text: String)?) -> String {
    let row = 28.0
    let left = 150.0
    let width = 520.0
    let greatest = max(bars.map(\.value).max() ?? 1, mark?.value ?? 1, 1)
    let height = row * Double(bars.count) + 24
    var svg = "<svg viewBox=\"0 0 \(number(left + width + 90)) \(number(height))\" role=\"img\">"
    for (place, bar) in bars.enumerated() {
      let top = row * Double(place) + 4
      let length = max(bar.value, 0) / greatest * width
      svg += "<text class=\"label\" x=\"\(number(left - 8))\" y=\"\(number(top + 15))\">"
      svg += "\(HTML.escape(shortened(bar.label, to: 22)))</text>"
      svg += "<rect class=\"\(bar.kind)\" x=\"\(number(left))\" y=\"\(number(top))\" rx=\"3\" "
      svg += "width=\"\(number(max(length, 3)))\" height=\"20\">"
      svg += "<title>\(HTML.escape("\(bar.label): \(bar.text)"))</title></rect>"
      svg += "<text x=\"\(number(left + max(length, 3) + 6))\" y=\"\(number(top + 15))\">"
      svg += "\(HTML.escape(bar.text))</text>"
    }
    if let mark {
      let place = left + mark.value / greatest * width
      svg += "<line class=\"mark\" x1=\"\(number(place))\" x2=\"\(number(place))\" y1=\"0\" "
      svg += "y2=\"\(number(height - 18))\"/>"
      svg += "<text class=\"note\" x=\"\(number(place + 4))\" y=\"\(number(height - 4))\">"
      svg += "\(HTML.escape(mark.text))</text>"
    }
    return svg + "</svg>"
  }

  /// Upright bars in the order given, as a size over versions.
  static func upright(_ bars: [Bar]) -> String {
    let column = min(64.0, 700.0 / Double(max(bars.count, 1)))
    let height = 150.0
    let greatest = max(bars.map(\.value).max() ?? 1, 1)
    let width = max(column * Double(bars.count), 120)
    var svg = "<svg viewBox=\"0 0 \(number(width + 10)) \(number(height + 48))\" role=\"img\" "
    svg += "style=\"max-width:\(number(width + 10))px\">"
    for (place, bar) in bars.enumerated() {
      let left = column * Double(place) + 4
      let length = max(bar.value / greatest * height, 2)
      let middle = number(left + (column - 8) / 2)
      svg +=
        "<rect class=\"\(bar.kind)\" x=\"\(number(left))\" y=\"\(number(height - length + 18))\" "
      svg += "rx=\"3\" width=\"\(number(column - 8))\" height=\"\(number(length))\">"
      svg += "<title>\(HTML.escape("\(bar.label): \(bar.text)"))</title></rect>"
      // Text that would run into its neighbour's is left to the tooltip.
      if column >= 48 {
        svg += "<text class=\"centre\" x=\"\(middle)\" y=\"\(number(height - length + 12))\">"
        svg += "\(HTML.escape(bar.text))</text>"
      }
      if column >= 30 || place == 0 || place == bars.count - 1 {
        svg += "<text class=\"centre\" x=\"\(middle)\" y=\"\(number(height + 34))\">"
        svg += "\(HTML.escape(shortened(bar.label, to: 9)))</text>"
      }
    }
    return svg + "</svg>"
  }

  private static func shortened(_ text: String, to length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }

  /// A number with one decimal.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

/// Text in HTML.
enum HTML {
  static func escape(_ text: String) -> String {
    var out = ""
    for character in text {
      switch character {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      default: out.append(character)
      }
    }
    return out
  }
}
