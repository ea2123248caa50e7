public import Foundation
public import HTTPTypes

/// A request to the outside.
public struct OutboundRequest: Sendable {
    public var method: HTTPRequest.Method
    public var url: URL
    public var headers: HTTPFields
    /// Headers for the host of ``url`` alone: no redirect to another host takes them along.
    public var privateHeaders: HTTPFields = [:]
    public var body: [UInt8]?
    /// The longest body that is taken as an answer.
    public var maximumBodySize: Int

    public init(
        _ url: URL, method: HTTPRequest.Method = .get, headers: HTTPFields = [:], body: [UInt8]? = nil,
        maximumBodySize: Int = 256 << 20
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.maximumBodySize = maximumBodySize
    }
}

/// An answer with its whole body.
public struct InboundResponse: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: [UInt8]
    /// The address that answered, after redirects.
    public var url: URL
    /// The redirects that led there, as addresses.
    public var redirects: [URL] = []

    public init(status: HTTPResponse.Status, headers: HTTPFields, body: [UInt8], url: URL) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
    }

    var head: ResponseHead { ResponseHead(status: status, headers: headers, url: url) }
}

/// What comes before an answer's body.
public struct ResponseHead: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    /// The address that answered, after redirects.
    public var url: URL

    public init(status: HTTPResponse.Status, headers: HTTPFields, url: URL) {
        self.status = status
        self.headers = headers
        self.url = url
    }
}

/// An answer's body as it comes. To be read once, by one task.
public protocol ResponseBody: AnyObject {
    /// Waits for the next piece and calls `use` with its bytes; false after the last one.
    ///
    /// - Throws: ``TransportError`` where the rest does not come; what `use` throws.
    func next(_ use: (UnsafeRawBufferPointer) throws -> Void) async throws -> Bool
}

/// The narrow door to the network: one request, one answer; no retries, no redirects, no credentials of its own.
///
/// ``PoliteTransport`` wraps it with manners.
public protocol HTTPTransport: Sendable {
    /// Sends a request and hands its answer over when the head is there. The connection is given up when `use` returns before the
    /// body has ended.
    ///
    /// - Throws: ``TransportError`` where no answer came; what `use` throws.
    func receive<Result: Sendable>(
        _ request: OutboundRequest, _ use: @Sendable (ResponseHead, any ResponseBody) async throws -> Result
    ) async throws -> Result
}

/// Why a request has no good answer: what was asked, what happened.
public struct TransportError: Error, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// No answer, or half of one.
        case unreachable
        /// An answer that came too slowly, or stopped coming.
        case tooSlow
        case redirectLoop
        case refusedRedirect
        case bodyTooLarge
        /// An answer that says no.
        case status(Int)
    }

    public let kind: Kind
    public let url: URL
    public let reason: String
    /// What the answer's header `X-Error-Code` says, where there is one.
    public let code: String?

    public init(_ kind: Kind, _ url: URL, _ reason: String, code: String? = nil) {
        self.kind = kind
        self.url = url
        self.reason = reason
        self.code = code
    }

    public var description: String { "\(url.absoluteString): \(reason)" }
}

/// Whether an address stays on this machine, where a credential may go over plain HTTP.
func isLoopback(_ url: URL) -> Bool {
    guard let host = url.host(percentEncoded: false)?.lowercased() else { return false }
    return host == "localhost" || host == "::1" || host == "[::1]"
        || (host.hasPrefix("127.") && host.split(separator: ".").count == 4)
}
