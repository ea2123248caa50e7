import Catalog
import Documents
import Export
import HTTPTypes
import HubMirror
import Hummingbird
import ModelPackage
import NIOCore

/// Answers all that is below the API's address: methods that nobody has heard of too.
struct APIMiddleware: RouterMiddleware {
    let routes: APIRoutes

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path.hasPrefix(APIRoutes.prefix) else { return try await next(request, context) }
        return try await routes.respond(to: request)
    }
}

/// The JSON API, `/api/weir/v1`, as `openapi.json` describes it.
struct APIRoutes: Sendable {
    private let hub: DatasetHub
    private var dataset: ServedDataset { hub.dataset }

    init(_ hub: DatasetHub) {
        self.hub = hub
    }

    /// The address that all of the API is below.
    static let prefix = "/api/weir/v1/"

    /// The answer to a request below ``prefix``.
    func respond(to request: Request) async throws -> Response {
        let response: Response
        do {
            response = try await answer(request)
        } catch let refusal as Refusal {
            response = .api(refusal)
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request) async throws -> Response {
        guard let segments = PathSegments.decoded(request.uri.path).map({ Array($0.dropFirst(3)) }), !segments.isEmpty else {
            throw Refusal(404, "There is nothing here: see /api/weir/v1/openapi.json.")
        }
        guard let endpoint = endpoint(segments) else {
            throw Refusal(404, "There is nothing here: see /api/weir/v1/openapi.json.")
        }
        guard request.method == .get || request.method == .head else {
            var response = Response.api(Refusal(405, "Only GET and HEAD are answered here."))
            response.headers[.allow] = "GET, HEAD"
            return response
        }
        return try await endpoint(APIQuery(request))
    }

    private typealias Endpoint = @Sendable (APIQuery) async throws -> Response

    private func endpoint(_ segments: [String]) -> Endpoint? {
        switch (segments[0], segments.count) {
        case ("openapi.json", 1): { _ in Self.document }
        case ("packages", 1): { try await packages($0) }
        case ("packages", 3...):
            { query in
                try query.allows([])
                return .api(try await package(segments[1], segments.dropFirst(2).joined(separator: "/")))
            }
        case ("files", 1): { try await files($0) }
        case ("tensors", 1): { try await tensors($0) }
        case ("findings", 1): { try await findings($0) }
        case ("crawls", 1): { try await crawls($0) }
        case ("crawls", 2): { query in try await crawl(segments[1], query) }
        case ("stats", 1): { try await stats($0) }
        default: nil
        }
    }

    private static let document = Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(bytes: PackageResources.openapi_json)))

    // MARK: Packages

    private func packages(_ query: APIQuery) async throws -> Response {
        try query.allows(["q", "hub", "owner", "task", "library", "license", "tag", "sort", "facets", "limit", "offset"])
        var search = PackageSearch(text: try query.text("q", longest: 512) ?? "")
        if let hub = try query.choice("hub", HubID.allCases.map(\.rawValue)).flatMap({ HubID(rawValue: $0) }) {
            search.facets.append(.hub(hub))
        }
        for (name, facet) in Self.facets {
            if let value = try query.text(name, longest: 256), !value.isEmpty { search.facets.append(facet(value)) }
        }
        let order = try query.choice("sort", PackageSearch.Order.allCases.map(\.rawValue))
        search.order = order.flatMap { PackageSearch.Order(rawValue: $0) } ?? .downloads
        search.limit = try query.integer("limit", 1...100) ?? 20
        search.offset = try query.integer("offset", 0...10_000) ?? 0
        search.wantsFacetCounts = try query.flag("facets")
        search.countLimit = 10_000
        let question = search
        let result: PackageSearchResult
        do {
            result = try await dataset.read { try $0.search(question) }
        } catch let error as CatalogError where !error.isDamaged {
            throw Refusal(400, error.description)
        }
        return .api(APIAnswer.packages(result, question))
    }

    private static let facets: [(String, @Sendable (String) -> SearchFacet)] = [
        ("owner", { .owner($0) }), ("task", { .task($0) }), ("library", { .library($0) }), ("license", { .license($0) }),
        ("tag", { .tag($0) }),
    ]

    private func package(_ hubName: String, _ name: String) async throws -> JSONWriter {
        guard let id = SiteAddress.package(hubName, name), let package = try await hub.package(id) else {
            throw Refusal(404, "This dataset has no such package.")
        }
        var writer = JSONWriter()
        PackageJSON.write(package.entry, to: &writer)
        return writer
    }

    /// The package that a query is about, and the revision.
    private func revision(_ query: APIQuery) async throws -> (ServedPackage, ServedRevision) {
        guard let text = try query.text("package", longest: 1024) else {
            throw Refusal(400, "'package' is missing: write HUB:NAME.")
        }
        let id: PackageID
        do throws(InvalidPackageName) {
            id = try PackageID(parsing: text)
        } catch {
            // A name that no package can have is one that is not there.
            throw Refusal(404, error.description)
        }
        guard let package = try await hub.package(id) else { throw Refusal(404, "This dataset has no such package.") }
        guard let revision = try await hub.revision(try query.text("revision", longest: 256) ?? "main", of: package) else {
            throw Refusal(404, "This dataset has no such revision of \(id).")
        }
        return (package, revision)
    }

    private func files(_ query: APIQuery) async throws -> Response {
        try query.allows(["package", "revision", "limit", "offset"])
        let page = (limit: try query.integer("limit", 1...1000) ?? 1000, offset: try query.integer("offset", 0...10_000_000) ?? 0)
        let (package, revision) = try await revision(query)
        return .api(APIAnswer.files(of: package, revision, limit: page.limit, offset: page.offset))
    }

    private func tensors(_ query: APIQuery) async throws -> Response {
        try query.allows(["package", "revision"])
        let (package, revision) = try await revision(query)
        return .api(try await APIAnswer.tensors(of: package, revision, in: dataset))
    }

    private func findings(_ query: APIQuery) async throws -> Response {
        try query.allows(["package", "revision"])
        let (package, revision) = try await revision(query)
        return .api(try await APIAnswer.findings(of: package, revision, in: dataset))
    }

    // MARK: Crawls and numbers

    private func crawls(_ query: APIQuery) async throws -> Response {
        try query.allows(["hub", "state", "limit", "offset"])
        let hub = try query.choice("hub", HubID.allCases.map(\.rawValue))
        let state = try query.choice("state", ["running", "finished", "interrupted"])
        let limit = try query.integer("limit", 1...500) ?? 100
        let offset = try query.integer("offset", 0...1_000_000) ?? 0
        let crawls = try await dataset.read { try $0.crawls() }.reversed().filter { crawl in
            (hub == nil || crawl.hub.rawValue == hub) && (state == nil || crawl.state.rawValue == state)
        }
        return .api(APIAnswer.crawls(crawls, limit: limit, offset: offset))
    }

    private func crawl(_ text: String, _ query: APIQuery) async throws -> Response {
        try query.allows([])
        guard let id = Int64(text), id > 0 else { throw Refusal(400, "A crawl is named by its number.") }
        let found = try await dataset.read { catalog -> (CrawlRow, [CrawlFailure])? in
            guard let crawl = try catalog.crawls().first(where: { $0.id == id }) else { return nil }
            return (crawl, try catalog.failures(of: id, limit: 1000))
        }
        guard let (crawl, failures) = found else { throw Refusal(404, "This dataset has no such crawl.") }
        return .api(APIAnswer.crawl(crawl, failures))
    }

    private func stats(_ query: APIQuery) async throws -> Response {
        try query.allows([])
        let answer = try await dataset.read { catalog in
            (try catalog.statistics(), try catalog.storedBytes(), try catalog.scanCounts())
        }
        return .api(APIAnswer.stats(answer.0, answer.1, answer.2))
    }
}

extension Response {
    /// An answer of the JSON API.
    static func api(_ writer: JSONWriter) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache"],
            body: .init(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    /// An error of the JSON API.
    static func api(_ refusal: Refusal) -> Response {
        var writer = JSONWriter()
        writer.object { object in
            object.member("status", Int64(refusal.status))
            object.member("error", refusal.message)
        }
        var response = api(writer)
        response.status = HTTPResponse.Status(code: refusal.status)
        return response
    }
}
