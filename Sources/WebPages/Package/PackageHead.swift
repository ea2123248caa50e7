internal import ModelPackage

/// What stands first on a package's page: what it is, whose it is, how much it is used, and what to beware of.
struct PackageHead {
    let page: PackagePage

    private var package: Package { page.package }

    /// What may keep people from using the package.
    func notices(_ notes: inout EvidenceNotes) -> Markup {
        var list: [(kind: String, text: Markup)] = []
        if let refusal = page.refusal { list.append(("warning", .build { $0.text(refusal) })) }
        if let removed = page.removedAt {
            list.append(
                (
                    "warning",
                    .build {
                        $0.text("The hub no longer lists this package, since "); $0.append(.date(removed)); $0.text(".")
                    }
                ))
        }
        if let disabled = package.isDisabled, disabled.value {
            list.append(("warning", notes.note("The hub has disabled this package.", disabled.evidence)))
        }
        if let isPrivate = package.isPrivate, isPrivate.value {
            list.append(("plain", notes.note("This package is private.", isPrivate.evidence)))
        }
        if let gated = package.gated, gated.value != .open {
            let text = gated.value == .auto ? "Gated: its terms must be accepted." : "Gated: its owner decides on each request."
            list.append(("plain", notes.note(text, gated.evidence)))
        }
        return .build { page in
            for (kind, text) in list {
                page.element("p", ["class": "notice \(kind)"]) { $0.append(text) }
            }
        }
    }

    func markup(_ notes: inout EvidenceNotes) -> Markup {
        var markup = Markup()
        if let title = package.title, title.value != package.id.name {
            let value = notes.note(title.value, title.evidence)
            markup.element("p", ["class": "title"]) { $0.append(value) }
        }
        if let summary = package.summary {
            let value = notes.note(summary.value, summary.evidence)
            markup.element("p", ["class": "lead"]) { $0.append(value) }
        }
        let chips = chips(&notes)
        if !chips.isEmpty {
            markup.element("ul", ["class": "chips"]) { page in
                for chip in chips { page.element("li", ["class": "chip"]) { $0.append(chip) } }
            }
        }
        let counters = counters(&notes)
        if !counters.isEmpty {
            markup.element("dl", ["class": "counters"]) { page in
                for (name, value) in counters {
                    page.element("div") { page in
                        page.element("dt", text: name)
                        page.element("dd") { $0.append(value) }
                    }
                }
            }
        }
        return markup
    }

    /// Task, library and licences, each of which leads to others of its kind.
    private func chips(_ notes: inout EvidenceNotes) -> [Markup] {
        var chips: [Markup] = []
        func search(_ facet: SearchParameters.Facet, _ value: String) -> String {
            SiteLinks.search(SearchParameters(facets: [facet: value]))
        }
        if let task = package.task { chips.append(notes.link(task.value, to: search(.task, task.value), task.evidence)) }
        if let library = package.library {
            chips.append(notes.link(library.value, to: search(.library, library.value), library.evidence))
        }
        for license in package.licenses {
            chips.append(notes.link(license.value.id, to: search(.license, license.value.id), license.evidence))
        }
        return chips
    }

    private func counters(_ notes: inout EvidenceNotes) -> [(String, Markup)] {
        var counters: [(String, Markup)] = []
        if let downloads = package.downloads {
            counters.append(("Downloads", notes.note(.number(downloads.value), downloads.evidence)))
        }
        if let likes = package.likes { counters.append(("Likes", notes.note(.number(likes.value), likes.evidence))) }
        if let parameters = parameters(&notes) { counters.append(("Parameters", parameters)) }
        let size = package.files.compactMap(\.size).reduce(Int64(0)) { $0.addingSaturated($1) }
        if size > 0 { counters.append(("Size", .bytes(size))) }
        if let created = package.createdAt { counters.append(("Created", notes.note(.date(created.value), created.evidence))) }
        if let modified = package.modifiedAt {
            counters.append(("Changed", notes.note(.date(modified.value), modified.evidence)))
        }
        return counters
    }

    /// As the headers of the files say, or else as the hub does.
    private func parameters(_ notes: inout EvidenceNotes) -> Markup? {
        if let inspection = page.inspection {
            return notes.note(.number(inspection.parameters), Evidence("the headers of its files", .derived))
        }
        let total = package.parameters.first { $0.value.dataType == "total" }
        guard let first = total ?? package.parameters.first else { return nil }
        let count = total?.value.count ?? package.parameters.reduce(0) { $0.addingSaturated($1.value.count) }
        return notes.note(.number(count), first.evidence)
    }
}
