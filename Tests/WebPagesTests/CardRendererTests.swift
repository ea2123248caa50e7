import ModelPackage
import Testing

@testable import WebPages

@Suite struct CardRendererTests {
    private static let commit = GitObjectID("86b5e0934494bd15c9632b12f734a8a67f723594")

    private func addresses(held: Set<String> = ["img/a.png", "sub/b.md"], card: String = "README.md") throws -> CardAddresses {
        let commit = try #require(Self.commit)
        return CardAddresses(
            package: try PackageID(hub: .huggingface, name: "o/n"), path: try FilePath(card),
            held: HeldFiles(commit: commit, fetchedAt: nil, paths: held))
    }

    private func render(_ text: String) throws -> String {
        CardRenderer.render(text, addresses: try addresses()).html.html
    }

    /// What would run or load something, in every disguise: none of it may come out as an element or an address.
    static let attacks = [
        "<script>alert(1)</script>", "<ScRiPt src=//evil></sCrIpT>", "a <script>alert(1)</script> b", "<script", "<script\n>x",
        "<img src=x onerror=alert(1)>", "<img src=\"x\"\nonerror\n=\nalert(1)>", "<b onclick=alert(1)>x</b>",
        "<b/onmouseover=alert(1)>x</b>",
        "<svg onload=alert(1)><circle/></svg>", "<svg><script>alert(1)</script></svg>",
        "<math><mi xlink:href=\"javascript:alert(1)\">x</mi></math>",
        "<iframe src=javascript:alert(1)></iframe>", "<object data=x></object><embed src=x>", "<base href=//evil>",
        "<meta http-equiv=refresh content=0>",
        "<link rel=stylesheet href=//evil>", "<style>*{color:red}</style>",
        "<form action=//evil><input name=q><button>go</button></form>",
        "<p style=\"position:fixed\">x</p>", "<div class=\"site\" id=\"main\">x</div>", "<!-- <script>alert(1)</script> -->",
        "<!-- open <img src=x onerror=y>",
        "<![CDATA[<script>alert(1)</script>]]>", "<?php <script> ?>", "<!doctype <script>>",
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java&#115;cript:alert(1))", "[x](&#x6A;avascript:alert(1))",
        "[x](javascript&colon;alert(1))", "[x](java&Tab;script:alert(1))", "[x](<java\tscript:alert(1)>)",
        "[x](< javascript:alert(1)>)",
        "[x](\u{1}javascript:alert(1))", "[x](vbscript:msgbox)", "[x](data:text/html,<script>alert(1)</script>)",
        "[x](DATA:text/html;base64,PHN2Zz4=)",
        "[x](file:///etc/passwd)", "[x](blob:http://x/y)", "![x](javascript:alert(1))", "![x](data:image/svg+xml,<svg/>)",
        "<javascript:alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>", "<a href=' &#14; javascript:alert(1)'>x</a>",
        "<a href=\"java\nscript:alert(1)\">x</a>",
        "<a href=\"&#0000106avascript:alert(1)\">x</a>", "<a href=java&NewLine;script:alert(1)>x</a>",
        "<a href=\"\\\\evil\">x</a>", "<a href=\"/\\evil\">x</a>",
        "[x](http:evil)", "[x](https:/evil)", "[x]: javascript:alert(1)\n\n[x]", "<img src=\"https://evil/x.png\">",
        "![x](https://evil/x.png)",
        "<b \"\u{301} onclick=alert(1)>x</b>", "<a href=\"https://e/\u{22}\u{301} onclick=alert(1)\">x</a>",
        "<img alt='\"><script>alert(1)</script>' src=img/a.png>",
        "`<script>alert(1)</script>`", "```html\n<script>alert(1)</script>\n```", "# <script>alert(1)</script>",
        "|<script>|\n|-|\n|<b onclick=x>|",
        "<xmp><script>alert(1)</script></xmp>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<textarea><script>x</script>",
        "<title><img src=x onerror=y></title>", "<select><script>x</script></select>", "<template><script>x</script></template>",
        "<table><script>alert(1)</script></table>", "<details ontoggle=alert(1) open>x</details>",
        "</div></section></main><script>x</script>",
        "<a href=\"#main\" name=\"main\">x</a>", "<b><i><u>open", "</b></p></details>", "<details>\n\nno end",
        "<p>\n\n# x\n\n</p>", "\u{0}<script>\u{0}",
    ]

