import HTTPTypes

/// When a request is tried again, and after how long. Pure: it is told what happened and answers with what to do.
public struct RetryPolicy: Sendable {
    public var maximumAttempts = 6
    /// Seconds before the second try; doubled for each further one.
    var firstDelay = 0.5
    var longestDelay = 30.0
    /// The longest wait that a server may ask for: its windows are five minutes.
    public var longestObeyedDelay = 330.0

    /// Tries of what comes too slowly: each may have taken minutes.
    var maximumSlowAttempts = 2

    /// Answers that may be other ones next time.
    static let triedAgain: Set<Int> = [408, 429, 500, 502, 503, 504]

    public init() {}

    enum Outcome {
        case failed
        case tooSlow
        case answered(HTTPResponse.Status, RateLimitHeaders)
    }

    enum Decision: Equatable {
        case accept
        case retry(afterSeconds: Double)
        case giveUp
    }

    /// - Parameters:
    ///   - attempt: tries made so far, from 1.
    ///   - jitter: a random number from 0 to 1, so that many clients do not come back at once.
    func decide(_ outcome: Outcome, attempt: Int, jitter: Double) -> Decision {
        let backOff = min(longestDelay, firstDelay * Double(1 << min(attempt - 1, 16))) * (0.5 + jitter / 2)
        switch outcome {
        case .tooSlow: return attempt < maximumSlowAttempts ? .retry(afterSeconds: backOff) : .giveUp
        case .failed: return attempt < maximumAttempts ? .retry(afterSeconds: backOff) : .giveUp
        case .answered(let status, let limits):
            guard Self.triedAgain.contains(status.code) else { return .accept }
            guard attempt < maximumAttempts else { return .giveUp }
            if status.code == 429, limits.remaining == 0, let reset = limits.resetAfter {
                return obey(reset + 1)
            }
            if let retryAfter = limits.retryAfter { return obey(retryAfter) }
            return .retry(afterSeconds: backOff)
        }
    }

    private func obey(_ seconds: Double) -> Decision {
        seconds <= longestObeyedDelay ? .retry(afterSeconds: seconds) : .giveUp
    }
}
