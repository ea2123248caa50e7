import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix

/// The network itself, through AsyncHTTPClient: HTTP/1.1 and HTTP/2, compressed answers, proxies from the environment.
public struct ClientTransport: HTTPTransport {
    private let client: HTTPClient
    private let proxied: HTTPClient?
    private let proxy: ProxySettings?

    /// - Parameter environment: where `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read from.
    public init(environment: [String: String], connectionsPerHost: Int = 8) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .enabled(limit: .size(1 << 30))
        configuration.timeout = .init(connect: .seconds(15), read: .seconds(Self.silence))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
        // A retry is PoliteTransport's to decide.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
        proxy = ProxySettings(environment: environment)
        if let proxy {
            configuration.proxy =
                if let user = proxy.userName {
                    .server(
                        host: proxy.host, port: proxy.port, authorization: .basic(username: user, password: proxy.password ?? ""))
                } else {
                    .server(host: proxy.host, port: proxy.port)
                }
            proxied = HTTPClient(configuration: configuration)
        } else {
            proxied = nil
        }
    }

    public func send(_ request: OutboundRequest) async throws(TransportError) -> InboundResponse {
        var outbound = HTTPClientRequest(url: request.url.absoluteString)
        outbound.method = NIOHTTP1.HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers { outbound.headers.add(name: field.name.rawName, value: field.value) }
        if let body = request.body { outbound.body = .bytes(body, length: .known(Int64(body.count))) }
        let isDirect = proxy?.isBypassed(for: request.url.host() ?? "") ?? true
        do {
            let response = try await (isDirect ? client : proxied ?? client).execute(outbound, timeout: .minutes(10))
            var headers = HTTPFields()
            for (name, value) in response.headers {
                if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
            }
            let status = HTTPResponse.Status(code: Int(response.status.code), reasonPhrase: response.status.reasonPhrase)
            return InboundResponse(
                status: status, headers: headers, body: try await body(of: response, for: request), url: request.url)
        } catch let error as TransportError {
            throw error
        } catch {
            let isSilent = (error as? HTTPClientError).map { $0 == .readTimeout || $0 == .deadlineExceeded } ?? false
            throw TransportError(isSilent ? .tooSlow : .unreachable, request.url, Self.describe(error))
        }
    }

    private func body(of response: HTTPClientResponse, for request: OutboundRequest) async throws -> [UInt8] {
        var body: [UInt8] = []
        let start = ContinuousClock.now
        for try await part in response.body {
            body.append(contentsOf: part.readableBytesView)
            guard body.count <= request.maximumBodySize else {
                throw TransportError(
                    .bodyTooLarge, request.url, "the answer is longer than \(request.maximumBodySize) bytes")
            }
            let seconds = start.duration(to: .now) / .seconds(1)
            if seconds > Self.patience, Double(body.count) < seconds * Self.slowestRate {
                throw TransportError(
                    .tooSlow, request.url, "the answer comes slower than \(Int(Self.slowestRate)) bytes a second")
            }
        }
        return body
    }

    /// Seconds before an answer's rate is looked at.
    private static let patience = 30.0
    /// Bytes a second below which an answer is given up: it would hold the place of one that comes.
    private static let slowestRate = 500.0

    /// Ends all connections. The transport cannot be used afterwards.
    public func shutdown() async {
        // The process ends next; a connection that will not close has nothing left to lose.
        try? await client.shutdown()
        try? await proxied?.shutdown()
    }

    private static func describe(_ error: any Error) -> String {
        if let error = error as? HTTPClientError {
            switch error {
            case _ where error == .connectTimeout: return "no connection within 15 seconds"
            case _ where error == .readTimeout: return "no data for \(silence) seconds"
            case _ where error == .deadlineExceeded: return "no whole answer within 10 minutes"
            case _ where error == .remoteConnectionClosed: return cutShort
            case _ where error == .cancelled: return "the request was cancelled"
            default: return error.shortDescription
            }
        }
        if let error = error as? HTTPParserError, error == .invalidEOFState { return cutShort }
        if let error = error as? NIOConnectionError { return "cannot connect to \(error.host):\(error.port)" }
        if error is CancellationError { return "the request was cancelled" }
        return "\(error)".split(separator: "\n").first.map(String.init) ?? "failed"
    }

    /// Seconds without a byte after which an answer is given up.
    private static let silence: Int64 = 60
    private static let cutShort = "the connection was cut before the answer was whole"
}

/// The proxy that the environment names, in the way curl and Python read it.
struct ProxySettings: Sendable, Equatable {
    let host: String
    let port: Int
    let userName: String?
    let password: String?
    private let exceptions: [String]

    /// Nil where no proxy is named, or not in a form that can be used.
    init?(environment: [String: String]) {
        func value(_ name: String) -> String? {
            let value = environment[name.lowercased()] ?? environment[name]
            return value.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let text = value("HTTPS_PROXY") ?? value("HTTP_PROXY") ?? value("ALL_PROXY"),
            let url = URL(string: text.contains("://") ? text : "http://\(text)"), let host = url.host()
        else { return nil }
        self.host = host
        port = url.port ?? 3128
        userName = url.user(percentEncoded: false)
        password = url.password(percentEncoded: false)
        exceptions = (value("NO_PROXY") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    }

    /// Whether a host is reached directly: this machine, or what `NO_PROXY` names.
    func isBypassed(for host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host.hasPrefix("127.") || host == "::1" { return true }
        return exceptions.contains { exception in
            let suffix =
                exception.hasPrefix("*.")
                ? String(exception.dropFirst(2)) : exception.hasPrefix(".") ? String(exception.dropFirst()) : exception
            return exception == "*" || host == suffix || host.hasSuffix("." + suffix)
        }
    }
}
