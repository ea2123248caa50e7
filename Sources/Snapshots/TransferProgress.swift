import Synchronization

/// How far a transfer has come; written by all that fetch, read by whoever shows it.
public final class TransferProgress: Sendable {
    /// A file on its way.
    public struct InFlight: Sendable, Equatable {
        public let name: String
        public let size: Int64?
        public var done: Int64
    }

    public struct State: Sendable {
        public var packages = 0
        public var files = 0
        /// Bytes that came over the network.
        public var fetchedBytes: Int64 = 0
        /// Bytes of files that were there already.
        public var heldBytes: Int64 = 0
        /// Bytes that are known to be wanted.
        public var expectedBytes: Int64 = 0
        public var inFlight: [InFlight] = []
    }

    private let state = Mutex(State())

    public init() {}

    public var current: State { state.withLock { $0 } }

    func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
    }

    /// Adds to what is to come.
    func expect(_ bytes: Int64) {
        change { $0.expectedBytes = $0.expectedBytes.addingReportingOverflow(bytes).partialValue }
    }

    func begin(_ name: String, size: Int64?) {
        state.withLock { $0.inFlight.append(InFlight(name: name, size: size, done: 0)) }
    }

    func add(_ bytes: Int, to name: String) {
        state.withLock { state in
            state.fetchedBytes += Int64(bytes)
            if let index = state.inFlight.firstIndex(where: { $0.name == name }) { state.inFlight[index].done += Int64(bytes) }
        }
    }

    func end(_ name: String) {
        state.withLock { state in
            state.inFlight.removeAll { $0.name == name }
            state.files += 1
        }
    }
}
