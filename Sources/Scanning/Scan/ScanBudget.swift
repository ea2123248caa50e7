import ModelFormats
import Synchronization

/// What is left of a file's time and bytes, shared by all its parts.
final class ScanBudget: Sendable {
    private struct State {
        var bytes: Int
        var members: Int
    }

    private let deadline: ContinuousClock.Instant
    private let limits: ScanLimits
    private let state: Mutex<State>

    init(_ limits: ScanLimits) {
        self.limits = limits
        deadline = .now + .milliseconds(Int(max(0, min(limits.seconds, 1e9)) * 1000))
        state = Mutex(State(bytes: limits.bytes, members: limits.members))
    }

    func checkTime() throws {
        if ContinuousClock.now > deadline {
            throw ScanLimitReached(description: "it takes longer than \(limits.seconds.formatted()) seconds")
        }
    }

    /// Takes what a part unpacks to.
    func unpack(_ count: Int) throws {
        try checkTime()
        let isOver = state.withLock { state in
            state.bytes -= min(count, state.bytes + 1)
            return state.bytes < 0
        }
        if isOver { throw ScanLimitReached(description: "its parts unpack to more than \(limits.bytes) bytes") }
    }

    func member() throws {
        try checkTime()
        let isOver = state.withLock { state in
            state.members -= 1
            return state.members < 0
        }
        if isOver { throw ScanLimitReached(description: "its archives have more than \(limits.members) members") }
    }
}

extension Double {
    fileprivate func formatted() -> String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}

/// A source that lets nobody read on when a file's time is over. Every reader asks for its bytes in windows; these are kept short for that.
final class GuardedSource: ByteSource {
    private let whole: any ByteSource
    private let budget: ScanBudget

    private static let longestWindow = 256 << 10

    init(_ whole: any ByteSource, _ budget: ScanBudget) {
        self.whole = whole
        self.budget = budget
    }

    var size: Int { whole.size }
    var isDistant: Bool { whole.isDistant }

    func window(covering range: Range<Int>) throws -> ByteWindow {
        try budget.checkTime()
        let window = try whole.window(covering: range)
        let end = min(window.end, max(range.upperBound, range.lowerBound + Self.longestWindow))
        guard end < window.end else { return window }
        return ByteWindow(start: range.lowerBound, bytes: window.slice(range.lowerBound..<end))
    }
}
