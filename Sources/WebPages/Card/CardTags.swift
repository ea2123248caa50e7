/// The elements of raw HTML that a card may use. Everything else is shown by its text alone, or not at all.
enum CardTags {
    struct Element {
        let name: StaticString
        let isBlock: Bool
        /// The element that it must stand in, directly; nil for any.
        var parents: Set<String>?
    }

    /// Elements whose text is not meant to be read, or that would be read by other rules than HTML's.
    static let hidden: Set<String> = [
        "script", "style", "template", "iframe", "object", "noscript", "noembed", "noframes", "svg", "math", "textarea", "title",
        "select", "head", "xmp", "plaintext", "canvas", "audio", "video", "applet",
    ]

    static let allowed: [String: Element] = [
        "b": inline("b"), "strong": inline("strong"), "i": inline("i"), "em": inline("em"), "u": inline("u"), "s": inline("s"),
        "del": inline("del"), "ins": inline("ins"), "sub": inline("sub"), "sup": inline("sup"), "kbd": inline("kbd"),
        "code": inline("code"), "tt": inline("code"), "mark": inline("mark"), "small": inline("small"), "big": inline("b"),
        "p": block("p"), "div": block("div"), "center": block("div"), "details": block("details"),
        "summary": block("summary", in: ["details"]), "blockquote": block("blockquote"), "pre": block("pre"),
        "ul": block("ul"), "ol": block("ol"), "li": block("li", in: ["ul", "ol"]), "dl": block("dl"),
        "dt": block("dt", in: ["dl"]), "dd": block("dd", in: ["dl"]),
        "table": block("table"), "caption": block("caption", in: ["table"]), "thead": block("thead", in: ["table"]),
        "tbody": block("tbody", in: ["table"]), "tfoot": block("tfoot", in: ["table"]),
        "tr": block("tr", in: ["table", "thead", "tbody", "tfoot"]), "td": block("td", in: ["tr"]), "th": block("th", in: ["tr"]),
        "h1": block("h3"), "h2": block("h4"), "h3": block("h5"), "h4": block("h6"), "h5": block("h6"), "h6": block("h6"),
    ]

    /// The level of a heading's element; nil for any other.
    static func headingLevel(_ name: String) -> Int? {
        name.utf8.count == 2 && name.hasPrefix("h") ? name.last?.wholeNumberValue : nil
    }

    /// An element that must end before one of this name begins, since HTML lets its end be left out.
    static func closes(_ name: String) -> Set<String> {
        switch name {
        case "li": ["li"]
        case "dt", "dd": ["dt", "dd"]
        case "td", "th": ["td", "th"]
        case "tr": ["tr", "td", "th"]
        case "thead", "tbody", "tfoot": ["thead", "tbody", "tfoot", "tr", "td", "th"]
        default: []
        }
    }

    /// The attributes that are kept.
    static func attributes(of name: String, _ stated: [String: String]) -> (
        align: String?, span: String?, rows: String?, start: String?
    ) {
        let isCentered = name == "center" || stated["align"]?.lowercased() == "center"
        let isCell = name == "td" || name == "th"
        return (
            align: isCentered ? "center" : nil, span: isCell ? number(stated["colspan"], upTo: 100) : nil,
            rows: isCell ? number(stated["rowspan"], upTo: 100) : nil,
            start: name == "ol" ? number(stated["start"], upTo: 1_000_000) : nil
        )
    }

    /// A small positive number, or nil.
    static func number(_ text: String?, upTo maximum: Int) -> String? {
        guard let text, let number = Int(text.hasSuffix("px") ? text.dropLast(2) : text[...]), (1...maximum).contains(number)
        else {
            return nil
        }
        return String(number)
    }

    private static func inline(_ name: StaticString) -> Element { Element(name: name, isBlock: false) }

    private static func block(_ name: StaticString, in parents: Set<String>? = nil) -> Element {
        Element(name: name, isBlock: true, parents: parents)
    }
}
