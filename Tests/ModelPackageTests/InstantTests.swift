import Foundation
import ModelPackage
import Testing

@Suite struct InstantTests {
    @Test(arguments: [
        ("2022-03-02T23:29:04.000Z", "2022-03-02T23:29:04.000Z"), ("2022-03-02", "2022-03-02T00:00:00.000Z"),
        ("2022-03-02 23:29", "2022-03-02T23:29:00.000Z"), ("2019-03-27T12:07:38-04:00", "2019-03-27T16:07:38.000Z"),
        ("2024-02-29T00:00:00.123456Z", "2024-02-29T00:00:00.123Z"), ("2025-04-22T10:45:04+0200", "2025-04-22T08:45:04.000Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"), ("0001-01-01", "0001-01-01T00:00:00.000Z"),
    ])
    func timesAreReadAndWrittenInOneForm(text: String, expected: String) {
        #expect(Instant(iso8601: text)?.description == expected)
    }

    @Test(arguments: [
        "", "2023-02-29", "2022-13-01", "2022-00-10", "yesterday", "2022-03-02T25:00", "2022-03-02T10", "2022-03-02Tx",
        "20220302", "2022-03-02T10:00:00Zz",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test func everyDayAgreesWithFoundation() {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let milliseconds = Int64.random(in: -60_000_000_000_000...250_000_000_000_000, using: &generator)
            let text = Instant(millisecondsSince1970: milliseconds).description
            let date = formatter.date(from: text)
            // Foundation counts days before 1582 by the Julian calendar.
            if milliseconds > -12_000_000_000_000 {
                #expect(date.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) } == milliseconds)
            }
            #expect(Instant(iso8601: text)?.millisecondsSince1970 == milliseconds)
        }
    }
}
