public import Foundation
import HTTPTypes
public import Logging

/// The transport that all hubs use: bounded, paced, patient, and careful with credentials.
///
/// - It tries again after broken connections and the answers 408, 429, 500, 502, 503 and 504, with exponential back-off,
///   jitter and a ceiling, obeying `Retry-After` and `RateLimit`.
/// - It follows at most ten redirects, never one from HTTPS to plain HTTP.
/// - A credential goes to the host that it is for and to no other, and never over plain HTTP except to this machine.
public actor PoliteTransport {
    /// A secret and the host (with port, where it has one) that may see it.
    public struct Credential: Sendable {
        let origin: String
        let token: String

        public init(for url: URL, token: String) {
            origin = PoliteTransport.origin(of: url)
            self.token = token
        }
    }

    private let base: any HTTPTransport
    private let credential: Credential?
    private let rate: Double?
    private let policy: RetryPolicy
    private let logger: Logger
    private let sleep: @Sendable (Double) async throws -> Void
    private let started = ContinuousClock.now
    private var pacers: [String: RequestPacer] = [:]
    private var running: [String: Int] = [:]
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
    private let requestsPerHost: Int

    /// - Parameters:
    ///   - rate: requests a second to one host, or nil for no limit of our own.
    ///   - sleep: waits so many seconds; tests replace it.
    public init(
        _ base: any HTTPTransport, credential: Credential? = nil, rate: Double? = nil, requestsPerHost: Int = 8,
        policy: RetryPolicy = RetryPolicy(), logger: Logger,
        sleep: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }
    ) {
        self.base = base
        self.credential = credential
        self.rate = rate
        self.requestsPerHost = requestsPerHost
        self.policy = policy
        self.logger = logger
        self.sleep = sleep
    }

    /// Sends a request and follows its redirects to an answer, which is read whole. One that breaks off is asked for again.
    ///
    /// - Returns: an answer of any status but those that are tried again.
    /// - Throws: ``TransportError``, or `CancellationError`.
    public func send(_ request: OutboundRequest) async throws -> InboundResponse {
        try await followingRedirects(request) { request, redirects in
            try await self.sendWithRetries(request, retriesBody: true) { head, body in
                var response = InboundResponse(
                    status: head.status, headers: head.headers,
                    body: try await Self.collect(body, of: request), url: head.url)
                response.redirects = redirects
                return response
            }
        }
    }

    /// Sends a request, follows its redirects, and hands the answer over when its head is there.
    ///
    /// - Parameter use: reads the body; when it fails, its error is thrown, and going on is the caller's affair.
    /// - Throws: ``TransportError`` where no answer came, what `use` throws, or `CancellationError`.
    public func receive<Result: Sendable>(
        _ request: OutboundRequest, _ use: @escaping @Sendable (ResponseHead, any ResponseBody) async throws -> Result
    ) async throws -> Result {
        try await followingRedirects(request) { request, _ in
            try await self.sendWithRetries(request, retriesBody: false, use)
        }
    }

    /// Runs `attempt` with the request, then with those that redirects make of it.
    private func followingRedirects<Result: Sendable>(
        _ request: OutboundRequest, _ attempt: (OutboundRequest, [URL]) async throws -> Result
    ) async throws -> Result {
        var request = request
        var redirects: [URL] = []
        while true {
            do {
                return try await attempt(request, redirects)
            } catch let redirect as RedirectAnswer {
                let target = try redirectTarget(redirect.location, from: request.url, after: redirects)
                redirects.append(request.url)
                if Self.origin(of: target) != Self.origin(of: request.url) {
                    request.headers[.authorization] = nil
                    request.privateHeaders = [:]
                }
                request.url = target
            }
        }
    }

    /// Waits before what a caller does again after a failure of its own: a body that broke off.
    ///
    /// - Parameter attempt: tries made so far, from 1.
    /// - Returns: false where it was tried often enough; then nothing is waited for.
    public func waitBeforeRetry(of error: TransportError, attempt: Int) async throws -> Bool {
        let outcome: RetryPolicy.Outcome
        switch error.kind {
        case .unreachable: outcome = .failed
        case .tooSlow: outcome = .tooSlow
        case .status, .redirectLoop, .refusedRedirect, .bodyTooLarge: return false
        }
        guard case .retry(let seconds) = policy.decide(outcome, attempt: attempt, jitter: Double.random(in: 0...1)) else {
            return false
        }
        try await sleep(seconds)
        return true
    }

    private static func collect(_ body: any ResponseBody, of request: OutboundRequest) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        var rate = RateFloor(request.url)
        while try await body.next({ bytes.append(contentsOf: $0) }) {
            guard bytes.count <= request.maximumBodySize else {
                throw TransportError(
                    .bodyTooLarge, request.url, "the answer is longer than \(request.maximumBodySize) bytes")
            }
            try rate.check(total: Int64(bytes.count))
        }
        return bytes
    }

    /// A request that should be answered with 200.
    ///
    /// - Throws: ``TransportError`` with kind `status` for any other answer.
    public func get(_ request: OutboundRequest) async throws -> InboundResponse {
        let response = try await send(request)
        guard response.status.code == 200 else { throw Self.refusal(response) }
        return response
    }

    /// What an answer that is not 200 says, as an error.
    public static func refusal(_ response: InboundResponse) -> TransportError { refusal(response.head) }

    /// What an answer that is not the one hoped for says, as an error.
    public static func refusal(_ response: ResponseHead) -> TransportError {
        let code = response.headers[HTTPField.Name("X-Error-Code")!]
        let message = response.headers[HTTPField.Name("X-Error-Message")!] ?? ""
        let words = [code, message].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": ")
        let status = "\(response.status.code) \(response.status.reasonPhrase)".trimmingCharacters(in: .whitespaces)
        return TransportError(
            .status(response.status.code), response.url, words.isEmpty ? "answered \(status)" : "answered \(status) (\(words))",
            code: code)
    }

    private enum Answer<Result: Sendable>: Sendable {
        case done(Result, ResponseHead)
        case redirect(String)
        /// A status that is tried again.
        case refusal(ResponseHead)
        /// The body failed, or whoever read it, and that is the caller's affair.
        case bodyFailed(any Error)
    }

    /// - Parameter retriesBody: whether a body that breaks off is asked for again; else `use` fails as it fails.
    private func sendWithRetries<Result: Sendable>(
        _ request: OutboundRequest, retriesBody: Bool,
        _ use: @escaping @Sendable (ResponseHead, any ResponseBody) async throws -> Result
    ) async throws -> Result {
        let host = Self.origin(of: request.url)
        await enter(host)
        defer { leave(host) }
        var attempt = 0
        while true {
            attempt += 1
            try await waitForTurn(host)
            let outcome: RetryPolicy.Outcome
            let failure: TransportError
            do {
                switch try await sendOnce(request, retriesBody: retriesBody, use) {
                case .done(let result, let head):
                    _ = note(head, of: host)
                    return result
                case .redirect(let location): throw RedirectAnswer(location: location)
                case .bodyFailed(let error): throw BodyFailure(error: error)
                case .refusal(let head):
                    outcome = .answered(head.status, note(head, of: host))
                    failure = Self.refusal(head)
                }
            } catch let error as TransportError {
                try Task.checkCancellation()
                switch error.kind {
                case .unreachable: outcome = .failed
                case .tooSlow: outcome = .tooSlow
                default: throw error
                }
                failure = error
            } catch let error as BodyFailure {
                throw error.error
            }
            guard case .retry(let seconds) = policy.decide(outcome, attempt: attempt, jitter: Double.random(in: 0...1)) else {
                throw failure
            }
            logger.debug(
                "trying again", metadata: ["url": "\(request.url)", "attempt": "\(attempt)", "seconds": "\(seconds)"])
            if case .answered(let status, _) = outcome, status.code == 429 { pacers[host]?.pause(until: elapsed + seconds) }
            try await sleep(seconds)
        }
    }

    private func sendOnce<Result: Sendable>(
        _ request: OutboundRequest, retriesBody: Bool,
        _ use: @escaping @Sendable (ResponseHead, any ResponseBody) async throws -> Result
    ) async throws -> Answer<Result> {
        try await base.receive(authorized(request)) { head, body in
            if [301, 302, 303, 307, 308].contains(head.status.code), let location = head.headers[.location] {
                try await Self.passBy(body)
                return .redirect(location)
            }
            if RetryPolicy.triedAgain.contains(head.status.code) {
                try await Self.passBy(body)
                return .refusal(head)
            }
            do {
                return .done(try await use(head, body), head)
            } catch  where !retriesBody {
                return .bodyFailed(error)
            }
        }
    }

    /// Reads the few words of an answer that nobody reads, so that its connection can be used again.
    private static func passBy(_ body: any ResponseBody) async throws {
        var length = 0
        while length < 1 << 16, try await body.next({ length += $0.count }) {}
    }

    private func note(_ head: ResponseHead, of host: String) -> RateLimitHeaders {
        let limits = RateLimitHeaders(head.headers, now: Date())
        pacers[host, default: RequestPacer(rate: rate)].note(limits, now: elapsed)
        return limits
    }

    private func authorized(_ request: OutboundRequest) -> OutboundRequest {
        var request = request
        for field in request.privateHeaders { request.headers[field.name] = field.value }
        if request.headers[.userAgent] == nil { request.headers[.userAgent] = "weir/\(weirVersion)" }
        if let credential, credential.origin == Self.origin(of: request.url),
            request.url.scheme?.lowercased() == "https" || isLoopback(request.url)
        {
            request.headers[.authorization] = "Bearer \(credential.token)"
        }
        return request
    }

    private func redirectTarget(_ location: String, from url: URL, after redirects: [URL]) throws -> URL {
        guard let target = URL(string: location, relativeTo: url)?.absoluteURL,
            let scheme = target.scheme?.lowercased(), ["http", "https"].contains(scheme), target.host() != nil
        else { throw TransportError(.refusedRedirect, url, "redirects to an address that cannot be followed") }
        if url.scheme?.lowercased() == "https", scheme == "http" {
            throw TransportError(.refusedRedirect, url, "redirects from HTTPS to plain HTTP, which is not followed")
        }
        if target == url || redirects.contains(target) {
            throw TransportError(.redirectLoop, url, "redirects in a circle")
        }
        if redirects.count >= 10 { throw TransportError(.redirectLoop, url, "redirects more than 10 times") }
        return target
    }

    private var elapsed: Double {
        let duration = started.duration(to: .now)
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private func waitForTurn(_ host: String) async throws {
        let now = elapsed
        let start = pacers[host, default: RequestPacer(rate: rate)].reserve(now: now)
        if start > now { try await sleep(start - now) }
    }

    private func enter(_ host: String) async {
        while running[host, default: 0] >= requestsPerHost {
            await withCheckedContinuation { waiting[host, default: []].append($0) }
        }
        running[host, default: 0] += 1
    }

    private func leave(_ host: String) {
        running[host, default: 1] -= 1
        if var queue = waiting[host], !queue.isEmpty {
            let next = queue.removeFirst()
            waiting[host] = queue
            next.resume()
        }
    }

    /// Scheme, host and port: what a credential is bound to.
    static func origin(of url: URL) -> String {
        let scheme = url.scheme?.lowercased() ?? ""
        let port = url.port ?? (scheme == "https" ? 443 : 80)
        return "\(scheme)://\(url.host()?.lowercased() ?? ""):\(port)"
    }
}

/// A redirect, on its way to whoever follows it.
private struct RedirectAnswer: Error {
    let location: String
}

/// An error that no retry may catch.
private struct BodyFailure: Error {
    let error: any Error
}

/// The version that Weir gives itself.
public let weirVersion = "0.1.0"
