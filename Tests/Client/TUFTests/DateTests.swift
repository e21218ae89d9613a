import Bytes
import TUF
import Testing

@Suite struct DateTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1),
    ("2000-02-29T12:34:56Z", 951_827_696),
    ("2024-02-29T00:00:00Z", 1_709_164_800), ("2038-01-19T03:14:08Z", 2_147_483_648),
    ("2100-03-01T00:00:00Z", 4_107_542_400), ("0001-01-01T00:00:00Z", -62_135_596_800),
    ("9999-12-31T23:59:59Z", 253_402_300_799),
  ])
  func readsAndWrites(text: String, seconds: Int64) {
    #expect(UTCTime.seconds(utf8(text)) == seconds)
    #expect(UTCTime.text(seconds) == text)
  }

  @Test(arguments: [
    "", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00:00z", "2024-01-01T00:00:00+00:00",
    "2024-01-01T00:00:00.5Z", "2024-01-01 00:00:00Z", "2024-1-1T00:00:00Z", "2024-00-01T00:00:00Z",
    "2024-13-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-32T00:00:00Z", "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z", "2024-04-31T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
    "2024-01-01T00:00:60Z", "+024-01-01T00:00:00Z", "20240-01-01T00:00:0Z", "٢٠٢٤-01-01T00:00:00Z",
    " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z ", "2024-01-01T-1:00:00Z",
  ])
  func refuses(text: String) {
    #expect(UTCTime.seconds(utf8(text)) == nil)
  }

  @Test func readsBackEveryDayOfFourCenturies() {
    var day: Int64 = -135_140  // 1600-01-01
    while day < 11_000 {
      let seconds = day * 86_400 + (day * 7919) % 86_400
      #expect(UTCTime.seconds(UTCTime.bytes(seconds)) == seconds)
      day += 1
    }
  }

  @Test func cutsYearsThatDoNotFit() {
    #expect(UTCTime.text(.max) == "9999-12-31T23:59:59Z")
    #expect(UTCTime.text(.min) == "0001-01-01T00:00:00Z")
  }
}
