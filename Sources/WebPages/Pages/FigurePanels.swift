internal import ModelPackage

/// One chart of a page of hubs, with its heading.
struct FigurePanel: Sendable {
    let panelID: String
    let panelTitle: String
    let isWide: Bool
    let panelHTML: Markup
}

/// The charts over some packages. What has no numbers has no panel.
struct FigurePanels {
    let figures: PackageFigures
    /// The hub whose packages these are; nil for all. Links search there.
    let hub: HubID?

    var panels: [FigurePanel] {
        [
            FigurePanel(panelID: "growth", panelTitle: "Growth", isWide: true, panelHTML: growth),
            FigurePanel(
                panelID: "tasks", panelTitle: "Tasks", isWide: false, panelHTML: bars("Packages by task", .task, figures.tasks)),
            FigurePanel(
                panelID: "libraries", panelTitle: "Libraries", isWide: false,
                panelHTML: bars("Packages by library", .library, figures.libraries)),
            FigurePanel(
                panelID: "licenses", panelTitle: "Licenses", isWide: false,
                panelHTML: bars("Packages by license", .license, figures.licenses)),
            FigurePanel(panelID: "missing", panelTitle: "What hubs leave out", isWide: false, panelHTML: missing),
            FigurePanel(panelID: "sizes", panelTitle: "Sizes", isWide: true, panelHTML: sizes),
        ].filter { !$0.panelHTML.isEmpty }
    }

    private func bars(_ label: String, _ facet: SearchParameters.Facet, _ counts: [PackageFigures.Count]) -> Markup {
        let rows = counts.map { count in
            BarTable.Row(label: count.value ?? "not stated", count: count.count, address: count.value.map { search(facet, $0) })
        }
        return BarTable(label: label, noun: facet.rawValue.capitalizedFirst, rows: rows).markup
    }

    private func search(_ facet: SearchParameters.Facet, _ value: String) -> String {
        var facets = [facet: value]
        if let hub { facets[.hub] = hub.rawValue }
        return SiteLinks.search(SearchParameters(facets: facets))
    }

    private var missing: Markup {
        let rows = figures.missing.map { BarTable.Row(label: ($0.value ?? "").replacingUnderscores, count: $0.count) }
        return BarTable(
            label: "Share of packages without a field", noun: "Field", rows: rows, whole: figures.packages, showsShare: true
        ).markup
    }

    private var sizes: Markup {
        ColumnChart(
            id: "sizes", title: "Packages by size of their files", noun: "Size",
            columns: figures.sizes.map { ColumnChart.Column(label: $0.value ?? "unknown", count: $0.count) }, width: Self.wide
        ).markup
    }

    /// The width of drawings that fill the page.
    private static let wide = 1000.0

    /// Packages that there were at the end of each month.
    private var growth: Markup {
        var total: Int64 = 0
        let points = figures.months.map { month in
            total = total.addingSaturated(month.created)
            return TimeChart.Point(
                time: Double(month.year) * 12 + Double(month.month),
                label: Figures.month(year: month.year, month: month.month), value: total)
        }
        return TimeChart(
            id: "growth", title: "Packages by the month of their creation, added up", noun: "Packages", points: points,
            isArea: true,
            width: Self.wide
        ).markup
    }
}
