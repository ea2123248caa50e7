private import CCmarkGFM

/// What a Markdown text (CommonMark with GitHub's tables) holds that a reader of model cards looks for.
///
/// Parsed by cmark-gfm. All lines count from 1 in the text given.
public struct MarkdownDocument: Sendable {
    public struct Heading: Equatable, Sendable {
        public let level: Int
        public let text: String
        public let line: Int
        /// The name of an `<a name="…">` in the heading.
        public let anchor: String?
    }

    public struct Link: Equatable, Sendable {
        public let url: String
        public let text: String
        public let line: Int
    }

    public struct Cell: Equatable, Sendable {
        public let text: String
        public let links: [Link]
    }

    public struct Table: Equatable, Sendable {
        public struct Row: Equatable, Sendable {
            public let cells: [Cell]
            public let line: Int
        }

        public let header: [String]
        public let rows: [Row]
        public let line: Int
    }

    public struct CodeBlock: Equatable, Sendable {
        /// The word after the opening fence.
        public let language: String?
        public let code: String
        /// The line of the code's first line.
        public let line: Int
    }

    /// A paragraph, list item's paragraph or other running text, as plain text.
    public struct Paragraph: Equatable, Sendable {
        public let text: String
        public let line: Int
        public let links: [Link]
    }

    public private(set) var headings: [Heading] = []
    public private(set) var links: [Link] = []
    public private(set) var tables: [Table] = []
    public private(set) var codeBlocks: [CodeBlock] = []
    public private(set) var paragraphs: [Paragraph] = []

    /// The longest text that is read; a longer one is cut.
    public static let maximumSize = 2 << 20

    public init(_ text: String) {
        MarkdownExtensions.register
        guard let parser = cmark_parser_new(CMARK_OPT_DEFAULT) else { return }
        defer { cmark_parser_free(parser) }
        if let tableExtension = cmark_find_syntax_extension("table") {
            cmark_parser_attach_syntax_extension(parser, tableExtension)
        }
        if let autolinks = cmark_find_syntax_extension("autolink") {
            cmark_parser_attach_syntax_extension(parser, autolinks)
        }
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                cmark_parser_feed(parser, characters.baseAddress, min(characters.count, Self.maximumSize))
            }
        }
        guard let document = cmark_parser_finish(parser) else { return }
        defer { cmark_node_free(document) }
        collect(from: document)
    }

    /// The paragraphs and code blocks between a heading whose text `matches` and the next one of the same or a higher level.
    public func section(_ matches: (String) -> Bool) -> (heading: Heading, paragraphs: [Paragraph])? {
        guard let index = headings.firstIndex(where: { matches($0.text) }) else { return nil }
        let heading = headings[index]
        let end = headings[(index + 1)...].first { $0.level <= heading.level }?.line ?? Int.max
        return (heading, paragraphs.filter { $0.line > heading.line && $0.line < end })
    }

    private mutating func collect(from document: OpaquePointer) {
        guard let iterator = cmark_iter_new(document) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { break }
            guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) else { continue }
            let line = Int(cmark_node_get_start_line(node))
            switch cmark_node_get_type(node) {
            case CMARK_NODE_HEADING:
                let content = InlineContent(of: node, line: line)
                headings.append(
                    Heading(
                        level: Int(cmark_node_get_heading_level(node)), text: content.text, line: line,
                        anchor: content.anchor))
                links += content.links
            case CMARK_NODE_CODE_BLOCK:
                let info = cmark_node_get_fence_info(node).map { String(cString: $0) } ?? ""
                let language = info.split { $0 == " " || $0 == "{" || $0 == "," }.first.map { $0.lowercased() }
                let code = cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
                var fenceLength: Int32 = 0
                var fenceOffset: Int32 = 0
                var fence: CChar = 0
                let isFenced = cmark_node_get_fenced(node, &fenceLength, &fenceOffset, &fence) != 0
                codeBlocks.append(CodeBlock(language: language, code: code, line: isFenced ? line + 1 : line))
            case CMARK_NODE_PARAGRAPH:
                let content = InlineContent(of: node, line: line)
                paragraphs.append(Paragraph(text: content.text, line: line, links: content.links))
                links += content.links
            default:
                // The table's node type is made at run time by the extension, so it is told by its name.
                if let type = cmark_node_get_type_string(node), String(cString: type) == "table" {
                    appendTable(node, line: line)
                }
            }
        }
    }

    private mutating func appendTable(_ node: OpaquePointer, line: Int) {
        var header: [String] = []
        var rows: [Table.Row] = []
        var row = cmark_node_first_child(node)
        while let current = row {
            let rowLine = Int(cmark_node_get_start_line(current))
            var cells: [Cell] = []
            var cell = cmark_node_first_child(current)
            while let currentCell = cell {
                let content = InlineContent(of: currentCell, line: rowLine)
                cells.append(Cell(text: content.text, links: content.links))
                links += content.links
                cell = cmark_node_next(currentCell)
            }
            if cmark_gfm_extensions_get_table_row_is_header(current) != 0 {
                header = cells.map(\.text)
            } else {
                rows.append(Table.Row(cells: cells, line: rowLine))
            }
            row = cmark_node_next(current)
        }
        tables.append(Table(header: header, rows: rows, line: line))
    }
}

/// The text and links of the inline nodes below a block.
private struct InlineContent {
    var text = ""
    var links: [MarkdownDocument.Link] = []
    var anchor: String?

    init(of block: OpaquePointer, line: Int) {
        guard let iterator = cmark_iter_new(block) else { return }
        defer { cmark_iter_free(iterator) }
        var openLinks: [(url: String, start: Int)] = []
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { break }
            guard let node = cmark_iter_get_node(iterator) else { continue }
            let isEntry = event == CMARK_EVENT_ENTER
            switch cmark_node_get_type(node) {
            case CMARK_NODE_TEXT, CMARK_NODE_CODE:
                if isEntry, let literal = cmark_node_get_literal(node) { text += String(cString: literal) }
            case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: if isEntry { text += "\n" }
            case CMARK_NODE_HTML_INLINE:
                if isEntry, let literal = cmark_node_get_literal(node) { readHTML(String(cString: literal)) }
            case CMARK_NODE_LINK:
                if isEntry {
                    openLinks.append((cmark_node_get_url(node).map { String(cString: $0) } ?? "", text.utf8.count))
                } else if let link = openLinks.popLast() {
                    let start = text.utf8.index(text.startIndex, offsetBy: link.start)
                    let linesBefore = text.utf8[..<start].count { $0 == UInt8(ascii: "\n") }
                    links.append(
                        MarkdownDocument.Link(url: link.url, text: String(text[start...]), line: line + linesBefore))
                }
            default: break
            }
        }
        text = text.trimmingWhitespace()
    }

    private mutating func readHTML(_ tag: String) {
        if tag.lowercased().hasPrefix("<br") { text += " " }
        guard tag.hasPrefix("<a ") else { return }
        for name in ["name=", "id="] {
            guard let range = tag.firstRange(of: name) else { continue }
            let value = tag[range.upperBound...].drop { $0 == "\"" || $0 == "'" }
            anchor = String(value.prefix { $0 != "\"" && $0 != "'" && $0 != " " && $0 != ">" && $0 != "/" })
            return
        }
    }
}

extension StringProtocol {
    func trimmingWhitespace() -> String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
