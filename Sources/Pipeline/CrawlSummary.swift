import Catalog
import Documents
import ModelPackage

/// What a record file says about its crawl, in its first frame and (with how it ended) in its last.
struct CrawlSummary: Equatable, Sendable {
    var crawl: Int64
    var hub: HubID
    var source: String
    var query: String
    var isComplete: Bool
    var startedAt: Instant
    var finishedAt: Instant?
    var state: CrawlRow.State

    init(_ crawl: CrawlRow) {
        self.crawl = crawl.id
        hub = crawl.hub
        source = crawl.source
        query = crawl.query
        isComplete = crawl.isComplete
        startedAt = crawl.startedAt
        finishedAt = crawl.finishedAt
        state = crawl.state
    }

    /// Nil for a text that is no such summary.
    init?(json: [UInt8]) {
        guard let root = try? JSONDocument(json).root, let crawl = root["crawl"]?.int64,
            let hub = root["hub"]?.string.flatMap({ HubID(rawValue: $0) }), let source = root["source"]?.string,
            let query = root["query"]?.string, let isComplete = root["complete"]?.bool,
            let startedAt = root["started_at"]?.string.flatMap({ Instant(iso8601: $0) }),
            let state = root["state"]?.string.flatMap({ CrawlRow.State(rawValue: $0) })
        else { return nil }
        self.crawl = crawl
        self.hub = hub
        self.source = source
        self.query = query
        self.isComplete = isComplete
        self.startedAt = startedAt
        finishedAt = root["finished_at"]?.string.flatMap { Instant(iso8601: $0) }
        self.state = state
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("crawl", crawl)
            object.member("hub", hub.rawValue)
            object.member("source", source)
            object.member("query", query)
            object.member("complete", isComplete)
            object.member("started_at", startedAt.description)
            object.member("finished_at", finishedAt?.description)
            object.member("state", state.rawValue)
        }
        return writer.bytes
    }
}
