public import Foundation
public import HTTPTypes

/// What an answer says about how fast to go on.
///
/// `RateLimit` and `RateLimit-Policy` as in draft-ietf-httpapi-ratelimit-headers-09, `Retry-After` as in RFC 9110,
/// section 10.2.3.
public struct RateLimitHeaders: Sendable, Equatable {
    /// Requests left in the window.
    public var remaining: Int?
    /// Seconds until the window ends.
    public var resetAfter: Double?
    /// Requests that a window allows.
    public var quota: Int?
    /// Seconds to wait before the next try.
    public var retryAfter: Double?

    public init(_ headers: HTTPFields, now: Date) {
        for item in (headers[Self.rateLimit] ?? "").split(separator: ",") {
            let left = Self.parameter("r", in: item).flatMap { Int($0) }
            // Of several buckets the tightest counts.
            if let left, remaining.map({ left < $0 }) ?? true {
                remaining = left
                resetAfter = Self.parameter("t", in: item).flatMap { Double($0) }
            }
        }
        quota = (headers[Self.policy] ?? "").split(separator: ",").compactMap { Self.parameter("q", in: $0) }.compactMap {
            Int($0)
        }.min()
        if let text = headers[.retryAfter]?.trimmingCharacters(in: .whitespaces) {
            if let seconds = Double(text), seconds >= 0 {
                retryAfter = seconds
            } else if let date = Self.httpDate(text) {
                retryAfter = max(0, date.timeIntervalSince(now))
            }
        }
    }

    private static let rateLimit = HTTPField.Name("RateLimit")!
    private static let policy = HTTPField.Name("RateLimit-Policy")!

    private static func parameter(_ name: String, in item: Substring) -> String? {
        for part in item.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0].trimmingCharacters(in: .whitespaces) == name {
                return pair[1].trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }

    /// The form of dates that RFC 9110 tells senders to use: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func httpDate(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
