import Foundation
import HTTPTypes
public import Logging
import ModelPackage
public import Storage
import Synchronization
public import Transport

/// Brings contents into the blob store over HTTP: small ones in one answer, large ones in parallel ranges that a restart goes on
/// with. Nothing is stored that is not what the hub announced.
public actor ContentFetcher {
    /// A content to fetch.
    struct Order: Sendable {
        /// What people see of it: the package and path.
        let label: String
        let url: URL
        let claim: ContentClaim
        /// What the request needs besides.
        var headers = HTTPFields()
    }

    private let store: BlobStore
    private let transport: PoliteTransport
    private let logger: Logger
    private let progress: TransferProgress
    private let streams: Int
    private let segmentSize: Int64
    private var running: [String: Task<StoredBlob, any Error>] = [:]

    /// - Parameters:
    ///   - streams: ranges of one file that are fetched at once.
    ///   - segmentSize: bytes of a range; files up to this size are fetched in one answer.
    public init(
        _ store: BlobStore, _ transport: PoliteTransport, streams: Int = 4, segmentSize: Int64 = RangedBlob.segmentSize,
        logger: Logger, progress: TransferProgress
    ) {
        self.segmentSize = segmentSize
        self.store = store
        self.transport = transport
        self.streams = streams
        self.logger = logger
        self.progress = progress
    }

    /// Fetches a content; one that another caller is fetching at the moment is waited for instead.
    ///
    /// - Returns: the content, and whether it came for this caller.
    /// - Throws: ``TransportError`` or ``StorageError`` after the last try, or `CancellationError`.
    func fetch(_ order: Order) async throws -> (blob: StoredBlob, isNew: Bool) {
        let name = order.claim.key ?? "url-\(Self.nameHash(order.url.absoluteString))"
        while let task = running[name] {
            switch await task.result {
            case .success(let blob): return (blob, false)
            // What one address could not give, another may.
            case .failure: try Task.checkCancellation()
            }
            if running[name] == task { running[name] = nil }
        }
        let work = ContentTransfer(
            order: order, name: name, store: store, transport: transport, streams: streams, segmentSize: segmentSize,
            logger: logger, progress: progress)
        let task = Task(executorPreference: BlockingExecutor.shared) { try await work.run() }
        running[name] = task
        defer { if running[name] == task { running[name] = nil } }
        let blob = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        return (blob, true)
    }

    /// A 64-bit FNV-1a hash, for the name of a content of which no hash is stated.
    private static func nameHash(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}

/// The way of one content into the store.
private struct ContentTransfer: Sendable {
    let order: ContentFetcher.Order
    let name: String
    let store: BlobStore
    let transport: PoliteTransport
    let streams: Int
    let segmentSize: Int64
    let logger: Logger
    let progress: TransferProgress

    /// Bytes that a range which broke off must have brought, not to count as a failure.
    private static let worthwhile: Int64 = 1 << 16

    /// Times that a whole content is fetched before it is given up because it is never what was announced.
    private static let tries = 2

    func run() async throws -> StoredBlob {
        progress.begin(order.label, size: order.claim.size)
        defer { progress.end(order.label) }
        var attempt = 1
        while true {
            do {
                if let size = order.claim.size, size > segmentSize, let blob = try await fetchRanges(size: size) {
                    return blob
                }
                return try await fetchWhole()
            } catch let error as StorageError {
                guard case .mismatch = error, attempt < Self.tries else { throw error }
                logger.notice("not what was announced, fetched again", metadata: ["file": "\(order.label)", "why": "\(error)"])
                attempt += 1
            }
        }
    }

    // MARK: In one answer

    private func fetchWhole() async throws -> StoredBlob {
        var attempt = 1
        while true {
            do {
                return try await transport.receive(request()) { head, body in
                    guard head.status.code == 200 else { throw PoliteTransport.refusal(head) }
                    let incoming = try IncomingBlob(store, name: name, claim: order.claim)
                    var rate = RateFloor(head.url)
                    while try await body.next({ bytes in
                        try incoming.append(bytes)
                        progress.add(bytes.count, to: order.label)
                    }) {
                        try rate.check(total: incoming.length)
                    }
                    return try incoming.finish()
                }
            } catch let error as TransportError {
                guard try await transport.waitBeforeRetry(of: error, attempt: attempt) else { throw error }
                attempt += 1
            }
        }
    }

    private func request(_ url: URL? = nil, range: Range<Int64>? = nil, validator: String? = nil) -> OutboundRequest {
        // A compressed answer would have other bytes than those that are announced.
        var request = OutboundRequest(url ?? order.url, headers: [.acceptEncoding: "identity"])
        if url == nil || url == order.url { request.privateHeaders = order.headers }
        if let range { request.headers[.range] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)" }
        if let validator { request.headers[.ifRange] = validator }
        return request
    }

    // MARK: In ranges

    /// What the first byte tells of a content.
    private struct Probe: Sendable {
        /// The address that answers, after redirects.
        let url: URL
        /// The strong validator; nil where there is none.
        let validator: String?
    }

    /// Thrown where a server's content is not the one that was begun.
    private struct ContentChanged: Error {}

    /// - Returns: nil where the server gives no ranges.
    private func fetchRanges(size: Int64) async throws -> StoredBlob? {
        for attempt in 1...Self.tries {
            guard let probe = try await probe(size: size) else { return nil }
            let blob = try RangedBlob(
                store, name: name, claim: order.claim, validator: probe.validator ?? "none", size: size, segmentSize: segmentSize)
            if blob.keptBytes > 0 {
                logger.info(
                    "goes on with what an earlier run fetched",
                    metadata: ["file": "\(order.label)", "bytes": "\(blob.keptBytes)"])
            }
            do {
                try await fill(blob, from: probe)
                return try blob.finish()
            } catch is ContentChanged {
                blob.discard()
                if attempt == Self.tries {
                    throw TransportError(.unreachable, order.url, "the file changes while it is fetched")
                }
            }
        }
        return nil
    }

    /// Asks for the first byte, which tells whether ranges are served, of what length, and where from.
    private func probe(size: Int64) async throws -> Probe? {
        var attempt = 1
        while true {
            do {
                return try await transport.receive(request(range: 0..<1)) { head, body in
                    switch head.status.code {
                    case 206:
                        var length = 0
                        while length < 1 << 16, try await body.next({ length += $0.count }) {}
                        // One byte was asked for.
                        if length > 1 { return nil }
                        let total = ContentRange(head.headers[.contentRange])?.total
                        guard total == nil || total == size else {
                            throw StorageError.mismatch(
                                what: "length", announced: "\(size) bytes", received: "\(total ?? 0) bytes")
                        }
                        return Probe(url: head.url, validator: strongValidator(head))
                    // It sends everything: then it is better taken in one answer.
                    case 200: return nil
                    default: throw PoliteTransport.refusal(head)
                    }
                }
            } catch let error as TransportError {
                guard try await transport.waitBeforeRetry(of: error, attempt: attempt) else { throw error }
                attempt += 1
            }
        }
    }

    private func strongValidator(_ head: ResponseHead) -> String? {
        head.headers[.eTag].flatMap { $0.hasPrefix("\"") ? $0 : nil }
    }

    private func fill(_ blob: RangedBlob, from probe: Probe) async throws {
        // A signed address is used until it expires, then asked for anew.
        let location = Shared(probe.url)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<streams {
                group.addTask(executorPreference: BlockingExecutor.shared) {
                    while let segment = blob.takeSegment() {
                        do {
                            try await fetch(segment, of: blob, location, validator: probe.validator)
                        } catch {
                            blob.giveBack(segment)
                            throw error
                        }
                        try blob.finish(segment)
                        try blob.hashWhatIsThere()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func fetch(
        _ segment: RangedBlob.Segment, of blob: RangedBlob, _ location: Shared<URL>, validator: String?
    ) async throws {
        let position = Shared(segment.range.lowerBound)
        var attempt = 1
        var url = location.value
        while position.value < segment.range.upperBound {
            let start = position.value
            do {
                let answered = try await transport.receive(
                    request(url, range: start..<segment.range.upperBound, validator: validator)
                ) { head, body in
                    switch head.status.code {
                    case 206: break
                    case 200, 412, 416: throw ContentChanged()
                    default: throw PoliteTransport.refusal(head)
                    }
                    guard ContentRange(head.headers[.contentRange])?.start == start,
                        validator == nil || strongValidator(head) == nil || strongValidator(head) == validator
                    else { throw ContentChanged() }
                    var rate = RateFloor(head.url)
                    while try await body.next({ bytes in
                        let offset = position.value
                        guard offset + Int64(bytes.count) <= segment.range.upperBound else { throw ContentChanged() }
                        try blob.write(bytes, at: offset)
                        position.value = offset + Int64(bytes.count)
                        progress.add(bytes.count, to: order.label)
                    }) {
                        try rate.check(total: position.value - start)
                    }
                    return head.url
                }
                location.value = answered
                // An answer that ends early without an error counts as a failure: else it could do so for ever.
                if position.value < segment.range.upperBound {
                    throw TransportError(.unreachable, order.url, "the answer ends before the range does")
                }
            } catch let error as TransportError {
                if case .status(let code) = error.kind, [400, 401, 403, 404, 410].contains(code), url != order.url {
                    // The signature has expired.
                    url = order.url
                    continue
                }
                // What came before the failure was progress, if it was worth a request.
                if position.value - start >= Self.worthwhile { attempt = 1 }
                guard try await transport.waitBeforeRetry(of: error, attempt: attempt) else { throw error }
                attempt += 1
            }
        }
    }
}

/// A value that several tasks read and write, one at a time.
private final class Shared<Value: Sendable>: Sendable {
    private let held: Mutex<Value>

    init(_ value: Value) {
        held = Mutex(value)
    }

    var value: Value {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

/// A `Content-Range` header (RFC 9110, section 14.4).
struct ContentRange: Equatable {
    let start: Int64
    let end: Int64
    /// Nil where the server does not know it.
    let total: Int64?

    init?(_ header: String?) {
        guard let header, let match = header.wholeMatch(of: /bytes ([0-9]{1,18})-([0-9]{1,18})\/([0-9]{1,18}|\*)/),
            let start = Int64(match.1), let end = Int64(match.2), start <= end
        else { return nil }
        self.start = start
        self.end = end
        total = Int64(match.3)
    }
}
