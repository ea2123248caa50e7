extension SitePages {
    /// The search page, `/`.
    public func search(_ search: SearchPage) -> String {
        let parameters = search.parameters
        let view = SearchView(
            text: parameters.text,
            orders: SearchParameters.Order.allCases.map {
                SearchView.Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == parameters.order)
            },
            chosen: SearchParameters.Facet.allCases.compactMap { facet in
                parameters.facets[facet].map { SearchView.Chosen(name: facet.rawValue, value: $0) }
            },
            resultsHTML: results(search))
        let title = parameters.text.isEmpty ? "Weir" : "\(parameters.text) · Weir"
        return page(title, at: .search, templates.render(.search, view), hasSearchField: false)
    }

    /// The part of the search page that answers: what stands in its element `results`.
    public func searchResults(_ search: SearchPage) -> String { results(search).html }

    private func results(_ search: SearchPage) -> Markup { templates.render(.results, ResultsView(search)) }
}

private struct SearchView: Sendable {
    struct Choice: Sendable {
        let value: String
        let label: String
        let isChosen: Bool
    }

    struct Chosen: Sendable {
        let name: String
        let value: String
    }

    let text: String
    let orders: [Choice]
    let chosen: [Chosen]
    let resultsHTML: Markup
}

extension SearchParameters.Order {
    fileprivate var label: String {
        switch self {
        case .downloads: "Downloads"
        case .likes: "Likes"
        case .modified: "Last changed"
        case .created: "Newest"
        case .name: "Name"
        }
    }
}