    private static let allowed: Set<String> = [
        "p", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br", "img", "table", "tr", "td", "th",
        "thead",
        "tbody", "tfoot", "caption", "div", "span", "del", "h3", "h4", "h5", "h6", "b", "i", "u", "s", "ins", "sub", "sup", "kbd",
        "mark", "small",
        "details", "summary", "dl", "dt", "dd",
    ]
    private static let allowedAttributes: Set<String> = [
        "href", "src", "alt", "rel", "id", "class", "loading", "width", "tabindex", "role", "aria-label", "colspan", "rowspan",
        "start",
    ]

    private func expectHarmless(_ html: String, _ input: String) {
        let page = TagBalance(html)
        #expect(page.problem == nil, "\(input.prefix(80))")
        #expect(page.elements.isSubset(of: Self.allowed), "\(page.elements) of \(input.prefix(80))")
        for (_, name, value) in page.attributes {
            #expect(Self.allowedAttributes.contains(name), "\(name) of \(input.prefix(80))")
            switch name {
            case "href":
                let isKnown = ["http://", "https://", "mailto:", "/files/huggingface/o/n@", "#card-"].contains {
                    value.lowercased().hasPrefix($0)
                }
                #expect(isKnown, "\(value) of \(input.prefix(80))")
            case "src": #expect(value.hasPrefix("/files/huggingface/o/n@"), "\(value) of \(input.prefix(80))")
            case "id": #expect(value.hasPrefix("card-"), "\(value) of \(input.prefix(80))")
            case "class": #expect(["center", "right", "task", "scroll", "image"].contains(value))
            default: break
            }
        }
    }

    @Test(arguments: attacks) func nothingOfAnAttackComesOut(attack: String) throws {
        expectHarmless(try render(attack), attack)
        expectHarmless(try render("> - " + attack + "\n\ntext"), attack)
    }

    /// Inputs that would make a naive renderer crash, or take time that grows with the square of the size.
    static let bombs: [(name: String, text: String)] = [
        ("quotes", String(repeating: ">", count: 1_000_000)),
        ("lists", String(repeating: "- ", count: 500_000) + String(repeating: "\n", count: 500_000)),
        (
            "nested lists",
            (0..<900).map { String(repeating: "  ", count: $0) + "- x\n" }.joined() + String(repeating: "\n", count: 900_000)
        ),
        ("brackets", String(repeating: "[", count: 500_000)),
        ("links", String(repeating: "[x](https://e.org) ", count: 100_000)),
        ("open links", String(repeating: "[a](", count: 400_000)),
        ("images", String(repeating: "![a](", count: 300_000)),
        ("underscores", String(repeating: "_", count: 1_000_000) + "a"),
        ("emphasis", String(repeating: "*a **a ", count: 200_000)),
        ("backticks", (1...1200).map { String(repeating: "`", count: $0) + " " }.joined()),
        ("open tags", String(repeating: "<div ", count: 300_000)),
        ("open comments", "<div>" + String(repeating: "<!-- ", count: 300_000)),
        ("nested tags", String(repeating: "<details>", count: 200_000)),
        ("ended tags", "<div>" + String(repeating: "</b>", count: 400_000)),
        (
            "table",
            "|" + String(repeating: "a|", count: 10_000) + "\n|" + String(repeating: "-|", count: 10_000) + "\n"
                + String(repeating: "|x\n", count: 500_000)
        ),
        ("lists, returns", "a\r" + String(repeating: "- ", count: 500_000) + String(repeating: "\r", count: 500_000)),
        (
            "table, returns",
            "\r|" + String(repeating: "a|", count: 10_000) + "\r|" + String(repeating: "-|", count: 10_000) + "\r"
                + String(repeating: "|x\r", count: 500_000)
        ),
        (
            "table, form feeds",
            "|" + String(repeating: "a|", count: 10_000) + "\n|" + String(repeating: "-\u{c}|", count: 10_000) + "\n"
                + String(repeating: "|x\n", count: 500_000)
        ),
        ("entities", String(repeating: "&", count: 1_000_000)),
        ("autolinks", String(repeating: "www.", count: 400_000)),
        ("addresses", String(repeating: "a@b.", count: 300_000)),
        ("headings", String(repeating: "# x\n", count: 200_000)),
        (
            "references",
            (0..<40_000).map { "[\($0)]: https://e.org/\($0)\n\n" }.joined() + String(repeating: "[1] ", count: 100_000)
        ),
        ("no line breaks", String(repeating: "é", count: 1_100_000)),
    ]

