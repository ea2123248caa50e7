internal import ModelPackage

extension Markup {
    /// A number in its short form that has the full one at hand.
    static func number(_ number: Int64) -> Markup {
        build { $0.short(number, Figures.short(number), full: Figures.grouped(number)) }
    }

    static func bytes(_ count: Int64) -> Markup {
        build { $0.short(count, Figures.bytes(count), full: Figures.count(count, "byte")) }
    }

    static func date(_ instant: Instant) -> Markup {
        let text = instant.description
        return build { $0.element("time", ["datetime": text, "title": text], text: Figures.date(text)) }
    }

    static func dateAndTime(_ instant: Instant) -> Markup {
        build { $0.element("time", ["datetime": instant.description], text: Figures.dateAndTime(instant)) }
    }

    static func text(_ text: String) -> Markup {
        build { $0.text(text) }
    }

    static func link(_ text: String, to address: String) -> Markup {
        build { $0.element("a", ["href": address], text: text) }
    }

    /// A link to another site, or the text alone where the address is none that a page may lead to.
    static func externalLink(_ text: String, to address: String) -> Markup {
        guard let address = ExternalAddress(address) else { return .text(text) }
        return build { $0.element("a", ["href": address.text, "rel": ExternalAddress.relation], text: text) }
    }

    /// A box of its own for what may be wider than a phone; it can be scrolled with the keyboard.
    mutating func scrollBox(_ label: String, _ content: (inout Markup) -> Void) {
        element("div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": label], content)
    }

    private mutating func short(_ value: Int64, _ short: String, full: String) {
        element("data", ["value": String(value), "title": full], text: short)
    }
}
