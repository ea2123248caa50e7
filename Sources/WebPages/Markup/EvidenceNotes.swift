internal import ModelPackage

/// Values that say where they come from: on hover, on focus and on touch, and to screen readers by `aria-describedby`.
///
/// One for a page, since it numbers the notes.
struct EvidenceNotes {
    private var count = 0

    /// A text with its evidence. It takes the focus, so that the note can be had without a mouse.
    mutating func note(_ text: String, _ evidence: Evidence) -> Markup {
        note(.text(text), evidence)
    }

    mutating func note(_ value: Markup, _ evidence: Evidence) -> Markup {
        wrap(evidence) { page, id in
            page.element("span", ["class": "value", "tabindex": "0", "aria-describedby": id]) { $0.append(value) }
        }
    }

    /// A link with its evidence; a link takes the focus by itself.
    mutating func link(_ text: String, to address: String, _ evidence: Evidence) -> Markup {
        wrap(evidence) { page, id in
            page.element("a", ["class": "value", "href": address, "aria-describedby": id], text: text)
        }
    }

    /// A link to another site; a note where the address is none that a page may lead to.
    mutating func externalLink(_ text: String, to address: String, _ evidence: Evidence) -> Markup {
        guard let address = ExternalAddress(address) else { return note(text, evidence) }
        return wrap(evidence) { page, id in
            page.element(
                "a", ["class": "value", "href": address.text, "rel": ExternalAddress.relation, "aria-describedby": id], text: text
            )
        }
    }

    private mutating func wrap(_ evidence: Evidence, _ value: (inout Markup, String) -> Void) -> Markup {
        count += 1
        let id = "evidence-\(count)"
        return .build { page in
            page.element("span", ["class": "sourced"]) { page in
                value(&page, id)
                page.element("span", ["class": "evidence", "role": "tooltip", "id": id]) { page in
                    page.text(Self.words[evidence.method] ?? "From ")
                    page.element("code", text: evidence.place)
                }
            }
        }
    }

    private static let words: [Evidence.Method: String] = [
        .stated: "Stated in ", .derived: "Derived from ", .found: "Found in ",
    ]
}