    @Test(arguments: bombs.indices) func bombsAreDefused(index: Int) throws {
        let bomb = Self.bombs[index]
        let clock = ContinuousClock()
        var html = ""
        let time = try clock.measure { html = try render(bomb.text) }
        #expect(time < .seconds(10), "\(bomb.name) took \(time)")
        #expect(html.utf8.count < 64 << 20, "\(bomb.name)")
    }

    @Test func whatIsCutIsSaid() throws {
        let addresses = try addresses()
        #expect(CardRenderer.render(String(repeating: "> ", count: 1000) + "x", addresses: addresses).isCut)
        #expect(CardRenderer.render(String(repeating: "a b\n\n", count: 500_000), addresses: addresses).isCut)
        #expect(!CardRenderer.render("# A card\n\n- of\n- four\n\nlines", addresses: addresses).isCut)
    }

    static let renderings: [(text: String, html: String)] = [
        ("---\nlicense: mit\n---\n# Title\n## Part", "<h3 id=\"card-title\">Title</h3><h4 id=\"card-part\">Part</h4>"),
        ("# A\n# A\n# A-1", "<h3 id=\"card-a\">A</h3><h3 id=\"card-a-1\">A</h3><h3 id=\"card-a-1-1\">A-1</h3>"),
        ("\n\n---\na: b\n---\n### Deep\n<h1>Top</h1>", "<h3 id=\"card-deep\">Deep</h3><h3>Top</h3>"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a", "<ol start=\"3\"><li>a</li></ol>"),
        ("- [x] a\n- [ ] b", "<ul><li class=\"task\">☑ a</li><li class=\"task\">☐ b</li></ul>"),
        (
            "[a](https://e.org/x?y=1&z=\"2\")",
            "<p><a href=\"https://e.org/x?y=1&amp;z=&quot;2&quot;\" rel=\"nofollow noopener noreferrer ugc\">a</a></p>"
        ),
        ("[a](#Some-Part)", "<p><a href=\"#card-some-part\">a</a></p>"),
        (
            "![a](img/a.png)",
            "<p><img src=\"/files/huggingface/o/n@86b5e0934494bd15c9632b12f734a8a67f723594/img/a.png\" alt=\"a\" loading=\"lazy\"></p>"
        ),
        (
            "![a](./x/../img/a.png?raw=true)",
            "<p><img src=\"/files/huggingface/o/n@86b5e0934494bd15c9632b12f734a8a67f723594/img/a.png\" alt=\"a\" loading=\"lazy\"></p>"
        ),
        (
            "![a](https://e.org/a.png)",
            "<p><a class=\"image\" href=\"https://e.org/a.png\" rel=\"nofollow noopener noreferrer ugc\">a</a></p>"
        ),
        (
            "[![a](https://e.org/a.png)](https://e.org)",
            "<p><a href=\"https://e.org\" rel=\"nofollow noopener noreferrer ugc\"><span class=\"image\">a</span></a></p>"
        ),
        ("[a](../../x)", "<p>a</p>"),
        ("[a](%2e%2e/x)", "<p>a</p>"),
        ("H<sub>2</sub>O<br>x", "<p>H<sub>2</sub>O<br>x</p>"),
        (
            "<details>\n<summary>More</summary>\n\n**text**\n\n</details>",
            "<details>\n<summary>More</summary>\n<p><strong>text</strong></p></details>\n"
        ),
        ("<unknown>text</unknown>", "<p>text</p>"),
        ("<li>a</li>", "a"),
        (
            "|a|b|\n|-|:-:|\n|1|2|",
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table of the card\"><table><tr><th>a</th><th class=\"center\">b</th></tr><tr><td>1</td><td class=\"center\">2</td></tr></table></div>"
        ),
    ]

    @Test(arguments: renderings) func cardsAreDrawn(text: String, html: String) throws {
        #expect(try render(text).trimmed == html.trimmed)
    }

    @Test func filesThatAreNotHereLeadToTheHub() throws {
        #expect(
            try addresses().link("c.md") == ExternalAddress("https://huggingface.co/o/n/blob/main/c.md").map { .external($0) })
        #expect(
            try addresses(card: "sub/README.md").link("b.md")
                == .own("/files/huggingface/o/n@86b5e0934494bd15c9632b12f734a8a67f723594/sub/b.md"))
        #expect(
            try addresses().link("/google/bert") == ExternalAddress("https://huggingface.co/google/bert").map { .external($0) })
    }
}

extension String {
    fileprivate var trimmed: String { split(separator: "\n").joined() }
}
