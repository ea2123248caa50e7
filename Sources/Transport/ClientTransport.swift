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
    private let silence: Int

    /// - Parameters:
    ///   - environment: where `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read from.
    ///   - silence: seconds without a byte after which an answer is given up.
    public init(environment: [String: String], connectionsPerHost: Int = 8, silence: Int = 60) {
        self.silence = silence
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .enabled(limit: .size(1 << 30))
        configuration.timeout = .init(connect: .seconds(Int64(Self.connectionPatience)), read: .seconds(Int64(silence)))
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

    public func receive<Result: Sendable>(
        _ request: OutboundRequest, _ use: @Sendable (ResponseHead, any ResponseBody) async throws -> Result
    ) async throws -> Result {
        var outbound = HTTPClientRequest(url: request.url.absoluteString)
        outbound.method = NIOHTTP1.HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers { outbound.headers.add(name: field.name.rawName, value: field.value) }
        if let body = request.body { outbound.body = .bytes(body, length: .known(Int64(body.count))) }
        let isDirect = proxy?.isBypassed(for: request.url.host() ?? "") ?? true
        let response: HTTPClientResponse
        do {
            response = try await (isDirect ? client : proxied ?? client).execute(outbound, timeout: .hours(24))
        } catch {
            throw Self.failure(error, request.url, silence: silence)
        }
        var headers = HTTPFields()
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        let status = HTTPResponse.Status(code: Int(response.status.code), reasonPhrase: response.status.reasonPhrase)
        return try await use(
            ResponseHead(status: status, headers: headers, url: request.url),
            ClientBody(response.body, url: request.url, silence: silence))
    }

    /// Ends all connections. The transport cannot be used afterwards.
    public func shutdown() async {
        // The process ends next; a connection that will not close has nothing left to lose.
        try? await client.shutdown()
        try? await proxied?.shutdown()
    }

    fileprivate static func failure(_ error: any Error, _ url: URL, silence: Int) -> any Error {
        if error is CancellationError { return error }
        if let error = error as? HTTPClientError {
            switch error {
            case _ where error == .connectTimeout:
                return TransportError(.unreachable, url, "no connection within \(connectionPatience) seconds")
            case _ where error == .readTimeout: return TransportError(.tooSlow, url, "no data for \(silence) seconds")
            case _ where error == .deadlineExceeded: return TransportError(.tooSlow, url, "no whole answer within 24 hours")
            case _ where error == .remoteConnectionClosed: return TransportError(.unreachable, url, cutShort)
            case _ where error == .cancelled: return CancellationError()
            default: return TransportError(.unreachable, url, error.shortDescription)
            }
        }
        if let error = error as? HTTPParserError, error == .invalidEOFState { return TransportError(.unreachable, url, cutShort) }
        if let error = error as? NIOConnectionError {
            return TransportError(.unreachable, url, "cannot connect to \(error.host):\(error.port)")
        }
        return TransportError(.unreachable, url, "\(error)".split(separator: "\n").first.map(String.init) ?? "failed")
    }

    private static let connectionPatience = 15
    private static let cutShort = "the connection was cut before the answer was whole"
}

/// A body of AsyncHTTPClient.
private final class ClientBody: ResponseBody {
    private var parts: HTTPClientResponse.Body.AsyncIterator
    private let url: URL
    private let silence: Int

    init(_ body: HTTPClientResponse.Body, url: URL, silence: Int) {
        parts = body.makeAsyncIterator()
        self.url = url
        self.silence = silence
    }

    func next(_ use: (UnsafeRawBufferPointer) throws -> Void) async throws -> Bool {
        let part: ByteBuffer?
        do {
            part = try await parts.next()
        } catch {
            throw ClientTransport.failure(error, url, silence: silence)
        }
        guard let part else { return false }
        try part.withUnsafeReadableBytes(use)
        return true
    }
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
