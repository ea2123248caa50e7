internal import ModelPackage

/// What the package claims of itself besides: results, the functions that load it, and what only its hub says.
struct DetailsSection {
    let package: Package

    private static let maximumRows = 200

    /// Nil where there is nothing of it.
    func section(_ notes: inout EvidenceNotes) -> PageSection? {
        var body = evaluations(&notes)
        body.append(entryPoints(&notes))
        body.append(facts(&notes))
        body.append(references)
        body.append(commits)
        return body.isEmpty ? nil : PageSection(sectionID: "details", sectionTitle: "Details", bodyHTML: body)
    }

    private func evaluations(_ notes: inout EvidenceNotes) -> Markup {
        let rows = package.evaluations.prefix(Self.maximumRows).map { evaluation -> [Markup] in
            let value = evaluation.value
            return [
                .text(value.metric), notes.note(value.value, evaluation.evidence), .text(value.dataset ?? ""),
                .text(value.task ?? ""),
            ]
        }
        return table("Results it claims", ["Metric", "Value", "Dataset", "Task"], rows)
    }

    private func entryPoints(_ notes: inout EvidenceNotes) -> Markup {
        let rows = package.entryPoints.prefix(Self.maximumRows).map { entry -> [Markup] in
            let value = entry.value
            let repository = value.repository + (value.ref.map { ":\($0)" } ?? "")
            return [
                notes.note(value.name ?? "computed", entry.evidence), .text(repository),
                .text(value.variants.joined(separator: ", ")),
            ]
        }
        return table("Functions that load it", ["Function", "Repository", "Variants"], rows)
    }

    private func facts(_ notes: inout EvidenceNotes) -> Markup {
        let rows = package.facts.prefix(Self.maximumRows).map { fact -> [Markup] in
            let text = fact.json.count > 400 ? fact.json.prefix(400) + "…" : fact.json
            return [.text(fact.name), notes.note(.build { $0.element("code", ["class": "json"], text: text) }, fact.evidence)]
        }
        return table("What only this hub says", ["Name", "Value"], rows)
    }

    private var references: Markup {
        let rows = package.references.prefix(Self.maximumRows).map { reference -> [Markup] in
            [
                .text(reference.name), .text(reference.kind == .pullRequest ? "pull request" : reference.kind.rawValue),
                .build { $0.element("code", ["class": "hash"], text: reference.target.hex) },
            ]
        }
        return table("Branches and tags", ["Name", "Kind", "Commit"], rows)
    }

    private var commits: Markup {
        let rows = package.commits.prefix(Self.maximumRows).map { commit -> [Markup] in
            [
                .text(commit.title), .text(commit.authors.joined(separator: ", ")), .date(commit.date),
                .build { $0.element("code", ["class": "hash"], text: commit.id.hex) },
            ]
        }
        return table("Commits", ["Title", "Authors", "Date", "Commit"], rows)
    }

    private func table(_ title: String, _ columns: [String], _ rows: [[Markup]]) -> Markup {
        guard !rows.isEmpty else { return Markup() }
        return .build { markup in
            markup.element("h3", text: title)
            markup.table(label: title, columns: columns, rows: rows)
        }
    }
}
