import Documents
import Testing

@Suite struct YAMLTests {
    @Test func valuesKeepTheirLines() throws {
        let value = try #require(try YAMLValue.parse("title: A\ntags: [x, 'y']\nnested:\n  - a: 1\n    b: ~\n"))
        #expect(value["title"]?.text == "A")
        #expect(value["tags"]?.list.compactMap(\.text) == ["x", "y"])
        #expect(value["tags"]?.line == 2)
        #expect(value["nested"]?.list.first?["a"]?.line == 4)
        #expect(value["nested"]?.list.first?["b"]?.text == nil)
    }

    @Test func aKeyThatStandsTwiceCountsLast() throws {
        let value = try #require(try YAMLValue.parse("a: 1\nb:\n  - x\na: 2\n"))
        #expect(value["a"]?.text == "2")
        #expect(value["b"]?.line == 3)
    }

    /// Nine lines that unfold into 9^9 values.
    @Test func aBombOfAliasesIsRefused() {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1..<10 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
        }
        #expect(performing: { try YAMLValue.parse(text) }, throws: { "\($0)".contains("unfolds into more than") })
    }

    @Test(arguments: [
        String(repeating: "[", count: 200_000), String(repeating: "{a: ", count: 50_000),
        String(repeating: "- ", count: 100_000) + "x",
        (0..<500).map { String(repeating: " ", count: $0) + "k:" }.joined(separator: "\n"),
        "a: " + String(repeating: "x", count: 300_000),
        "? ? ? ? ? ? " + String(repeating: "? ", count: 5000), "a: *nothing", "[1, 2", "a: b: c", "\u{0}", "&a [*a]",
    ])
    func hostileTextIsRefusedQuickly(text: String) {
        #expect(throws: YAMLError.self) { try YAMLValue.parse(text) }
    }

    @Test func plainScalarsBecomeTheirJSON() throws {
        let value = try #require(try YAMLValue.parse("a: 1.50\nb: '1'\nc: yes\nd: false\ne: null\nf: 1_000\n"))
        var writer = JSONWriter()
        value.write(to: &writer)
        #expect(writer.text == #"{"a":1.50,"b":"1","c":"yes","d":false,"e":null,"f":"1_000"}"#)
    }
}

@Suite struct FrontMatterTests {
    @Test(arguments: ["---\na: 1\n---\nbody", "---\r\na: 1\r\n---\r\nbody", "\u{feff}---\na: 1\n--- \nbody"])
    func theTwoPartsAreToldApart(text: String) {
        let page = FrontMatter(splitting: text)
        #expect(page.yaml == "a: 1")
        #expect(page.body == "body")
        #expect(page.bodyLineOffset == 3)
    }

    @Test(arguments: ["no front matter", "---\nnever ends", "text\n---\na: 1\n---\n", ""])
    func withoutFencesThereIsNone(text: String) {
        #expect(FrontMatter(splitting: text).yaml == nil)
        #expect(FrontMatter(splitting: text).body == text)
    }
}

@Suite struct MarkdownTests {
    private let document = MarkdownDocument(
        """
        # Model <a name="top"/>

        Reads [one](https://a.example)
        and [two](https://b.example).

        |Model |Top-1 |
        |---|---|
        |<b>[R18](m/r18.onnx)</b>|69.9|
        |R34| |

        ## License
        MIT

        ```python
        x = 1
        ```
        """)

    @Test func headingsTablesLinksAndCodeKnowTheirLines() {
        #expect(document.headings.map(\.line) == [1, 11])
        #expect(document.headings.first?.anchor == "top")
        #expect(document.links.filter { $0.url.contains("example") }.map(\.line) == [3, 4])
        #expect(document.tables.first?.header == ["Model", "Top-1"])
        #expect(document.tables.first?.rows.map(\.line) == [8, 9])
        #expect(document.tables.first?.rows.first?.cells.first?.links.first?.url == "m/r18.onnx")
        #expect(document.codeBlocks.first?.line == 15)
        #expect(document.codeBlocks.first?.language == "python")
        #expect(document.section { $0 == "License" }?.paragraphs.map(\.text) == ["MIT"])
    }

    @Test(arguments: [
        String(repeating: "[", count: 50_000), String(repeating: "> ", count: 20_000) + "x",
        String(repeating: "*a ", count: 20_000),
        "|a|\n|-|\n" + String(repeating: "|x", count: 50_000), String(repeating: "- ", count: 5_000),
    ])
    func hostileTextEnds(text: String) {
        _ = MarkdownDocument(text)
    }
}
