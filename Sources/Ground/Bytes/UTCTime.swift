/// Points in time as TUF writes them: `YYYY-MM-DDTHH:MM:SSZ`, in seconds since 1970 UTC.
public enum UTCTime {
  /// The seconds that a text stands for; nil for anything but that form and a date that exists.
  public static func seconds(_ text: [UInt8]) -> Int64? {
    let form = Array("0000-00-00T00:00:00Z".utf8)
    guard text.count == form.count else { return nil }
    for (byte, expected) in zip(text, form) {
      if expected == 0x30 {
        guard 0x30...0x39 ~= byte else { return nil }
      } else if byte != expected {
        return nil
      }
    }
    func number(_ range: Range<Int>) -> Int64 {
      var value: Int64 = 0
      for digit in text[range] { value = value * 10 + Int64(digit - 0x30) }
      return value
    }
    let year = number(0..<4)
    let month = number(5..<7)
    let day = number(8..<10)
    let hour = number(11..<13)
    let minute = number(14..<16)
    let second = number(17..<19)
    guard 1...12 ~= month, day >= 1, day <= days(in: month, of: year), hour < 24, minute < 60,
      second < 60
    else { return nil }
    return days(before: year, month, day) * 86400 + hour * 3600 + minute * 60 + second
  }

  /// The text for seconds since 1970 UTC.
  public static func text(_ seconds: Int64) -> String {
    String(decoding: bytes(seconds), as: UTF8.self)
  }

  /// The text for seconds since 1970 UTC, as ASCII bytes; years beyond 9999 are cut to their end.
  public static func bytes(_ seconds: Int64) -> [UInt8] {
    let clamped = max(-62_135_596_800, min(seconds, 253_402_300_799))
    let day = clamped.quotient(dividedBy: 86400)
    let rest = clamped - day * 86400
    // Days to a date in the proleptic Gregorian calendar, counted in 400-year eras from 0000-03-01;
    // H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    let shifted = day + 719_468
    let era = shifted.quotient(dividedBy: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    var out: [UInt8] = []
    func append(_ value: Int64, _ width: Int, _ behind: UInt8) {
      var divisor: Int64 = width == 4 ? 1000 : 10
      while divisor > 0 {
        out.append(0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
        divisor /= 10
      }
      out.append(behind)
    }
    append(year, 4, 0x2d)
    append(month, 2, 0x2d)
    append(dayOfMonth, 2, 0x54)
    append(rest / 3600, 2, 0x3a)
    append(rest / 60 % 60, 2, 0x3a)
    append(rest % 60, 2, 0x5a)
    return out
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The same source, days_from_civil.
  private static func days(before year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.quotient(dividedBy: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension Int64 {
  /// Division that rounds towards minus infinity.
  fileprivate func quotient(dividedBy divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self - divisor + 1) / divisor
  }
}
