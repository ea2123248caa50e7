import ModelPackage
import Testing

@testable import WebPages

@Suite struct MarkupTests {
    @Test func textCannotLeaveAnAttributeOrBecomeATag() {
        #expect(HTMLText.escaped("<b a=\"'&'\">") == "&lt;b a=&quot;&#39;&amp;&#39;&quot;&gt;")
        // One character to Swift, two to a browser.
        #expect(HTMLText.escaped("\"\u{301}<\u{338}") == "&quot;\u{301}&lt;\u{338}")
    }

    @Test(arguments: ["\u{202e}", "\u{2066}", "\u{200b}", "\u{0}", "\u{1b}", "\u{2028}", "\u{feff}"])
    func hiddenCharactersAreShown(character: String) {
        #expect(HTMLText.escaped("a\(character)b").hasPrefix("a\\u{"))
    }

    @Test func lettersAndEmojiStay() {
        let text = "Grüße 你好 👩‍🔬\n\tمرحبا"
        #expect(HTMLText.escaped(text) == text)
    }

    @Test func templatesEscapeAsMarkupDoes() throws {
        let hostile = "\"\u{301} onfocus='x'><script>\u{202e}"
        let html = try SitePages(baseAddress: "http://x").search(SearchPage(parameters: SearchParameters(text: hostile)))
        #expect(html.contains("value=\"&quot;\u{301} onfocus=&#39;x&#39;&gt;&lt;script&gt;\\u{202e}\""))
        #expect(!html.contains("<script>"))
    }

    /// Three braces are for markup that was made here, and by the names of the properties one can see that it was.
    @Test(arguments: Templates.Name.allCases) func onlyMarkupGoesUnescaped(name: Templates.Name) {
        var rest = Templates.source(of: name)[...]
        while let start = rest.firstRange(of: "{{{") {
            rest = rest[start.upperBound...]
            let variable = rest.prefix { $0 != "}" }
            #expect(variable.hasSuffix("HTML"), "{{{\(variable)}}} in \(name)")
        }
        #expect(!Templates.source(of: name).contains("{{&"))
    }

    static let numbers: [(Int64, String, String)] = [
        (0, "0", "0"), (999, "999", "999"), (1000, "1,000", "1k"), (12_345, "12,345", "12.3k"), (999_999, "999,999", "999k"),
        (1_250_000, "1,250,000", "1.2M"), (-1500, "−1,500", "−1.5k"), (.max, "9,223,372,036,854,775,807", "9.2Qi"),
        (.min, "−9,223,372,036,854,775,808", "−9.2Qi"),
    ]

    @Test(arguments: numbers) func numbersAreGroupedAndShortened(number: Int64, grouped: String, short: String) {
        #expect(Figures.grouped(number) == grouped)
        #expect(Figures.short(number) == short)
    }

    @Test func sizesSharesAndDatesAreForPeople() throws {
        #expect(Figures.bytes(1_500) == "1.5 kB")
        #expect(Figures.bytes(440_449_768) == "440 MB")
        #expect(Figures.percent(1, of: 3) == "33.3 %")
        #expect(Figures.percent(1, of: 0) == "0 %")
        #expect(Figures.percent(1, of: 1_000_000) == "<0.1 %")
        #expect(Figures.date("2024-02-09T11:06:12Z") == "9 Feb 2024")
        #expect(Figures.date("never") == "never")
        let instant = try #require(Instant(iso8601: "2024-02-09T11:06:12Z"))
        #expect(Figures.dateAndTime(instant) == "9 Feb 2024, 11:06 UTC")
    }
}
