/// The HTML of a card while it grows: knows which elements are open, so that whatever a card leaves open or closes twice, what comes out
/// is balanced and stays within the card.
struct CardWriter {
    private(set) var page = Markup()
    private var open: [OpenElement] = []
    private var anchors = CardAnchors()
    /// The element whose text is not shown, with what is in it.
    private var hidden: String?
    /// Of the last heading in the page's outline.
    private var headingLevel = 2
    let addresses: CardAddresses

    /// Elements that stand in each other; what is deeper is shown without them.
    static let maximumDepth = 64

    private struct OpenElement {
        /// The name that it closes by; nil where nothing was written for it.
        let name: StaticString?
        /// The tag of raw HTML that it came from; nil for an element of the Markdown.
        let tag: String?
    }

    init(addresses: CardAddresses) {
        self.addresses = addresses
    }

    // MARK: Markdown

    mutating func enter(_ name: StaticString?, _ attributes: Markup.Attributes = [:]) {
        let fits = open.count < Self.maximumDepth
        if let name, fits { page.open(name, attributes) }
        open.append(OpenElement(name: fits ? name : nil, tag: nil))
    }

    /// Closes what was entered last, and all raw HTML in it.
    mutating func leave() {
        while let element = open.popLast() {
            if let name = element.name { page.close(name) }
            if element.tag == nil { return }
        }
    }

    /// A block begins: a paragraph of raw HTML ends before it.
    mutating func beginBlock() {
        hidden = nil
        while open.last?.tag == "p" { closeLast() }
    }

    mutating func text(_ text: String) {
        if hidden == nil { page.text(text) }
    }

    mutating func lineBreak() {
        if hidden == nil { page.open("br") }
    }

    mutating func rule() {
        page.open("hr")
    }

    /// - Parameter level: the heading's level in the card.
    mutating func enterHeading(level: Int, text: String) {
        enter(heading(level), ["id": anchors.unique(text)])
    }

    /// The element of a heading. The page has the first heading and the section of the card the second, so those of the card follow; a
    /// level that the card skips is not skipped here.
    private mutating func heading(_ level: Int) -> StaticString {
        headingLevel = min(level + 2, headingLevel + 1, 6)
        switch headingLevel {
        case 3: return "h3"
        case 4: return "h4"
        case 5: return "h5"
        default: return "h6"
        }
    }

    /// A link, or its text alone where it must not lead there.
    mutating func enterLink(_ address: String) {
        guard !isInLink, let target = addresses.link(address) else { return enter(nil) }
        switch target {
        case .own(let address): enter("a", ["href": address])
        case .external(let address): enter("a", ["href": address.text, "rel": ExternalAddress.relation])
        }
    }

    /// An image that lies here, or a link to where it lies: pages load nothing from elsewhere.
    mutating func image(_ address: String, alt: String, width: String? = nil) {
        guard hidden == nil else { return }
        let words = alt.isEmpty ? "Image" : alt
        switch addresses.image(address) {
        case .own(let address): page.open("img", ["src": address, "alt": alt, "loading": "lazy", "width": width])
        case .external(let address) where !isInLink:
            page.element("a", ["class": "image", "href": address.text, "rel": ExternalAddress.relation], text: words)
        default: page.element("span", ["class": "image"], text: words)
        }
    }

    // MARK: Raw HTML

    /// - Parameter isBlock: whether it stands between blocks, and not in running text.
    mutating func html(_ html: String, isBlock: Bool) {
        var tokens = HTMLTokens(html)
        while let token = tokens.next() {
            switch token {
            case .text(let text): self.text(text)
            case .start(let name, let attributes): start(name, attributes, isBlock: isBlock)
            case .end(let name): end(name)
            }
        }
        if isBlock { hidden = nil }
    }

    private mutating func start(_ name: String, _ attributes: [String: String], isBlock: Bool) {
        guard hidden == nil else { return }
        switch name {
        case "br", "wbr": lineBreak()
        case "hr": if isBlock { rule() }
        case "img":
            image(attributes["src"] ?? "", alt: attributes["alt"] ?? "", width: CardTags.number(attributes["width"], upTo: 4000))
        case "a": startLink(attributes)
        case _ where CardTags.hidden.contains(name): hidden = name
        default: startElement(name, attributes, isBlock: isBlock)
        }
    }

    private mutating func startLink(_ attributes: [String: String]) {
        if let name = attributes["id"] ?? attributes["name"], !name.isEmpty {
            page.element("span", ["id": anchors.unique(name)], text: "")
        }
        guard open.count < Self.maximumDepth, !isInLink, let target = attributes["href"].flatMap(addresses.link) else { return }
        switch target {
        case .own(let address): page.open("a", ["href": address])
        case .external(let address): page.open("a", ["href": address.text, "rel": ExternalAddress.relation])
        }
        open.append(OpenElement(name: "a", tag: "a"))
    }

    private mutating func startElement(_ name: String, _ stated: [String: String], isBlock: Bool) {
        guard let element = CardTags.allowed[name], isBlock || !element.isBlock, open.count < Self.maximumDepth else { return }
        if element.isBlock { while open.last?.tag == "p" { closeLast() } }
        let closed = CardTags.closes(name)
        while let last = open.last?.tag, closed.contains(last) { closeLast() }
        if let parents = element.parents, !parents.contains(open.last?.tag ?? "") { return }
        let attributes = CardTags.attributes(of: name, stated)
        let elementName = CardTags.headingLevel(name).map { heading($0) } ?? element.name
        page.open(
            elementName,
            ["class": attributes.align, "colspan": attributes.span, "rowspan": attributes.rows, "start": attributes.start])
        open.append(OpenElement(name: elementName, tag: name))
    }

    /// Closes the nearest raw element of that name, if it is not outside of the Markdown around; else does nothing.
    private mutating func end(_ name: String) {
        if hidden == name { hidden = nil }
        guard hidden == nil, let index = open.lastIndex(where: { $0.tag == nil || $0.tag == name }), open[index].tag == name
        else { return }
        while open.count > index { closeLast() }
    }

    private mutating func closeLast() {
        if let name = open.popLast()?.name { page.close(name) }
    }

    private var isInLink: Bool { open.contains { $0.name?.description == "a" } }

    /// Everything, with what is still open closed.
    mutating func finish() -> Markup {
        while !open.isEmpty { closeLast() }
        return page
    }
}
