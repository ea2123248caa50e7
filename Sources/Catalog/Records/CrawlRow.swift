public import ModelPackage

/// One run over one hub, as the catalog keeps it.
public struct CrawlRow: Sendable, Equatable {
    public enum State: String, Sendable {
        case running, finished
        /// Given up for another crawl before it was complete; what it saw is kept.
        case interrupted
    }

    public var id: Int64
    public var hub: HubID
    public var source: String
    public var query: String
    /// Whether the crawl covers the whole hub, so that packages it does not list are gone.
    public var isComplete: Bool
    public var startedAt: Instant
    public var finishedAt: Instant?
    public var state: State
    public var counts: CrawlCounts
    /// Where the listing goes on, while the crawl runs.
    public var resumePoint: String?
    /// Bytes of the record file that belong to what the catalog holds.
    public var recordLength: Int64

    public init(id: Int64, hub: HubID, source: String, query: String, isComplete: Bool, startedAt: Instant) {
        self.id = id
        self.hub = hub
        self.source = source
        self.query = query
        self.isComplete = isComplete
        self.startedAt = startedAt
        state = .running
        counts = CrawlCounts()
        recordLength = 0
    }
}

/// What a crawl did. `listed` is the sum of `added`, `updated`, `unchanged` and `failed`.
public struct CrawlCounts: Sendable, Equatable {
    public var listed: Int64 = 0
    public var added: Int64 = 0
    public var updated: Int64 = 0
    public var unchanged: Int64 = 0
    public var removed: Int64 = 0
    public var failed: Int64 = 0
    /// Bytes of records as the hub gave them.
    public var bytes: Int64 = 0

    public init() {}
}

/// A record that was lost, and why.
public struct CrawlFailure: Sendable, Equatable {
    /// The package as `HUB:NAME`, where it could be named; the name may be one that no package can have.
    public let package: String?
    public let reason: String

    public init(package: String?, reason: String) {
        self.package = package
        self.reason = reason
    }
}
