public import Catalog
import Foundation
public import Hubs
public import Logging
public import ModelPackage
public import Storage

/// Crawls a hub into a dataset: lists, keeps the records, brings the packages into the catalog.
///
/// A crawl that was cut off, however, goes on where the catalog left it when the same pull is run again: records are on the disk
/// before the catalog counts them, and every count is kept with the rows it counts.
public struct Pull: Sendable {
    public let dataset: DatasetDirectory
    public let hub: any ModelHub
    public let query: ListingQuery
    private let logger: Logger
    private let now: @Sendable () -> Instant
    private let progress: @Sendable (PullProgress) -> Void

    public init(
        _ dataset: DatasetDirectory, from hub: any ModelHub, _ query: ListingQuery, logger: Logger,
        now: @escaping @Sendable () -> Instant = { .now },
        progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
    ) {
        self.dataset = dataset
        self.hub = hub
        self.query = query
        self.logger = logger
        self.now = now
        self.progress = progress
    }

    /// Runs the crawl to its end.
    ///
    /// - Throws: ``StorageError``, ``CatalogError`` or ``HubError``, or `CancellationError`; what was done stays done.
    public func run() async throws -> PullReport {
        let start = ContinuousClock.now
        try dataset.create()
        let lock = try DatasetLock(dataset)
        let catalog = try CatalogDatabase(writingTo: dataset.catalog.path)
        let report = try await crawl(catalog, start: start)
        try catalog.checkpoint()
        try catalog.close()
        _ = consume lock
        return report
    }

    private func crawl(_ catalog: CatalogDatabase, start: ContinuousClock.Instant) async throws -> PullReport {
        let unfinished = try unfinishedCrawl(catalog)
        if let ended = unfinished, ended.state != .running {
            return try report(ended, catalog, start: start, wasResumed: true)
        }
        let (running, listing) =
            if let resumed = try await resume(unfinished) { resumed } else { try await begin(catalog, after: unfinished) }
        let ended = try await withCheckpoints(of: catalog) { committed in
            try await ingest(listing, into: catalog, running, committed)
        }
        return try report(ended, catalog, start: start, wasResumed: running.id == unfinished?.id)
    }

    /// Goes on with a crawl, where it is one like this and its source is as it was.
    private func resume(_ crawl: CrawlRow?) async throws -> (CrawlRow, any HubListing)? {
        guard let crawl, isLikeThis(crawl) else { return nil }
        let gathered = dataset.unfinishedRecordFile(hub: hub.id, crawl: crawl.id)
        guard crawl.recordLength == 0 || FileManager.default.fileExists(atPath: gathered.path) else { return nil }
        do {
            return (crawl, try await hub.listing(query, after: crawl.resumePoint))
        } catch let error as HubError where error.kind == .changedSource {
            logger.notice("the source has changed: the crawl begins anew")
            return nil
        }
    }

    /// Begins a crawl when the hub has given its first page. Only then is one that another pull left ended: a pull that reads nothing
    /// changes nothing.
    private func begin(_ catalog: CatalogDatabase, after unfinished: CrawlRow?) async throws -> (CrawlRow, any HubListing) {
        let listing = StartedListing(try await hub.listing(query, after: nil))
        try await listing.readFirstPage()
        if let unfinished {
            logger.notice("crawl \(unfinished.id), which was not complete, is ended; its records are kept")
            try interrupt(unfinished, catalog)
        }
        let crawl = try catalog.beginCrawl(
            hub: hub.id, source: hub.source, query: query.summary, isComplete: query.isComplete, at: now())
        return (crawl, listing)
    }

    private func isLikeThis(_ crawl: CrawlRow) -> Bool { crawl.source == hub.source && crawl.query == query.summary }

    /// The crawl that an earlier pull of this hub left. One that had only its last note to write gets it, and counts as the answer
    /// where it is like this one.
    private func unfinishedCrawl(_ catalog: CatalogDatabase) throws -> CrawlRow? {
        guard let crawl = try catalog.runningCrawl(of: hub.id) else { return nil }
        guard FileManager.default.fileExists(atPath: dataset.recordFile(hub: hub.id, crawl: crawl.id).path) else { return crawl }
        let ingest = CatalogIngest(catalog, crawl: crawl)
        try ingest.finish(at: now())
        return isLikeThis(crawl) ? ingest.crawl : nil
    }

    /// Ends a crawl that nothing will go on with; its records are kept.
    private func interrupt(_ crawl: CrawlRow, _ catalog: CatalogDatabase) throws {
        let ingest = CatalogIngest(catalog, crawl: crawl)
        var ended = crawl
        ended.state = .interrupted
        ended.finishedAt = now()
        let path = dataset.unfinishedRecordFile(hub: crawl.hub, crawl: crawl.id).path
        if FileManager.default.fileExists(atPath: path) {
            var records = try RecordFileWriter(
                dataset, hub: crawl.hub, crawl: crawl.id, length: crawl.recordLength, header: CrawlSummary(crawl).json)
            try records.finish(summary: CrawlSummary(ended).json)
        }
        try ingest.finish(at: ended.finishedAt ?? now(), state: .interrupted)
    }

