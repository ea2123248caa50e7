internal import Mustache

/// The page templates, parsed once.
struct Templates: Sendable {
    enum Name: String, CaseIterable {
        case layout, search, results, package, hubs, crawls, crawl, error, api
    }

    private let library: MustacheLibrary

    /// - Throws: `MustacheTemplate.ParserError`, for a template that is wrong in itself.
    init() throws {
        MustacheContentTypes.register(SafeHTMLContent(), named: "SAFE_HTML")
        var library = MustacheLibrary()
        for name in Name.allCases {
            // The escaping is set here and not in each file, so that no template can forget it.
            try library.register("{{% CONTENT_TYPE:SAFE_HTML}}" + Self.source(of: name), named: name.rawValue)
        }
        self.library = library
    }

    func render(_ name: Name, _ view: some Sendable) -> Markup {
        guard let html = library.render(view, withTemplate: name.rawValue) else {
            preconditionFailure("init registers a template for every name")
        }
        return Markup(rendered: html)
    }

    static func source(of name: Name) -> String {
        let bytes =
            switch name {
            case .layout: PackageResources.layout_mustache
            case .search: PackageResources.search_mustache
            case .results: PackageResources.results_mustache
            case .package: PackageResources.package_mustache
            case .hubs: PackageResources.hubs_mustache
            case .crawls: PackageResources.crawls_mustache
            case .crawl: PackageResources.crawl_mustache
            case .error: PackageResources.error_mustache
            case .api: PackageResources.api_mustache
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}
