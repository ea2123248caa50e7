import Foundation
import HTTPTypes
import HubMirror
import Hummingbird
import ModelPackage
import NIOCore
import Synchronization
import WebPages

/// The web pages.
struct SiteRoutes: Sendable {
    private let queries: SiteQueries
    private let hub: DatasetHub
    private let pages: PageSets
    /// Cards are drawn here, one at a time: a stranger's text decides how long that takes, and others must not wait for it.
    private let drawing = WorkGate(width: 1, longestQueue: 200)

    init(_ hub: DatasetHub) {
        self.hub = hub
        queries = SiteQueries(hub)
        pages = PageSets()
    }

    func add(to router: some RouterMethods<ServeContext>) {
        route(router, "/") { try await search($0, $1) }
        route(router, "/packages/**") { request, pages in try await package(request, pages) }
        route(router, "/hubs") { _, pages in .html(pages.hubs(try await queries.hubs())) }
        route(router, "/hubs/:hub") { request, pages in
            guard let id = PathSegments.decoded(request.uri.path)?.last.flatMap({ HubID(rawValue: $0) }),
                let page = try await queries.hub(id)
            else { throw Refusal(404, "There is no such hub in this dataset.") }
            return .html(pages.hub(page))
        }
        route(router, "/crawls") { _, pages in .html(pages.crawls(try await queries.crawls())) }
        route(router, "/crawls/:id") { request, pages in
            guard let id = PathSegments.decoded(request.uri.path)?.last.flatMap({ Int64($0) }),
                let page = try await queries.crawl(id)
            else { throw Refusal(404, "There is no such crawl in this dataset.") }
            return .html(pages.crawl(page))
        }
        route(router, "/api") { _, pages in .html(pages.api()) }
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/assets/:name", method: method) { request, _ in Self.asset(request) }
            router.on("/favicon.ico", method: method) { _, _ in
                Response(status: .movedPermanently, headers: [.location: SiteLinks.asset(SiteAsset.icon)])
            }
            router.on("/files/**", method: method) { request, context in try await file(request, context) }
        }
    }

    /// A page for `GET` and `HEAD`; what goes wrong becomes a page too.
    private func route(
        _ router: some RouterMethods<ServeContext>, _ path: RouterPath,
        _ answer: @escaping @Sendable (Request, SitePages) async throws -> Response
    ) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on(path, method: method) { request, _ in
                let pages = try pages.pages(for: PublicAddress.base(of: request))
                var response: Response
                do {
                    response = try await answer(request, pages)
                } catch let refusal as Refusal {
                    response = .html(
                        pages.error(ErrorPage(status: refusal.status, message: refusal.message)),
                        status: HTTPResponse.Status(code: refusal.status))
                }
                return request.method == .head ? response.createHeadResponse() : response
            }
        }
    }

    private func search(_ request: Request, _ pages: SitePages) async throws -> Response {
        let page = try await queries.search(SearchParameters(request))
        let isFragment = request.headers[.weirFragment] == "results"
        var response = Response.html(isFragment ? pages.searchResults(page) : pages.search(page))
        response.headers[.vary] = "X-Weir-Fragment"
        return response
    }

    private func package(_ request: Request, _ pages: SitePages) async throws -> Response {
        guard let id = SiteAddress.package(request) else { throw Refusal(404, "There is no such package.") }
        if let page = try await queries.package(id) {
            let text = page.card == nil ? pages.package(page) : try await drawing.run { pages.package(page) }
            return .html(text)
        }
        let error = ErrorPage(
            status: 404, message: "This dataset does not have \(id).", advice: nil,
            suggestions: try await queries.suggestions(for: id))
        return .html(pages.error(error), status: .notFound)
    }

    private static func asset(_ request: Request) -> Response {
        guard let asset = PathSegments.decoded(request.uri.path)?.last.flatMap({ SiteAsset.named($0) }) else {
            return .hubError(Refusal(404, "Not Found"))
        }
        return Response(
            status: .ok,
            headers: [.contentType: asset.contentType, .cacheControl: "public, max-age=31536000, immutable"],
            body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }

    /// A file of a package, for people: pictures are shown, all else is saved.
    private func file(_ request: Request, _ context: ServeContext) async throws -> Response {
        guard let (id, commit, path) = SiteAddress.file(request), let package = try await hub.package(id),
            let revision = try await hub.revision(commit, of: package), let file = revision.mirrored.file(at: path)
        else { throw Refusal(404, "There is no such file in this dataset.") }
        let content = try await hub.content(of: file, in: revision, of: package)
        let ending = (path as NSString).pathExtension.lowercased()
        let name = (path as NSString).lastPathComponent
        guard let type = Self.pictures[ending] else {
            var answer = FileAnswer(content, etag: file.sha256 ?? file.gitObjectID, name: name)
            answer.headers[.contentDisposition] = answer.headers[.contentDisposition]?.replacing("inline;", with: "attachment;")
            return try await answer.response(to: request, context)
        }
        return try await FileAnswer(content, etag: file.sha256 ?? file.gitObjectID, name: name, type: type)
            .response(to: request, context)
    }

    /// Pictures that run nothing.
    private static let pictures = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    ]
}

