import Synchronization

/// Values that are kept as long as there is room, and as long as the catalog they were made from has not changed.
final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let value: Value
        let cost: Int
        var lastUse: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var cost = 0
        var clock: UInt64 = 0
        var version: Int64 = -1
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: the sum of the costs of all that is kept, at most.
    init(capacity: Int) {
        self.capacity = capacity
    }

    func value(_ key: Key, version: Int64) -> Value? {
        state.withLock { state in
            guard state.version == version else { return nil }
            state.clock += 1
            state.entries[key]?.lastUse = state.clock
            return state.entries[key]?.value
        }
    }

    func keep(_ value: Value, for key: Key, cost: Int = 1, version: Int64) {
        guard cost <= capacity / 4 else { return }
        state.withLock { state in
            if state.version != version {
                // An answer that was begun before a change must not outlive it.
                guard version > state.version else { return }
                state.entries.removeAll(keepingCapacity: true)
                state.cost = 0
                state.version = version
            }
            state.clock += 1
            state.cost += cost - (state.entries[key]?.cost ?? 0)
            state.entries[key] = Entry(value: value, cost: cost, lastUse: state.clock)
            if state.cost > capacity { Self.makeRoom(&state, capacity / 2) }
        }
    }

    /// Drops what was not used for the longest time.
    private static func makeRoom(_ state: inout State, _ wanted: Int) {
        for (key, entry) in state.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            if state.cost <= wanted { return }
            state.entries[key] = nil
            state.cost -= entry.cost
        }
    }
}
