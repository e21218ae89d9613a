extension Int64 {
  /// The number that decimal digits say; nil without any, with anything else among them, and where it does not fit.
  public init?(digits: some Sequence<UInt8>) {
    var number: Int64?
    for digit in digits {
      guard 0x30...0x39 ~= digit else { return nil }
      let (scaled, first) = (number ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, second) = scaled.addingReportingOverflow(Int64(digit - 0x30))
      if first || second { return nil }
      number = sum
    }
    guard let number else { return nil }
    self = number
  }
}