/// The pages for each address that the server is reached by: they tell people that address.
private final class PageSets: Sendable {
    private let sets = Mutex<[String: SitePages]>([:])

    /// Addresses are the clients' to choose, so not many are kept.
    private static let capacity = 16

    func pages(for base: String) throws -> SitePages {
        if let known = sets.withLock({ $0[base] }) { return known }
        let made = try SitePages(baseAddress: base)
        sets.withLock { sets in
            if sets.count >= Self.capacity { sets.removeAll() }
            sets[base] = made
        }
        return made
    }
}

/// Reads what ``SiteLinks`` writes.
enum SiteAddress {
    /// `/packages/HUB/NAME`.
    static func package(_ request: Request) -> PackageID? {
        guard let segments = PathSegments.decoded(request.uri.path), segments.count >= 3 else { return nil }
        return package(segments[1], segments.dropFirst(2).joined(separator: "/"))
    }

    /// `/files/HUB/NAME@COMMIT/PATH`.
    static func file(_ request: Request) -> (PackageID, commit: String, path: String)? {
        guard let segments = PathSegments.decoded(request.uri.path), segments.count >= 4 else { return nil }
        let rest = segments.dropFirst(2).joined(separator: "/")
        guard let at = rest.firstIndex(of: "@"), let package = package(segments[1], String(rest[..<at])) else { return nil }
        let behind = rest[rest.index(after: at)...]
        guard let slash = behind.firstIndex(of: "/") else { return nil }
        return (package, String(behind[..<slash]), String(behind[behind.index(after: slash)...]))
    }

    static func package(_ hub: String, _ name: String) -> PackageID? {
        guard let hub = HubID(rawValue: hub) else { return nil }
        do throws(InvalidPackageName) {
            return try PackageID(hub: hub, name: name)
        } catch {
            return nil
        }
    }
}

extension SearchParameters {
    /// The parameters of a request; what is none of them is passed over.
    init(_ request: Request) {
        let query = QueryParameters(request)
        var facets: [Facet: String] = [:]
        for facet in Facet.allCases { facets[facet] = query.first(facet.rawValue).flatMap { $0.isEmpty ? nil : $0 } }
        self.init(
            text: String((query.first("q") ?? "").prefix(Self.longestText)), facets: facets,
            order: query.first("sort").flatMap { Order(rawValue: $0) } ?? .downloads,
            page: query.first("page").flatMap { Int($0) } ?? 1)
    }

    private static let longestText = 512
}

extension Response {
    /// A page, with the policy that lets it load nothing but its own assets.
    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache",
                .contentSecurityPolicy:
                    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
                    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension HTTPField.Name {
    static let weirFragment = known("X-Weir-Fragment")
}
