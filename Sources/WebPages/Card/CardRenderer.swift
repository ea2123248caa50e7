private import CCmarkGFM
private import Documents

/// A card's Markdown as HTML that is safe to show whatever the card holds.
///
/// Nothing of the card's own HTML is passed on: the tree that the parser makes is walked, and elements that are known are written anew.
/// The walk keeps no stack and stops after ``maximumNodes``.
struct CardRenderer {
    private var writer: CardWriter
    private var columnAlignments: [UInt8] = []
    private var column = 0

    /// Blocks and pieces of text that are shown.
    static let maximumNodes = 200_000

    /// The HTML, and whether the card was too much to be shown whole.
    static func render(_ text: String, addresses: CardAddresses) -> (html: Markup, isCut: Bool) {
        let text = CardText(text)
        var renderer = CardRenderer(writer: CardWriter(addresses: addresses))
        let isWhole = renderer.render(text.bytes)
        return (renderer.writer.finish(), text.isCut || !isWhole)
    }

    private init(writer: CardWriter) {
        self.writer = writer
    }

    /// False where something was left out.
    private mutating func render(_ bytes: [UInt8]) -> Bool {
        guard let parser = Self.makeParser() else { return false }
        defer { cmark_parser_free(parser) }
        bytes.withUnsafeBytes { cmark_parser_feed(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count) }
        guard let document = cmark_parser_finish(parser) else { return false }
        defer { cmark_node_free(document) }
        guard let iterator = cmark_iter_new(document) else { return false }
        defer { cmark_iter_free(iterator) }
        var nodes = 0
        while case let event = cmark_iter_next(iterator), event != CMARK_EVENT_DONE {
            guard let node = cmark_iter_get_node(iterator) else { return false }
            if event == CMARK_EVENT_ENTER {
                nodes += 1
                if nodes > Self.maximumNodes { return false }
                if enter(node) { cmark_iter_reset(iterator, node, CMARK_EVENT_EXIT) }
            } else {
                exit(node)
            }
        }
        return true
    }

