/// Rows of text in columns that line up.
struct Table {
  private var rows: [[String]]
  /// Columns that line up at their right, for numbers.
  private let numbers: Set<Int>

  init(_ heads: [String], numbers: Set<Int> = []) {
    rows = [heads]
    self.numbers = numbers
  }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The lines of the table, the heads first.
  var lines: [String] {
    let widths = rows[0].indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        let isLast = column == row.count - 1
        line += numbers.contains(column) ? space + cell : cell + (isLast ? "" : space)
        if !isLast { line += "  " }
      }
      return line
    }
  }
}

/// Numbers of bytes as a person reads them.
enum Size {
  /// `812 B`, `3.4 kB`, `28.1 MB`; powers of 1000.
  static func text(_ bytes: Int64) -> String {
    var value = Double(bytes)
    if value < 1000 { return "\(bytes) B" }
    for unit in ["kB", "MB", "GB"] {
      value /= 1000
      if value < 999.95 || unit == "GB" {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(unit)"
      }
    }
    return "\(bytes) B"
  }
}
