internal import ModelPackage

/// The short facts beside the main part of a package's page: addresses, licences, languages, datasets, papers, tags, dates.
struct AboutList {
    let page: PackagePage

    /// Items of one kind that are shown.
    private static let maximumItems = 60

    private var package: Package { page.package }

    func markup(_ notes: inout EvidenceNotes) -> Markup {
        var list: [(String, Markup)] = []
        if let owner = package.owner { list.append(("Owner", self.owner(owner, &notes))) }
        if let url = package.url { list.append(("On the hub", notes.externalLink(url.value, to: url.value, url.evidence))) }
        list += licenses(&notes)
        func add(_ name: String, _ items: [Markup]) {
            guard !items.isEmpty else { return }
            list.append((name, Self.items(items)))
        }
        add("Languages", package.languages.map { notes.note($0.value, $0.evidence) })
        add(
            "Datasets",
            package.datasets.map { dataset in
                dataset.value.url.map { notes.externalLink(dataset.value.name, to: $0, dataset.evidence) }
                    ?? notes.note(dataset.value.name, dataset.evidence)
            })
        add("Papers", package.papers.map { notes.externalLink(Self.name(of: $0.value), to: $0.value.url, $0.evidence) })
        add("Tags", package.tags.map { notes.note($0.value, $0.evidence) })
        if let revision = package.revision {
            list.append(
                (
                    "Commit",
                    notes.note(.build { $0.element("code", ["class": "hash"], text: revision.value.hex) }, revision.evidence)
                ))
        }
        if let first = page.firstSeen { list.append(("First seen", .date(first))) }
        if let last = page.lastSeen { list.append(("Last seen", .date(last))) }
        list.append(("Raw", .link("JSON", to: SiteLinks.packageAPI(package.id))))
        return .build { markup in
            markup.element("section", ["class": "panel", "aria-labelledby": "about-title"]) { markup in
                markup.element("h2", ["id": "about-title"], text: "About")
                markup.definitions(list)
            }
        }
    }

    private func owner(_ owner: Sourced<String>, _ notes: inout EvidenceNotes) -> Markup {
        package.ownerURL.map { notes.externalLink(owner.value, to: $0.value, owner.evidence) }
            ?? notes.note(owner.value, owner.evidence)
    }

    private func licenses(_ notes: inout EvidenceNotes) -> [(String, Markup)] {
        package.licenses.map { license in
            let name = license.value.name ?? license.value.id
            let value =
                license.value.link.map { notes.externalLink(name, to: $0, license.evidence) }
                ?? notes.note(name, license.evidence)
            return ("License", value)
        }
    }

    private static func name(of paper: Paper) -> String {
        switch paper.kind {
        case .arxiv: "arXiv:\(paper.id)"
        case .doi, .url: paper.id
        }
    }

    private static func items(_ items: [Markup]) -> Markup {
        .build { markup in
            markup.element("ul", ["class": "items"]) { markup in
                for item in items.prefix(maximumItems) { markup.element("li") { $0.append(item) } }
                let rest = items.count - maximumItems
                if rest > 0 { markup.element("li", ["class": "quiet"], text: "and \(Figures.grouped(Int64(rest))) more") }
            }
        }
    }
}
