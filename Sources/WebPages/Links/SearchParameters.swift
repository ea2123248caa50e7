/// What a search page was asked for: the same in its form, its links and its address.
public struct SearchParameters: Sendable, Hashable {
    /// What packages can be narrowed by. The raw value is the name in the address.
    public enum Facet: String, Sendable, Hashable, CaseIterable {
        case hub, task, library, license
    }

    /// The order of answers. The raw value is the name in the address.
    public enum Order: String, Sendable, Hashable, CaseIterable {
        case downloads, likes, modified, created, name
    }

    /// The words that were typed.
    public var text: String
    /// The values that answers must have, one a facet at most.
    public var facets: [Facet: String]
    public var order: Order
    /// Counted from 1.
    public var page: Int

    public init(text: String = "", facets: [Facet: String] = [:], order: Order = .downloads, page: Int = 1) {
        self.text = text
        self.facets = facets
        self.order = order
        self.page = page
    }

    /// The same search on its first page with one value chosen, or no longer where it is the chosen one.
    public func toggling(_ facet: Facet, _ value: String) -> SearchParameters {
        var changed = self
        changed.facets[facet] = facets[facet] == value ? nil : value
        changed.page = 1
        return changed
    }

    /// The same search on another page.
    public func onPage(_ page: Int) -> SearchParameters {
        var changed = self
        changed.page = page
        return changed
    }

    /// The address's query, in a fixed order and without what is not asked for: `text` is `q`, the facets have their names, then `sort`
    /// and `page`.
    public var queryItems: [(name: String, value: String)] {
        var items: [(name: String, value: String)] = []
        if !text.isEmpty { items.append(("q", text)) }
        for facet in Facet.allCases {
            if let value = facets[facet] { items.append((facet.rawValue, value)) }
        }
        if order != .downloads { items.append(("sort", order.rawValue)) }
        if page > 1 { items.append(("page", String(page))) }
        return items
    }
}
