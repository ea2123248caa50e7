public import Hummingbird
public import NIOCore
import Synchronization

/// What a request is answered with besides itself: its connection, and who asks.
public protocol MirrorRequestContext: RequestContext {
    var channel: any Channel { get }
    var caller: Caller { get }
    var exchange: ExchangeRecord { get }
}

/// What became of one request, for the log: bytes are counted as they go.
public final class ExchangeRecord: Sendable {
    private let count = Atomic<Int64>(0)

    public init() {}

    /// Bytes of files that were sent.
    public var sentBytes: Int64 { count.load(ordering: .relaxed) }

    func add(bytes: Int64) {
        count.add(bytes, ordering: .relaxed)
    }
}
