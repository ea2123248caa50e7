import Foundation
public import HTTPTypes
public import Hummingbird

extension HubMirrorRoutes {
    func file(
        of model: MirroredModel, _ revision: MirroredRevision, path: String, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard let file = revision.file(at: path) else {
            var response = Response.hubError(.notFound, "Entry not found", code: "EntryNotFound")
            response.headers[.xRepoCommit] = revision.commit
            return response
        }
        let content: any ServedContent
        do {
            content = try await hub.content(of: file, in: revision, of: model)
        } catch let refusal as Refusal {
            var response = Response.hubError(refusal)
            response.headers[.xRepoCommit] = revision.commit
            return response
        }
        var answer = FileAnswer(content, etag: file.sha256 ?? file.gitObjectID, name: (path as NSString).lastPathComponent)
        answer.headers[.xRepoCommit] = revision.commit
        if let sha256 = file.sha256 {
            answer.headers[.xLinkedETag] = "\"\(sha256)\""
            answer.headers[.xLinkedSize] = String(content.size)
        }
        return try await answer.response(to: request, context)
    }
}

/// A content as an answer over HTTP: its validator, conditions, and ranges (RFC 9110, sections 13 and 14).
public struct FileAnswer: Sendable {
    public var headers: HTTPFields
    private let content: any ServedContent
    private let etag: String?

    /// - Parameters:
    ///   - etag: what names the content, without quotes; nil where nothing does.
    ///   - name: the file's name for whoever saves it.
    public init(_ content: any ServedContent, etag: String?, name: String, type: String = "application/octet-stream") {
        self.content = content
        self.etag = etag.map { "\"\($0)\"" }
        let safe = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._- +".contains($0)) ? $0 : "_" })
        let exact = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.intersection(.asciiLetters)) ?? safe
        headers = [
            .contentType: type, .acceptRanges: "bytes",
            .contentDisposition: safe == name
                ? "inline; filename=\"\(safe)\"" : "inline; filename=\"\(safe)\"; filename*=UTF-8''\(exact)",
            // A browser must not take what a stranger has uploaded for a page of this site.
            .xContentTypeOptions: "nosniff", .contentSecurityPolicy: "sandbox; default-src 'none'",
        ]
        headers[.eTag] = self.etag
    }

    /// - Throws: ``Refusal`` where the content cannot be had.
    public func response(to request: Request, _ context: some MirrorRequestContext) async throws -> Response {
        if let etag, Self.names(request.headers[.ifNoneMatch], etag) { return Response(status: .notModified, headers: headers) }
        if let etag, let expected = request.headers[.ifMatch], !Self.names(expected, etag) {
            return Response(status: .preconditionFailed, headers: headers)
        }
        // A range of another content than the one that was begun is of no use.
        let isSame = request.headers[.ifRange].map { $0 == etag } ?? true
        let range = ByteRange(header: isSame ? request.headers[.range] : nil, size: content.size)
        if request.method != .head { try await content.prepare() }
        switch range {
        case .whole: return response(.ok, 0..<content.size, headers, context)
        case .part(let range):
            var headers = headers
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(content.size)"
            return response(.partialContent, range.lowerBound..<(range.upperBound + 1), headers, context)
        case .unsatisfiable, .several:
            var headers = headers
            headers[.contentRange] = "bytes */\(content.size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private func response(
        _ status: HTTPResponse.Status, _ range: Range<Int64>, _ headers: HTTPFields, _ context: some MirrorRequestContext
    ) -> Response {
        let sink = ContentSink(context.channel, context.exchange)
        let content = content
        return Response(
            status: status, headers: headers,
            body: ResponseBody(contentLength: Int(range.count)) { writer in
                try await content.send(range, to: sink)
                try await writer.finish(nil)
            })
    }

    /// Whether a list of validators names one; a weak one counts here.
    private static func names(_ header: String?, _ etag: String) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.contains {
            $0 == "*" || $0 == etag || $0 == "W/\(etag)"
        }
    }
}

extension CharacterSet {
    fileprivate static let asciiLetters = CharacterSet(charactersIn: Unicode.Scalar(0)..."\u{7f}")
}
