/// Whether a page is well-formed: every element that begins ends, in order, and every attribute is quoted.
///
/// A checker for what this room writes, not for HTML at large: it knows the void elements and nothing else.
struct TagBalance {
    private(set) var problem: String?
    /// The names of all elements, and all attributes with their values, as they stand in the page.
    private(set) var elements: Set<String> = []
    private(set) var attributes: [(element: String, name: String, value: String)] = []
    private(set) var ids: [String] = []

    private static let void: Set<String> = ["meta", "link", "br", "hr", "img", "input", "wbr"]

    init(_ html: String) {
        var open: [String] = []
        var rest = Substring(html)
        while problem == nil, let start = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: start)...]
            guard let end = Self.end(of: rest) else {
                problem = "a tag without an end: \(rest.prefix(60))"
                return
            }
            let tag = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!doctype") { continue }
            if tag.hasPrefix("/") {
                if open.popLast() != String(tag.dropFirst()) { problem = "</\(tag.dropFirst())> ends what is not open" }
            } else {
                let name = String(tag.prefix { $0 != " " && $0 != "\n" })
                elements.insert(name)
                if !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) { problem = "<\(name)> is no name" }
                read(attributes: tag.dropFirst(name.count), of: name)
                if !Self.void.contains(name) { open.append(name) }
            }
        }
        if problem == nil, let last = open.last { problem = "<\(last)> does not end" }
    }

    /// The `>` that ends a tag: one that is not in quotes.
    private static func end(of text: Substring) -> Substring.Index? {
        var isQuoted = false
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            if text[index] == ">", !isQuoted { return index }
        }
        return nil
    }

    private mutating func read(attributes text: Substring, of element: String) {
        var rest = text.drop { $0.isWhitespace }
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "=" && !$0.isWhitespace }
            rest = rest.dropFirst(name.count)
            var value = ""
            if rest.first == "=" {
                rest = rest.dropFirst()
                if rest.first != "\"" { problem = "\(name) is not quoted" }
                rest = rest.dropFirst()
                let text = rest.prefix { $0 != "\"" }
                value = String(text)
                rest = rest.dropFirst(text.count + 1)
            }
            if attributes.contains(where: { $0.name == "" }) { return }
            attributes.append((element, String(name), value))
            if name == "id" { ids.append(value) }
            rest = rest.drop { $0.isWhitespace }
        }
    }
}
