import Foundation
import HTTPTypes
import HubMirror
import Hummingbird
import NIOCore
import Synchronization

/// Lets requests in: not more than an address may make, and where there are tokens, only with one.
struct Admission: RouterMiddleware {
    let tokens: TokenBook?
    let metrics: ServerMetrics
    private let pace: ClientPace
    private let wrongTokens: ClientPace

    init(_ settings: ServerSettings, _ metrics: ServerMetrics) {
        tokens = settings.tokens
        self.metrics = metrics
        pace = ClientPace(perSecond: settings.limits.requestsPerSecond, burst: (settings.limits.requestsPerSecond ?? 0) * 4 + 50)
        wrongTokens = ClientPace(
            perSecond: Double(settings.limits.wrongTokens) / 60, burst: Double(settings.limits.wrongTokens))
    }

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        // Whoever watches over the server must learn that it lives, whatever else happens.
        if request.uri.path == "/healthz" { return try await next(request, context) }
        guard pace.take(context.clientAddress) else { return tooMany("Too many requests: slow down.") }
        guard let tokens else { return try await next(request, context) }
        guard let shown = Self.token(of: request) else { return unauthorized(request, "This server wants a token.") }
        guard let entry = tokens.entry(of: shown) else {
            // Behind a proxy all clients have one address: whoever guesses must not shut out those who know.
            return wrongTokens.take(context.clientAddress)
                ? unauthorized(request, "Invalid username or password.") : tooMany("Too many wrong tokens: wait a minute.")
        }
        var context = context
        context.token = entry
        if request.uri.path == "/metrics", entry.scope != .admin {
            return .hubError(Refusal(403, "This needs a token with the scope 'admin'."))
        }
        return try await next(request, context)
    }

    /// A token as clients of the Hub show it, or as the password of git and browsers.
    private static func token(of request: Request) -> String? {
        guard let header = request.headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return String(parts[1])
        case "basic":
            guard let data = Data(base64Encoded: String(parts[1])) else { return nil }
            let text = String(decoding: data, as: UTF8.self)
            return text.firstIndex(of: ":").map { String(text[text.index(after: $0)...]) }
        default: return nil
        }
    }

    private func unauthorized(_ request: Request, _ message: String) -> Response {
        metrics.refuse()
        var response = Response.hubError(Refusal(401, message))
        // Browsers and git ask for a password then; clients of the Hub must not take it for a prompt.
        if !request.uri.path.hasPrefix("/api/") { response.headers[.wwwAuthenticate] = "Basic realm=\"Weir\", charset=\"UTF-8\"" }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func tooMany(_ message: String) -> Response {
        metrics.refuse()
        var response = Response.hubError(Refusal(429, message))
        response.headers[.retryAfter] = "10"
        return response
    }
}

/// How much each address may still do: a bucket for each that fills with time.
final class ClientPace: Sendable {
    private struct Bucket {
        var level: Double
        var at: ContinuousClock.Instant
    }

    private let perSecond: Double?
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// Addresses that are remembered; past that, those that have been quiet are forgotten.
    private static let capacity = 50_000

    /// - Parameter perSecond: nil for no bound.
    init(perSecond: Double?, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }

    /// Takes one from an address's bucket; false where it is empty.
    func take(_ address: String) -> Bool {
        guard let perSecond else { return true }
        let now = ContinuousClock.now
        return buckets.withLock { buckets in
            if buckets.count > Self.capacity {
                buckets = buckets.filter { $0.value.level + perSecond * ($0.value.at.duration(to: now) / .seconds(1)) < burst }
            }
            var bucket = buckets[address] ?? Bucket(level: burst, at: now)
            bucket.level = min(burst, bucket.level + perSecond * (bucket.at.duration(to: now) / .seconds(1)))
            bucket.at = now
            defer { buckets[address] = bucket }
            guard bucket.level >= 1 else { return false }
            bucket.level -= 1
            return true
        }
    }
}
