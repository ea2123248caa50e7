import Foundation
import HTTPTypes
import HubMirror
import Hummingbird
import NIOHTTP1

/// Counts each request and writes it down, when its head is answered or, for a file, when its last byte is on its way. Turns what was
/// thrown into an answer.
struct RequestJournal: RouterMiddleware {
    let metrics: ServerMetrics
    let log: (@Sendable ([UInt8]) -> Void)?

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        metrics.begin()
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            // What is no HTTP is answered below, and ends the connection.
            metrics.end(RequestArea.of(request), status: 400, seconds: 0, fileBytes: 0)
            throw error
        } catch {
            response = ErrorAnswer.response(to: error, request, context)
        }
        for (name, value) in Self.safety where response.headers[name] == nil { response.headers[name] = value }
        let note = Note(journal: self, request: request, context: context, status: response.status.code, started: started)
        guard response.headers[.acceptRanges] != nil, (200...206).contains(response.status.code), request.method != .head else {
            note.write()
            return response
        }
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            defer { note.write() }
            try await body.write(writer)
        }
        return response
    }

    /// What every answer carries that says nothing else.
    private static let safety: [(HTTPField.Name, String)] = [
        (.xContentTypeOptions, "nosniff"), (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        (.referrerPolicy, "no-referrer"),
    ]

    /// One request, when it is over.
    private struct Note: Sendable {
        let journal: RequestJournal
        let request: Request
        let context: ServeContext
        let status: Int
        let started: ContinuousClock.Instant

        func write() {
            let seconds = started.duration(to: .now) / .seconds(1)
            let bytes = context.exchange.sentBytes
            journal.metrics.end(RequestArea.of(request), status: status, seconds: seconds, fileBytes: bytes)
            guard let log = journal.log else { return }
            // Nothing of a query's values is kept: they may hold a signature or a token.
            let path = String(
                request.uri.path.unicodeScalars.map { $0.value > 0x20 && $0.value < 0x7f && $0 != "\"" ? Character($0) : "?" })
            let line =
                "\(Date.now.ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true))) \(context.clientAddress) "
                + "\(context.token?.name ?? "-") \(request.method) \(path.prefix(2048)) \(status) \(bytes) \(String(format: "%.4f", seconds))\n"
            log(Array(line.utf8))
        }
    }
}

/// What a request is for, as metrics tell it.
enum RequestArea {
    static func of(_ request: Request) -> ServerMetrics.Area {
        let path = request.uri.path
        if path.hasPrefix("/api/weir/") { return .api }
        if path.hasPrefix("/api/") { return .mirror }
        if path.contains("/resolve/") || path.contains("/info/lfs/") { return .file }
        if path.hasSuffix("/info/refs") || path.hasSuffix("/git-upload-pack") { return .git }
        if path == "/healthz" || path == "/metrics" { return .operation }
        return .page
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
    static let xForwardedFor = known("X-Forwarded-For")

    /// A name that is written here, not one that came from outside.
    static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a field's name") }
        return field
    }
}
