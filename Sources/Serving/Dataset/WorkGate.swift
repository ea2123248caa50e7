import Storage
import Synchronization

/// Lets so many pieces of blocking work run side by side and the others wait their turn, up to a bound.
///
/// Queries and reads of the disk hold a thread. The threads that answer requests must not be those.
final class WorkGate: Sendable {
    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var next = 0
    }

    private let state = Mutex(State())
    private let width: Int
    private let longestQueue: Int

    init(width: Int, longestQueue: Int = 20_000) {
        self.width = width
        self.longestQueue = longestQueue
    }

    /// - Throws: ``ServerBusy`` where too many wait already, or what `work` throws.
    func run<Result: Sendable>(_ work: @Sendable @escaping () throws -> Result) async throws -> Result {
        try await enter()
        defer { leave() }
        return try await Task(executorPreference: BlockingExecutor.shared) { try work() }.value
    }

    /// Waits for a turn, which ends with ``leave()``.
    ///
    /// - Throws: ``ServerBusy`` where too many wait already.
    func enter() async throws {
        let isFull = state.withLock { $0.waiting.count - $0.next >= longestQueue }
        if isFull { throw ServerBusy() }
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state in
                if state.running < width {
                    state.running += 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if mayGo { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.next < state.waiting.count else {
                state.running -= 1
                return nil
            }
            let first = state.waiting[state.next]
            state.next += 1
            // What was let in is dropped from time to time, not each time.
            if state.next > 1024, state.next * 2 > state.waiting.count {
                state.waiting.removeFirst(state.next)
                state.next = 0
            }
            return first
        }
        next?.resume()
    }
}

/// More is asked for at once than can be answered.
struct ServerBusy: Error {}
