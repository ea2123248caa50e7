internal import ModelPackage

/// What the package was made from, and what was made from it.
struct LineageSection {
    let page: PackagePage

    /// Nil where neither is known.
    func section(_ notes: inout EvidenceNotes) -> PageSection? {
        guard !page.package.baseModels.isEmpty || !page.derived.isEmpty else { return nil }
        let bases = bases(&notes)
        let body = Markup.build { markup in
            markup.append(chart.markup)
            markup.element("div", ["class": "two"]) { markup in
                if !bases.isEmpty { list("Made from", bases, &markup) }
                if !page.derived.isEmpty { list("Made from this", derived, &markup) }
            }
        }
        let count = max(page.derivedTotal, Int64(page.derived.count))
        return PageSection(
            sectionID: "lineage", sectionTitle: "Lineage", sectionCount: count > 0 ? Figures.short(count) : nil, bodyHTML: body)
    }

    private var chart: LineageChart {
        LineageChart(
            name: page.package.id.name,
            bases: page.package.baseModels.map { base in
                LineageChart.Node(
                    label: base.value.name, relation: base.value.relation?.words,
                    address: page.knownBases[base.value.name].map { SiteLinks.package($0) })
            },
            derived: page.derived.map {
                LineageChart.Node(label: $0.id.name, relation: $0.relation?.words, address: SiteLinks.package($0.id))
            })
    }

    private func bases(_ notes: inout EvidenceNotes) -> [Markup] {
        page.package.baseModels.map { base in
            let name = base.value.name
            var item =
                page.knownBases[name].map { notes.link(name, to: SiteLinks.package($0), base.evidence) }
                ?? notes.note(name, base.evidence)
            item.relation(base.value.relation)
            return item
        }
    }

    private var derived: [Markup] {
        var items = page.derived.map { package in
            var item = Markup.link(package.id.name, to: SiteLinks.package(package.id))
            item.relation(package.relation)
            return item
        }
        let rest = max(page.derivedTotal, 0) - Int64(page.derived.count)
        if rest > 0 { items.append(.text("and \(Figures.grouped(rest)) more")) }
        return items
    }

    private func list(_ title: String, _ items: [Markup], _ markup: inout Markup) {
        markup.element("div") { markup in
            markup.element("h3", text: title)
            markup.element("ul", ["class": "plain"]) { markup in
                for item in items { markup.element("li") { $0.append(item) } }
            }
        }
    }
}

extension BaseModel.Relation {
    var words: String {
        switch self {
        case .adapter: "adapter"
        case .finetune: "fine-tuned"
        case .merge: "merged"
        case .quantized: "quantized"
        }
    }
}

extension Markup {
    fileprivate mutating func relation(_ relation: BaseModel.Relation?) {
        guard let relation else { return }
        text(" ")
        element("span", ["class": "mark"], text: relation.words)
    }
}
