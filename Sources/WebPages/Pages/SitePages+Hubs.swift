internal import ModelPackage

extension SitePages {
    /// The page of all hubs, `/hubs`.
    public func hubs(_ page: HubsPage) -> String {
        let total = page.hubs.reduce(Int64(0)) { $0.addingSaturated($1.packages) }
        let view = HubsView(
            heading: "Hubs",
            lead: page.hubs.isEmpty
                ? "No hub has been read yet. “weir pull huggingface --limit 1000” reads the first."
                : "\(Figures.count(total, "package")) from \(Figures.count(Int64(page.hubs.count), "hub")).",
            isOneHub: false, searchAddress: "", homepage: "", hasHubs: !page.hubs.isEmpty,
            hubs: page.hubs.map { HubsView.Hub($0) }, panels: FigurePanels(figures: page.figures, hub: nil).panels)
        return self.page("Hubs · Weir", at: .hubs, templates.render(.hubs, view))
    }

    /// The page of one hub, `/hubs/HUB`.
    public func hub(_ page: HubPage) -> String {
        let hub = page.totals.hub
        let view = HubsView(
            heading: hub.title,
            lead:
                "\(Figures.count(page.totals.packages, "package")) listed now, \(Figures.grouped(page.totals.removed)) no longer listed.",
            isOneHub: true, searchAddress: SiteLinks.search(SearchParameters(facets: [.hub: hub.rawValue])),
            homepage: hub.homepage,
            hasHubs: false, hubs: [], panels: FigurePanels(figures: page.figures, hub: hub).panels)
        return self.page("\(hub.title) · Weir", at: .hubs, templates.render(.hubs, view))
    }
}

private struct HubsView: Sendable {
    struct Hub: Sendable {
        let hubAddress: String
        let hubTitle: String
        let packagesHTML: Markup
        let note: String

        init(_ totals: HubTotals) {
            hubAddress = SiteLinks.hub(totals.hub)
            hubTitle = totals.hub.title
            packagesHTML = .number(totals.packages)
            note =
                (totals.packages == 1 ? "package" : "packages")
                + (totals.removed > 0 ? ", \(Figures.grouped(totals.removed)) removed" : "")
        }
    }

    let heading: String
    let lead: String
    let isOneHub: Bool
    let searchAddress: String
    let homepage: String
    let hasHubs: Bool
    let hubs: [Hub]
    let panels: [FigurePanel]
}
