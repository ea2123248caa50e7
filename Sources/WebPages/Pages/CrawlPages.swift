public import ModelPackage

/// One run over a hub.
public struct CrawlSummary: Sendable {
    public enum State: String, Sendable {
        case running, finished, interrupted
    }

    public var id: Int64
    public var hub: HubID
    public var source: String
    public var startedAt: Instant
    public var finishedAt: Instant?
    public var state: State
    public var listed: Int64
    public var added: Int64
    public var updated: Int64
    public var unchanged: Int64
    public var removed: Int64
    public var failed: Int64
    /// Bytes of records as the hub gave them.
    public var bytes: Int64

    public init(
        id: Int64, hub: HubID, source: String, startedAt: Instant, finishedAt: Instant?, state: State, listed: Int64,
        added: Int64,
        updated: Int64, unchanged: Int64, removed: Int64, failed: Int64, bytes: Int64
    ) {
        self.id = id
        self.hub = hub
        self.source = source
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.state = state
        self.listed = listed
        self.added = added
        self.updated = updated
        self.unchanged = unchanged
        self.removed = removed
        self.failed = failed
        self.bytes = bytes
    }
}

/// What one crawl's page shows.
public struct CrawlPage: Sendable {
    /// A record that was lost, and why.
    public struct Failure: Sendable {
        /// `HUB:NAME`, where it could be named; may be a name that no package can have.
        public var package: String?
        public var reason: String

        public init(package: String?, reason: String) {
            self.package = package
            self.reason = reason
        }
    }

    public var crawl: CrawlSummary
    /// The first of the failures, in the order in which they came; `crawl.failed` says how many there are.
    public var failures: [Failure]

    public init(crawl: CrawlSummary, failures: [Failure]) {
        self.crawl = crawl
        self.failures = failures
    }
}