    private func ingest(
        _ listing: any HubListing, into catalog: CatalogDatabase, _ crawl: CrawlRow, _ committed: AsyncStream<Void>.Continuation
    ) async throws -> CrawlRow {
        var records = try RecordFileWriter(
            dataset, hub: hub.id, crawl: crawl.id, length: crawl.recordLength, header: CrawlSummary(crawl).json)
        let ingest = CatalogIngest(catalog, crawl: crawl)
        let reader = recordReader(for: hub.id)
        let hub = hub.id
        report(ingest.crawl.counts, listing)
        do {
            try await runOrderedStages(
                width: Self.pagesInFlight, next: { try await listing.nextPage() },
                prepare: { try PreparedPage($0, reader, of: hub) }
            ) { page in
                let frame = try page.frame.map { try records.append($0) } ?? records.length
                try ingest.apply(
                    page.items, recordBytes: page.recordBytes,
                    at: CatalogIngest.RecordPlace(frame: frame, end: records.length), resumePoint: page.resumePoint)
                if ingest.isCommitDue {
                    try commit(ingest, records)
                    committed.yield()
                }
                report(ingest.crawl.counts, listing)
            }
        } catch {
            // What came before the failure stays, and the next run goes on from there.
            if !(error is CatalogError), !(error is StorageError) { try commit(ingest, records) }
            throw error
        }
        try commit(ingest, records)
        try Task.checkCancellation()
        var ended = ingest.crawl
        ended.state = .finished
        ended.finishedAt = now()
        try records.finish(summary: CrawlSummary(ended).json)
        try ingest.finish(at: ended.finishedAt ?? now())
        switch ingest.keptUnlisted {
        case .nothingListed?: logger.notice("the hub lists nothing: no package is marked as removed")
        case .unnamedRecords(let count)?:
            logger.notice(
                "records without a name could be of any package: none is marked as removed", metadata: ["records": "\(count)"])
        case nil: break
        }
        return ingest.crawl
    }

    /// Runs `body` while another task moves what is committed into the database file.
    private func withCheckpoints<Result>(
        of catalog: CatalogDatabase, _ body: (AsyncStream<Void>.Continuation) async throws -> Result
    ) async throws -> Result {
        let (signals, committed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await catalog.checkpoint(on: signals) }
            defer { committed.finish() }
            let result = try await body(committed)
            committed.finish()
            try await group.waitForAll()
            return result
        }
    }

    /// Keeps what was ingested: the records first, then the catalog that counts them.
    private func commit(_ ingest: CatalogIngest, _ records: borrowing RecordFileWriter) throws {
        try records.synchronize()
        try ingest.commit()
    }

    private func report(_ counts: CrawlCounts, _ listing: any HubListing) {
        progress(PullProgress(counts: counts, expected: listing.expectedCount.map(Int64.init)))
    }

    private func report(
        _ crawl: CrawlRow, _ catalog: CatalogDatabase, start: ContinuousClock.Instant, wasResumed: Bool
    ) throws -> PullReport {
        PullReport(
            crawl: crawl, failures: try catalog.failures(of: crawl.id, limit: PullReport.longestFailureList),
            duration: start.duration(to: .now), wasResumed: wasResumed)
    }

    /// Pages between the hub and the catalog: enough for both cores, few enough for flat memory.
    private static let pagesInFlight = 6
}

/// A listing whose first page is read before anyone asks for it.
private actor StartedListing: HubListing {
    private let rest: any HubListing
    private var first: ListingPage?
    nonisolated let expectedCount: Int?

    init(_ listing: any HubListing) {
        rest = listing
        expectedCount = listing.expectedCount
    }

    func readFirstPage() async throws {
        first = try await rest.nextPage()
    }

    func nextPage() async throws -> ListingPage? {
        if let page = first.take() { return page }
        return try await rest.nextPage()
    }
}

/// How far a pull has come.
public struct PullProgress: Sendable {
    public let counts: CrawlCounts
    /// Records to come in all, where the hub can say.
    public let expected: Int64?
}

/// What a pull did.
public struct PullReport: Sendable {
    public let crawl: CrawlRow
    /// The first of the records that were lost.
    public let failures: [CrawlFailure]
    public let duration: Duration
    /// Whether an earlier, unfinished crawl was completed.
    public let wasResumed: Bool

    static let longestFailureList = 1000
}

extension Instant {
    /// The present time.
    public static var now: Instant {
        Instant(millisecondsSince1970: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }
}
