internal import ModelPackage

/// The answers of a search as their template takes them.
struct ResultsView: Sendable {
    struct Facet: Sendable {
        let facetID: String
        let facetTitle: String
        let values: [Value]
    }

    struct Value: Sendable {
        let label: String
        let address: String
        let isChosen: Bool
        let count: String
        let fullCount: String
    }

    let problem: String?
    /// What a screen reader says when the answers have changed.
    let status: String
    let heading: String
    let chosenCount: String?
    let facets: [Facet]
    let hasFacetNote: Bool
    let facetNote: String
    let isEmpty: Bool
    let emptyText: String
    let emptyAdvice: String
    let canWiden: Bool
    let widerAddress: String
    let firstNumber: Int
    let hits: [HitView]
    let hasPages: Bool
    let pageNumber: Int
    let previousAddress: String?
    let nextAddress: String?

    init(_ search: SearchPage) {
        let parameters = search.parameters
        let total = Figures.grouped(search.total) + (search.isTotalExact ? "" : "+")
        let noun = search.total == 1 && search.isTotalExact ? "package" : "packages"
        problem = search.problem
        status = search.hits.isEmpty ? "No packages found." : "\(total) \(noun) found."
        heading = search.hits.isEmpty ? "No packages" : "\(total) \(noun)"
        chosenCount = parameters.facets.isEmpty ? nil : String(parameters.facets.count)
        facets = SearchParameters.Facet.allCases.compactMap { Self.facet($0, search) }
        hasFacetNote = search.facetSample != nil
        facetNote = search.facetSample.map { "Counted over the \(Figures.grouped($0)) most used." } ?? ""
        isEmpty = search.hits.isEmpty
        (emptyText, emptyAdvice) = Self.explanation(of: parameters)
        canWiden = !parameters.facets.isEmpty
        widerAddress = SiteLinks.search(SearchParameters(text: parameters.text, order: parameters.order))
        let pageNumber = max(parameters.page, 1)
        firstNumber = (pageNumber - 1).multipliedSaturated(by: max(search.pageSize, 1)).addingSaturated(1)
        hits = search.hits.map { HitView($0) }
        hasPages = pageNumber > 1 || search.hasNextPage
        self.pageNumber = pageNumber
        previousAddress = pageNumber > 1 ? SiteLinks.search(parameters.onPage(pageNumber - 1)) : nil
        nextAddress = search.hasNextPage ? SiteLinks.search(parameters.onPage(pageNumber.addingSaturated(1))) : nil
    }

    /// Why there may be no answers, and what to do.
    private static func explanation(of parameters: SearchParameters) -> (text: String, advice: String) {
        if parameters.page > 1 { return ("There are no more answers.", "Go back to an earlier page.") }
        if !parameters.text.isEmpty {
            return ("Nothing matches “\(parameters.text)”.", "Try fewer words, or part of a word with * at its end.")
        }
        return parameters.facets.isEmpty
            ? ("Nothing is here yet.", "Bring in a hub with “weir pull huggingface --limit 1000”.")
            : ("No package has all of these values.", "Take one of the filters away.")
    }

    /// The values of one facet; the chosen one stands first, also where nothing has it. Nil without values.
    private static func facet(_ facet: SearchParameters.Facet, _ search: SearchPage) -> Facet? {
        let chosen = search.parameters.facets[facet]
        let counted = search.facets.first { $0.facet == facet }?.values ?? []
        var values = counted.filter { $0.value != chosen }
        if let chosen {
            values.insert(counted.first { $0.value == chosen } ?? SearchPage.FacetValues.Value(chosen, count: 0), at: 0)
        }
        guard !values.isEmpty else { return nil }
        return Facet(
            facetID: facet.rawValue, facetTitle: facet.rawValue.capitalizedFirst,
            values: values.map { value in
                Value(
                    label: facet == .hub ? HubID(rawValue: value.value)?.title ?? value.value : value.value,
                    address: SiteLinks.search(search.parameters.toggling(facet, value.value)), isChosen: value.value == chosen,
                    count: Figures.short(value.count), fullCount: Figures.grouped(value.count))
            })
    }
}
