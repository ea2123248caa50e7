/// When the next request to a host may go out: a token bucket for the rate that the user set, and the pace that the
/// host's own headers ask for. Pure: it is given the time.
struct RequestPacer: Sendable {
    /// Seconds between two requests, by the user's `--rate`.
    private let interval: Double
    /// Requests that may go out at once after a pause.
    private let burst = 4.0
    private var tokens: Double
    private var lastRefill = 0.0
    private var notBefore = 0.0
    private var hostInterval = 0.0

    /// - Parameter rate: requests a second, or nil for no limit.
    init(rate: Double?) {
        interval = rate.map { 1 / max($0, 0.001) } ?? 0
        tokens = burst
    }

    /// The time at which a request that wants to go out `now` may do so. Reserves its place.
    mutating func reserve(now: Double) -> Double {
        var start = max(now, notBefore)
        if interval > 0 {
            tokens = min(burst, tokens + (start - lastRefill) / interval)
            lastRefill = start
            if tokens < 1 {
                start += (1 - tokens) * interval
                lastRefill = start
                tokens = 1
            }
            tokens -= 1
        }
        if hostInterval > 0 { notBefore = start + hostInterval }
        return start
    }

    /// Takes in what an answer says: an empty window stops the host until it ends; a window that is nearly empty spreads what
    /// is left over the time that is left.
    mutating func note(_ limits: RateLimitHeaders, now: Double) {
        hostInterval = 0
        guard let remaining = limits.remaining, let reset = limits.resetAfter else { return }
        if remaining <= 0 {
            notBefore = max(notBefore, now + reset)
        } else if let quota = limits.quota, remaining * 10 <= quota {
            hostInterval = reset / Double(remaining)
            notBefore = max(notBefore, now + hostInterval)
        }
    }

    /// Stops the host for a while, after it said that it has had enough.
    mutating func pause(until time: Double) {
        notBefore = max(notBefore, time)
    }
}
