/// Draws the pages of the site: values in, HTML out. It knows no database, no server and no clock, and is the same for every request.
///
/// All text that comes from hubs is taken for hostile. The pages keep to a `Content-Security-Policy` of
/// `default-src 'none'` with `'self'` for styles, scripts, images, connections and forms.
public struct SitePages: Sendable {
    let templates: Templates
    /// Where the site is reached, such as `http://127.0.0.1:8080`: stands in the commands that pages show.
    let baseAddress: String

    /// - Parameter baseAddress: scheme, host and port, without a slash at the end.
    /// - Throws: the error of the template parser, if a template of this program is wrong.
    public init(baseAddress: String) throws {
        templates = try Templates()
        self.baseAddress = baseAddress
    }

    /// The places that the header leads to.
    enum Place: String, CaseIterable {
        case search = "Search"
        case hubs = "Hubs"
        case crawls = "Crawls"
        case api = "API"

        var address: String {
            switch self {
            case .search: SiteLinks.home
            case .hubs: SiteLinks.hubs
            case .crawls: SiteLinks.crawls
            case .api: SiteLinks.apiPage
            }
        }
    }

    /// A whole page around its main part.
    ///
    /// - Parameters:
    ///   - place: the link of the header that is marked as the current one.
    ///   - hasSearchField: whether the header has a search field; the search page has its own.
    ///   - refreshes: whether browsers without scripts load the page again every few seconds.
    func page(
        _ title: String, at place: Place?, _ main: Markup, hasSearchField: Bool = true, refreshes: Bool = false
    ) -> String {
        templates.render(
            .layout,
            LayoutView(
                title: title, styles: SiteLinks.asset(.styles), script: SiteLinks.asset(.script), icon: SiteLinks.asset(.icon),
                hasSearchField: hasSearchField, refreshes: refreshes,
                places: Place.allCases.map { LayoutView.Link(label: $0.rawValue, address: $0.address, isCurrent: $0 == place) },
                mainHTML: main)
        ).html
    }
}

private struct LayoutView: Sendable {
    struct Link: Sendable {
        let label: String
        let address: String
        let isCurrent: Bool
    }

    let title: String
    let styles: String
    let script: String
    let icon: String
    let hasSearchField: Bool
    let refreshes: Bool
    let places: [Link]
    let mainHTML: Markup
}
