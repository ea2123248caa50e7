public import Foundation
import HTTPTypes
public import Logging
import ModelPackage
public import Storage
public import Transport

/// Fetches contents that somebody waits for: from the first byte to the last, readable as they come, each once however many wait.
///
/// A server that dies half way is asked for the rest; what is not what was announced is never stored, nor given out whole.
public actor StreamedFetch {
    private let store: BlobStore
    private let transport: PoliteTransport
    private let logger: Logger
    private var running: [String: GrowingBlob] = [:]

    public init(_ store: BlobStore, _ transport: PoliteTransport, logger: Logger) {
        self.store = store
        self.transport = transport
        self.logger = logger
    }

    /// The content at an address, on its way.
    ///
    /// - Parameters:
    ///   - claim: what was announced; a size, and a SHA-256 or a git id.
    ///   - stored: told the content when it is in the store.
    /// - Throws: ``StorageError`` where nothing can be written.
    public func content(
        _ url: URL, claim: ContentClaim, stored: @escaping @Sendable (StoredBlob) -> Void
    ) throws -> GrowingBlob {
        let name = claim.key ?? url.absoluteString
        if let known = running[name] { return known }
        let blob = try GrowingBlob(store, name: "stream-\(UUID().uuidString)", claim: claim)
        running[name] = blob
        Task(executorPreference: BlockingExecutor.shared) {
            await self.run(url, blob, stored)
            await self.end(name, blob)
        }
        return blob
    }

    private func end(_ name: String, _ blob: GrowingBlob) {
        if running[name] === blob { running[name] = nil }
    }

    private nonisolated func run(_ url: URL, _ blob: GrowingBlob, _ stored: @Sendable (StoredBlob) -> Void) async {
        do {
            try await fetch(url, blob)
            let content = try blob.finish()
            try store.flushFolders(of: [content.hash])
            stored(content)
        } catch {
            logger.notice("a content could not be had", metadata: ["url": "\(url)", "why": "\(error)"])
            blob.fail(error)
        }
    }

    private nonisolated func fetch(_ url: URL, _ blob: GrowingBlob) async throws {
        var attempt = 1
        while true {
            let start = blob.length
            do {
                try await request(url, from: start, blob)
                guard let size = blob.claim.size, blob.length < size else { return }
                throw TransportError(.unreachable, url, "the answer ends early")
            } catch let error as TransportError {
                if blob.length > start { attempt = 1 }
                guard try await transport.waitBeforeRetry(of: error, attempt: attempt) else { throw error }
                attempt += 1
            }
        }
    }

    private nonisolated func request(_ url: URL, from start: Int64, _ blob: GrowingBlob) async throws {
        var request = OutboundRequest(url, headers: [.acceptEncoding: "identity"])
        if start > 0 { request.headers[.range] = "bytes=\(start)-" }
        try await transport.receive(request) { head, body in
            let skipped: Int64
            switch head.status.code {
            // All of it once more: what is here already is passed over. Whether it is still the same shows at the end.
            case 200: skipped = start
            case 206 where ContentRange(head.headers[.contentRange])?.start == start: skipped = 0
            default: throw PoliteTransport.refusal(head)
            }
            var rate = RateFloor(head.url)
            var position: Int64 = 0
            while try await body.next({ bytes in
                let isNew = position + Int64(bytes.count) > skipped
                let from = Int(max(0, skipped - position))
                position += Int64(bytes.count)
                if isNew { try blob.append(Array(bytes[from...])) }
            }) {
                try rate.check(total: position)
            }
        }
    }
}
