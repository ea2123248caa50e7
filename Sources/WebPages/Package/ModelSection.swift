internal import ModelPackage

/// What the headers of the model files say: family, parameters, measures, and where statements differ.
struct ModelSection {
    let page: PackagePage

    func section(_ notes: inout EvidenceNotes) -> PageSection {
        PageSection(sectionID: "model", sectionTitle: "Model", bodyHTML: body(&notes))
    }

    private func body(_ notes: inout EvidenceNotes) -> Markup {
        guard let inspection = page.inspection else { return uninspected(&notes) }
        let facts = facts(of: inspection, &notes)
        return .build { markup in
            markup.definitions(facts)
            markup.append(DataTypeBar(totals(of: inspection)).markup)
            contradictions(inspection.contradictions, &markup)
            problems(inspection.files, &markup)
            markup.element("p", ["class": "quiet"]) { markup in
                markup.text(
                    "Read from \(Figures.bytes(inspection.bytesRead)) of \(Figures.bytes(inspection.bytesTotal)) at commit ")
                markup.element("code", ["class": "hash"], text: inspection.commit)
                markup.text(".")
            }
        }
    }

    /// What the hub says, where nobody looked into the files.
    private func uninspected(_ notes: inout EvidenceNotes) -> Markup {
        var facts: [(String, Markup)] = []
        if let architecture = page.package.architecture {
            facts.append(("Architecture", notes.note(architecture.value, architecture.evidence)))
        }
        for parameter in page.package.parameters {
            facts.append(
                ("Parameters, \(parameter.value.dataType)", notes.note(.number(parameter.value.count), parameter.evidence)))
        }
        return .build { markup in
            markup.definitions(facts)
            markup.element("p", ["class": "quiet"]) { markup in
                markup.text("The headers of its files have not been read. ")
                markup.element("code", text: ShellText.command(["weir", "inspect", page.package.id.description]))
                markup.text(" does so.")
            }
        }
    }

    private func facts(of inspection: InspectionRecord, _ notes: inout EvidenceNotes) -> [(String, Markup)] {
        var facts: [(String, Markup)] = [
            ("Family", .text(inspection.family)),
            ("Parameters", .text(Figures.grouped(inspection.parameters))),
            ("Tensors", .text(Figures.grouped(inspection.tensors))),
        ]
        for (name, value) in inspection.measures.sorted(by: { $0.key < $1.key }) {
            let title = name.replacingUnderscores.capitalizedFirst
            let text = Figures.grouped(value)
            facts.append((title, inspection.evidence[name].map { notes.note(text, Evidence($0)) } ?? .text(text)))
        }
        if let architecture = page.package.architecture {
            facts.append(("Architecture, stated", notes.note(architecture.value, architecture.evidence)))
        }
        return facts
    }

    private func totals(of inspection: InspectionRecord) -> [(name: String, count: Int64)] {
        var totals: [String: Int64] = [:]
        for type in inspection.files.flatMap(\.types) {
            totals[type.dtype] = totals[type.dtype, default: 0].addingSaturated(max(type.elements, 0))
        }
        return totals.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            (name: $0.key, count: $0.value)
        }
    }

    private func contradictions(_ list: [InspectionRecord.Contradiction], _ markup: inout Markup) {
        guard !list.isEmpty else { return }
        markup.element("h3", text: "Statements that differ")
        for contradiction in list {
            markup.table(
                label: contradiction.about, columns: [contradiction.about.capitalizedFirst, "Says"],
                rows: contradiction.claims.map { [.text($0.value), .text($0.source)] })
        }
    }

    private func problems(_ files: [InspectionRecord.File], _ markup: inout Markup) {
        let problems = files.flatMap { file in file.problems.map { (file.path, $0) } }
        guard !problems.isEmpty else { return }
        markup.element("h3", text: "Problems in the files")
        markup.element("ul") { markup in
            for (path, problem) in problems.prefix(50) {
                markup.element("li") { markup in
                    markup.element("code", text: path)
                    markup.text(": \(problem.message)" + (problem.offset.map { ", at byte \(Figures.grouped($0))" } ?? ""))
                }
            }
        }
    }
}

extension Markup {
    /// Names with their values; nothing, where there are none.
    mutating func definitions(_ list: [(String, Markup)]) {
        guard !list.isEmpty else { return }
        element("dl", ["class": "facts"]) { markup in
            for (name, value) in list {
                markup.element("div") { markup in
                    markup.element("dt", text: name)
                    markup.element("dd") { $0.append(value) }
                }
            }
        }
    }
}
