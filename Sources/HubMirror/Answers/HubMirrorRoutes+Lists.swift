import Documents
import Foundation
import HTTPTypes
public import Hummingbird

extension HubMirrorRoutes {
    func list(_ request: Request, _ caller: Caller) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await hub.list(query, for: caller)
        var response = Response.json(RecordAnswer.list(page, query.fields))
        if let next = page.next { response.headers[.link] = nextLink(request, cursor: next) }
        return response
    }

    func commits(of model: MirroredModel, revision: String, _ request: Request) async throws -> Response {
        guard let history = try await hub.history(of: model, from: revision) else { throw Refusal.revisionNotFound(revision) }
        let query = QueryParameters(request)
        let page = query.first("p").flatMap { Int($0) } ?? 0
        let first = max(query.offset, page.multipliedReportingOverflow(by: query.limit).partialValue)
        let end = min(first.addingReportingOverflow(query.limit).partialValue, history.count)
        var response = Response.json(RecordAnswer.commits(first < end && first >= 0 ? history[first..<end] : []))
        response.headers[.xTotalCount] = String(history.count)
        if first < end, end < history.count { response.headers[.link] = nextLink(request, cursor: PageCursor.text(offset: end)) }
        return response
    }

    func tree(of revision: MirroredRevision, named name: String, folder: String, _ request: Request) throws -> Response {
        let query = QueryParameters(request)
        let entries = TreeEntries(revision.files, below: folder, isRecursive: query.isOn("recursive")).list
        if entries.isEmpty, !folder.isEmpty {
            throw Refusal(404, "\(folder.prefix(200)) does not exist on \"\(name.prefix(100))\"", code: "EntryNotFound")
        }
        let first = query.offset
        let end = min(first.addingReportingOverflow(query.limit).partialValue, entries.count)
        var response = Response.json(RecordAnswer.tree(first < end ? entries[first..<end] : []))
        if first < end, end < entries.count { response.headers[.link] = nextLink(request, cursor: PageCursor.text(offset: end)) }
        return response
    }

    func pathsInfo(of revision: MirroredRevision, _ request: Request) async throws -> Response {
        let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
        let paths: [String]
        if body.hasPrefix("{") {
            do throws(JSONError) {
                paths = try JSONDocument(Array(body.utf8)).root["paths"]?.elements.compactMap { $0.string } ?? []
            } catch {
                throw Refusal(400, "the body is not JSON: \(error)")
            }
        } else {
            paths = QueryParameters.parse(body).filter { $0.name == "paths" }.map(\.value)
        }
        let entries = paths.compactMap { path -> TreeEntries.Entry? in
            revision.file(at: path).map { .file($0) } ?? (revision.hasFolder(path) ? .folder(path) : nil)
        }
        return .json(RecordAnswer.tree(entries[...]))
    }

    /// The address of the next page: absolute, with every parameter of this one.
    private func nextLink(_ request: Request, cursor: String) -> String {
        let kept = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") }
        let encoded = cursor.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let query = (kept.map(String.init) + ["cursor=\(encoded)"]).joined(separator: "&")
        return "<\(PublicAddress.base(of: request))\(request.uri.path)?\(query)>; rel=\"next\""
    }
}

/// The address that a client reached the mirror by: what a proxy in front of it says, or the request's own host.
public enum PublicAddress {
    /// Scheme and host, without a slash at the end.
    public static func base(of request: Request) -> String {
        let scheme = request.headers[.xForwardedProto] == "https" ? "https" : "http"
        let host = (request.headers[.xForwardedHost] ?? request.head.authority ?? "localhost").filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0))
        }
        return "\(scheme)://\(host)"
    }
}
