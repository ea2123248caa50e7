public import Foundation

/// Notices an answer that comes too slowly: it would hold the place of one that comes.
public struct RateFloor {
    private let url: URL
    private var windowStart = ContinuousClock.now
    private var totalAtStart: Int64 = 0

    /// Seconds over which the rate is looked at.
    private static let window = 30.0
    /// Bytes a second.
    private static let slowestRate = 500.0

    public init(_ url: URL) {
        self.url = url
    }

    /// - Parameter total: bytes of the answer so far.
    /// - Throws: ``TransportError`` with kind `tooSlow`.
    public mutating func check(total: Int64) throws(TransportError) {
        let now = ContinuousClock.now
        let seconds = windowStart.duration(to: now) / .seconds(1)
        guard seconds > Self.window else { return }
        guard Double(total - totalAtStart) >= seconds * Self.slowestRate else {
            throw TransportError(.tooSlow, url, "the answer comes slower than \(Int(Self.slowestRate)) bytes a second")
        }
        windowStart = now
        totalAtStart = total
    }
}
