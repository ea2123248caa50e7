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
    private let policy = RetryPolicy()
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
        _ base: any HTTPTransport, credential: Credential? = nil, rate: Double? = nil, requestsPerHost: Int = 8, logger: Logger,
        sleep: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }
    ) {
        self.base = base
        self.credential = credential
        self.rate = rate
        self.requestsPerHost = requestsPerHost
        self.logger = logger
        self.sleep = sleep
    }

    /// Sends a request and follows its redirects to an answer.
    ///
    /// - Returns: an answer of any status but those that are tried again.
    /// - Throws: ``TransportError``, or `CancellationError`.
    public func send(_ request: OutboundRequest) async throws -> InboundResponse {
        var request = request
        var redirects: [URL] = []
        while true {
            var response = try await sendWithRetries(request)
            guard [301, 302, 303, 307, 308].contains(response.status.code), let location = response.headers[.location] else {
                response.redirects = redirects
                return response
            }
            let target = try redirectTarget(location, from: request.url, after: redirects)
            redirects.append(request.url)
            if Self.origin(of: target) != Self.origin(of: request.url) { request.headers[.authorization] = nil }
            request.url = target
        }
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
    public static func refusal(_ response: InboundResponse) -> TransportError {
        let code = response.headers[HTTPField.Name("X-Error-Code")!]
        let message = response.headers[HTTPField.Name("X-Error-Message")!] ?? ""
        let words = [code, message].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": ")
        let status = "\(response.status.code) \(response.status.reasonPhrase)".trimmingCharacters(in: .whitespaces)
        return TransportError(
            .status(response.status.code), response.url, words.isEmpty ? "answered \(status)" : "answered \(status) (\(words))",
            code: code)
    }

    private func sendWithRetries(_ request: OutboundRequest) async throws -> InboundResponse {
        let host = Self.origin(of: request.url)
        await enter(host)
        defer { leave(host) }
        var attempt = 0
        while true {
            attempt += 1
            try await waitForTurn(host)
            let outcome: RetryPolicy.Outcome
            let result: Result<InboundResponse, TransportError>
            do throws(TransportError) {
                let response = try await base.send(authorized(request))
                let limits = RateLimitHeaders(response.headers, now: Date())
                pacers[host, default: RequestPacer(rate: rate)].note(limits, now: elapsed)
                outcome = .answered(response.status, limits)
                result = .success(response)
            } catch {
                try Task.checkCancellation()
                switch error.kind {
                case .unreachable: outcome = .failed
                case .tooSlow: outcome = .tooSlow
                default: throw error
                }
                result = .failure(error)
            }
            switch policy.decide(outcome, attempt: attempt, jitter: Double.random(in: 0...1)) {
            case .accept: return try result.get()
            case .giveUp:
                switch result {
                case .success(let response): throw Self.refusal(response)
                case .failure(let error): throw error
                }
            case .retry(let seconds):
                logger.debug(
                    "trying again", metadata: ["url": "\(request.url)", "attempt": "\(attempt)", "seconds": "\(seconds)"])
                if case .answered(let status, _) = outcome, status.code == 429 {
                    pacers[host]?.pause(until: elapsed + seconds)
                }
                try await sleep(seconds)
            }
        }
    }

    private func authorized(_ request: OutboundRequest) -> OutboundRequest {
        var request = request
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

/// The version that Weir gives itself.
public let weirVersion = "0.1.0"
