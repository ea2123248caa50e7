import Documents
import Foundation
import HTTPTypes
import ModelPackage
import Transport

/// Where a hub's texts are: an address that answers over HTTP, or a folder.
struct HubLocation: Sendable {
    enum Place: Sendable {
        case web(URL)
        case folder(URL)
    }

    let hub: HubID
    let place: Place
    private let transport: PoliteTransport

    init(hub: HubID, place: Place, transport: PoliteTransport) {
        self.hub = hub
        self.place = place
        self.transport = transport
    }

    /// The text at a path, or nil where there is none.
    ///
    /// - Throws: ``HubError`` where it cannot be known whether there is one.
    func text(_ path: String, limit: Int = 16 << 20) async throws -> [UInt8]? {
        switch place {
        case .web(let base):
            guard let url = URL(string: path, relativeTo: base)?.absoluteURL else { return nil }
            let request = OutboundRequest(
                url, headers: [.accept: "application/json, text/plain;q=0.9", .referer: base.absoluteString],
                maximumBodySize: limit)
            do {
                let response = try await transport.send(request)
                switch response.status.code {
                case 200: return response.body
                case 404, 410: return nil
                default: throw PoliteTransport.refusal(response)
                }
            } catch let error as TransportError {
                throw HubError(describing: error, source: base.absoluteString, hub: hub)
            }
        case .folder(let root):
            let parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
            guard !parts.contains(".."), !parts.contains(where: { $0.contains("/") }) else { return nil }
            return try LocalFile.contents(of: parts.joined(separator: "/"), in: root, limit: limit, hub)
        }
    }
}

/// Runs `work` on many values, some at once, and gives the results in order.
func mapConcurrently<Value: Sendable, Result: Sendable>(
    _ values: [Value], jobs: Int, _ work: @escaping @Sendable (Value) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results: [Result?] = Array(repeating: nil, count: values.count)
        var started = 0
        func startNext() {
            guard started < values.count else { return }
            let number = started
            started += 1
            group.addTask { (number, try await work(values[number])) }
        }
        for _ in 0..<max(1, jobs) { startNext() }
        while let (number, result) = try await group.next() {
            results[number] = result
            startNext()
        }
        return results.compactMap { $0 }
    }
}

/// The owner and repository that an address on a code host names; nil for any other address.
public struct RepositoryName: Equatable, Sendable {
    public let owner: String
    public let name: String
    private let host: String

    /// Where git finds it.
    public var address: String { "https://\(host)/\(owner)/\(name)" }

    public init?(url: String) {
        guard let parts = URLComponents(string: url), let host = parts.host?.lowercased(),
            ["github.com", "www.github.com", "gitlab.com", "bitbucket.org"].contains(host)
        else { return nil }
        let path = parts.path.split(separator: "/").map(String.init)
        guard path.count >= 2, !path[..<2].contains(where: { $0 == "." || $0 == ".." }) else { return nil }
        self.host = host
        owner = path[0]
        name = path[1].hasSuffix(".git") ? String(path[1].dropLast(4)) : path[1]
    }
}

/// An address without the user name and password that it may hold: what may be kept and shown.
public func withoutCredentials(_ location: String) -> String {
    guard location.contains("@"), var parts = URLComponents(string: location), parts.user != nil || parts.password != nil else {
        return location
    }
    parts.user = nil
    parts.password = nil
    return parts.string ?? location
}
