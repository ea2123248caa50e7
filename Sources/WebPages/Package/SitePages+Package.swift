internal import ModelPackage

extension SitePages {
    /// A package's page, `/packages/HUB/NAME`.
    public func package(_ page: PackagePage) -> String {
        var notes = EvidenceNotes()
        let package = page.package
        let name = PackageName(package.id)
        let head = PackageHead(page: page)
        let view = PackageView(
            hubAddress: SiteLinks.hub(package.id.hub), hubTitle: package.id.hub.title, ownerPart: name.before,
            namePart: name.last,
            noticesHTML: head.notices(&notes), headHTML: head.markup(&notes),
            sections: sections(of: page, &notes), asideHTML: aside(of: page, &notes))
        return self.page("\(package.id.name) · Weir", at: nil, templates.render(.package, view))
    }

    /// Those that have something to show. What nobody looked at has a section that says so.
    private func sections(of page: PackagePage, _ notes: inout EvidenceNotes) -> [PageSection] {
        [
            CardSection(page: page).section,
            FilesSection(page: page).section,
            ModelSection(page: page).section(&notes),
            ScanSection(page: page).section,
            LineageSection(page: page).section(&notes),
            HistorySection(observations: page.observations).section,
            DetailsSection(package: page.package).section(&notes),
        ].compactMap { $0 }
    }

    private func aside(of page: PackagePage, _ notes: inout EvidenceNotes) -> Markup {
        var aside = UsageBox(package: page.package.id, repository: page.repository, baseAddress: baseAddress).markup
        aside.append(AboutList(page: page).markup(&notes))
        return aside
    }
}

/// One part of a package's page, which the list of parts leads to.
struct PageSection: Sendable {
    let sectionID: String
    let sectionTitle: String
    var sectionCount: String?
    let bodyHTML: Markup
}

private struct PackageView: Sendable {
    let hubAddress: String
    let hubTitle: String
    let ownerPart: String
    let namePart: String
    let noticesHTML: Markup
    let headHTML: Markup
    let sections: [PageSection]
    let asideHTML: Markup
}
