import Documents
public import Foundation
import HTTPTypes
import ModelPackage
public import Transport

/// The Hub's HTTP API, as far as a crawl needs it: lists, one model, its branches, its history.
public struct HuggingFaceClient: Sendable {
    /// The Hub's address, without a slash at its end.
    let endpoint: URL
    private let transport: PoliteTransport

    public init(endpoint: URL, transport: PoliteTransport) {
        self.endpoint = endpoint
        self.transport = transport
    }

    /// The fields asked for beside `_id` and `id`, in a list or of one model.
    static let listFields = [
        "author", "baseModels", "cardData", "config", "createdAt", "disabled", "downloads", "gated", "gguf", "lastModified",
        "library_name", "likes", "model-index", "pipeline_tag", "private", "safetensors", "sha", "siblings", "tags",
        "transformersInfo", "usedStorage",
    ]

    /// A page of records, and where the next one is.
    struct Page {
        var records: [ArraySlice<UInt8>]
        var next: URL?
    }

    /// The address of a list's first page.
    func listURL(_ items: [URLQueryItem]) throws -> URL {
        try url(["api", "models"], items)
    }

    /// Reads a page of a list. A page that is not JSON is asked for again, in case an intermediary failed.
    func page(_ url: URL) async throws -> Page {
        var tries = 0
        while true {
            tries += 1
            let response = try await transport.get(OutboundRequest(url))
            do throws(JSONError) {
                return Page(
                    records: try Self.elements(of: response.body),
                    next: try nextPage(response))
            } catch {
                if tries >= 3 {
                    throw HubError(
                        .huggingface, .unavailable,
                        "\(url.absoluteString) answered with a page that is not a JSON list (\(error)); run the same command again to go on from here"
                    )
                }
            }
        }
    }

    /// One model with the sizes and hashes of its files; follows the redirect of a renamed one.
    func model(_ name: String, revision: String? = nil) async throws -> InboundResponse {
        let revisionPath = revision.map { ["revision", $0] } ?? []
        return try await transport.get(
            OutboundRequest(
                url(["api", "models"] + Self.segments(name) + revisionPath, [URLQueryItem(name: "blobs", value: "true")])))
    }

    /// Branches, tags, conversions and pull requests.
    func references(_ name: String) async throws -> [UInt8] {
        try await transport.get(OutboundRequest(url(["api", "models"] + Self.segments(name) + ["refs"]))).body
    }

    /// The history of a revision, newest first, all pages up to `limit` commits.
    func commits(_ name: String, revision: String, limit: Int = 1000) async throws -> [ArraySlice<UInt8>] {
        var commits: [ArraySlice<UInt8>] = []
        var next: URL? = try url(
            ["api", "models"] + Self.segments(name) + ["commits", revision], [URLQueryItem(name: "limit", value: "100")])
        var seen: Set<URL> = []
        while let url = next, commits.count < limit, seen.insert(url).inserted {
            let page = try await page(url)
            commits += page.records
            next = page.next
        }
        return Array(commits.prefix(limit))
    }

    /// The tree of a revision, all folders, page by page.
    func treePages(_ name: String, revision: String) -> AsyncThrowingStream<[ArraySlice<UInt8>], any Error> {
        AsyncThrowingStream { pages in
            let task = Task {
                do {
                    var next: URL? = try url(
                        ["api", "models"] + Self.segments(name) + ["tree", revision],
                        [URLQueryItem(name: "recursive", value: "true"), URLQueryItem(name: "limit", value: "1000")])
                    var seen: Set<URL> = []
                    while let url = next {
                        guard seen.insert(url).inserted else { throw HubError.circularPages(url) }
                        let page = try await page(url)
                        pages.yield(page.records)
                        next = page.next
                    }
                    pages.finish()
                } catch {
                    pages.finish(throwing: error)
                }
            }
            pages.onTermination = { _ in task.cancel() }
        }
    }

    /// Where a file's content is asked for.
    func fileURL(_ name: String, revision: String, path: String) throws -> URL {
        try url(Self.segments(name) + ["resolve", revision] + path.split(separator: "/").map(String.init))
    }

    private static func elements(of body: [UInt8]) throws(JSONError) -> [ArraySlice<UInt8>] {
        var scanner = JSONElementScanner()
        var elements: [ArraySlice<UInt8>] = []
        while case .element(let range) = try scanner.next(in: body, isComplete: true) {
            elements.append(singleLineJSON(body[range]))
        }
        return elements
    }

    /// The address in `Link: <…>; rel="next"` (RFC 8288), taken over to our endpoint: mirrors pass on the Hub's own
    /// addresses, and a page must never lead to another host.
    private func nextPage(_ response: InboundResponse) throws(JSONError) -> URL? {
        guard let header = response.headers[HTTPField.Name("Link")!] else { return nil }
        for link in header.split(separator: ",") where link.contains("rel=\"next\"") || link.contains("rel=next") {
            guard let start = link.firstIndex(of: "<"), let end = link.firstIndex(of: ">"), start < end,
                let target = URL(string: String(link[link.index(after: start)..<end]), relativeTo: response.url)?.absoluteURL,
                var parts = URLComponents(url: target, resolvingAgainstBaseURL: true)
            else { continue }
            parts.scheme = endpoint.scheme
            parts.percentEncodedHost = endpoint.host(percentEncoded: true)
            parts.port = endpoint.port
            parts.user = nil
            parts.password = nil
            return parts.url
        }
        return nil
    }

    private func url(_ segments: [String], _ items: [URLQueryItem] = []) throws -> URL {
        guard var parts = URLComponents(url: endpoint, resolvingAgainstBaseURL: false) else {
            throw HubError(.huggingface, .badSource, "\(endpoint) is not an address")
        }
        let encoded = segments.map { $0.addingPercentEncoding(withAllowedCharacters: .hubPathSegment) ?? "" }
        parts.percentEncodedPath += "/" + encoded.joined(separator: "/")
        if !items.isEmpty {
            parts.percentEncodedQuery = items.map { item in
                "\(item.name)=\((item.value ?? "").addingPercentEncoding(withAllowedCharacters: .hubQueryValue) ?? "")"
            }.joined(separator: "&")
        }
        guard let url = parts.url else { throw HubError(.huggingface, .badSource, "\(endpoint) is not an address") }
        return url
    }

    private static func segments(_ name: String) -> [String] { name.split(separator: "/").map(String.init) }
}

extension CharacterSet {
    /// What stands unescaped in one segment of a path; a revision with slashes is one segment.
    fileprivate static let hubPathSegment = CharacterSet.alphanumerics.intersection(
        CharacterSet(charactersIn: Unicode.Scalar(0)..."\u{7f}")
    )
    .union(CharacterSet(charactersIn: "-._~"))
    fileprivate static let hubQueryValue = hubPathSegment.union(CharacterSet(charactersIn: ":/"))
}