    private static func makeParser() -> OpaquePointer? {
        MarkdownExtensions.register
        guard let parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8) else { return nil }
        for name in ["table", "strikethrough", "autolink", "tasklist"] {
            if let syntax = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, syntax) }
        }
        return parser
    }

    // MARK: Nodes

    /// Whether what is below the node is done with.
    private mutating func enter(_ node: OpaquePointer) -> Bool {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT: writer.text(literal(of: node))
        case CMARK_NODE_SOFTBREAK: writer.text("\n")
        case CMARK_NODE_LINEBREAK: writer.lineBreak()
        case CMARK_NODE_CODE:
            writer.enter("code")
            writer.text(literal(of: node))
            writer.leave()
        case CMARK_NODE_HTML_INLINE: writer.html(literal(of: node), isBlock: false)
        case CMARK_NODE_EMPH: writer.enter("em")
        case CMARK_NODE_STRONG: writer.enter("strong")
        case CMARK_NODE_LINK: writer.enterLink(string(cmark_node_get_url(node)))
        case CMARK_NODE_IMAGE:
            writer.image(string(cmark_node_get_url(node)), alt: Self.plainText(of: node))
            return true
        case CMARK_NODE_DOCUMENT, CMARK_NODE_CUSTOM_BLOCK, CMARK_NODE_CUSTOM_INLINE: break
        case _ where string(cmark_node_get_type_string(node)) == "strikethrough": writer.enter("del")
        default: enterBlock(node)
        }
        return false
    }

    private mutating func enterBlock(_ node: OpaquePointer) {
        writer.beginBlock()
        switch cmark_node_get_type(node) {
        case CMARK_NODE_PARAGRAPH: writer.enter(isInTightList(node) ? nil : "p")
        case CMARK_NODE_HEADING:
            writer.enterHeading(level: Int(cmark_node_get_heading_level(node)), text: Self.plainText(of: node))
        case CMARK_NODE_BLOCK_QUOTE: writer.enter("blockquote")
        case CMARK_NODE_LIST: enterList(node)
        case CMARK_NODE_THEMATIC_BREAK: writer.rule()
        case CMARK_NODE_HTML_BLOCK: writer.html(literal(of: node), isBlock: true)
        case CMARK_NODE_CODE_BLOCK:
            writer.enter("pre", ["tabindex": "0"])
            writer.enter("code")
            writer.text(literal(of: node))
            writer.leave()
            writer.leave()
        default: enterExtension(node)
        }
    }

    private mutating func enterList(_ node: OpaquePointer) {
        if cmark_node_get_list_type(node) == CMARK_ORDERED_LIST {
            let start = cmark_node_get_list_start(node)
            writer.enter("ol", ["start": start == 1 ? nil : String(start)])
        } else {
            writer.enter("ul")
        }
    }

    /// The types of extensions' nodes are made at run time, so they are told by their names.
    private mutating func enterExtension(_ node: OpaquePointer) {
        switch string(cmark_node_get_type_string(node)) {
        case "item": writer.enter("li")
        case "tasklist":
            writer.enter("li", ["class": "task"])
            writer.text(cmark_gfm_extensions_get_tasklist_item_checked(node) ? "☑ " : "☐ ")
        case "table": enterTable(node)
        case "table_row", "table_header":
            column = 0
            writer.enter("tr")
        case "table_cell": enterCell(node)
        default: writer.enter(nil)
        }
    }

    private mutating func enterTable(_ node: OpaquePointer) {
        let count = Int(cmark_gfm_extensions_get_table_columns(node))
        columnAlignments =
            cmark_gfm_extensions_get_table_alignments(node).map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
        writer.enter("div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": "Table of the card"])
        writer.enter("table")
    }

    private mutating func enterCell(_ node: OpaquePointer) {
        let alignment = columnAlignments.indices.contains(column) ? columnAlignments[column] : 0
        column += 1
        let name: String? =
            switch alignment {
            case UInt8(ascii: "c"): "center"
            case UInt8(ascii: "r"): "right"
            default: nil
            }
        let isHead = cmark_node_parent(node).map { cmark_gfm_extensions_get_table_row_is_header($0) != 0 } ?? false
        writer.enter(isHead ? "th" : "td", ["class": name])
    }

    private mutating func exit(_ node: OpaquePointer) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_DOCUMENT, CMARK_NODE_CUSTOM_BLOCK, CMARK_NODE_CUSTOM_INLINE, CMARK_NODE_IMAGE: break
        default:
            writer.leave()
            if string(cmark_node_get_type_string(node)) == "table" { writer.leave() }
        }
    }

    // MARK: Texts

    private func isInTightList(_ node: OpaquePointer) -> Bool {
        guard let list = cmark_node_parent(node).flatMap({ cmark_node_parent($0) }), cmark_node_get_type(list) == CMARK_NODE_LIST
        else {
            return false
        }
        return cmark_node_get_list_tight(list) != 0
    }

    /// The words of a heading or an image, as far as anybody needs them.
    private static func plainText(of node: OpaquePointer) -> String {
        guard let iterator = cmark_iter_new(node) else { return "" }
        defer { cmark_iter_free(iterator) }
        var text = ""
        while case let event = cmark_iter_next(iterator), event != CMARK_EVENT_DONE, text.utf8.count < 500 {
            guard event == CMARK_EVENT_ENTER, let child = cmark_iter_get_node(iterator) else { continue }
            switch cmark_node_get_type(child) {
            case CMARK_NODE_TEXT, CMARK_NODE_CODE: text += cmark_node_get_literal(child).map { String(cString: $0) } ?? ""
            case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
            default: break
            }
        }
        return text
    }

    private func literal(of node: OpaquePointer) -> String { string(cmark_node_get_literal(node)) }

    private func string(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
}
