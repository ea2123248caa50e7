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
        var crawl = try unfinishedCrawl(catalog)
        if let ended = crawl, ended.state != .running {
            return try report(ended, catalog, start: start, wasResumed: true)
        }
        let listing: any HubListing
        do {
            listing = try await hub.listing(query, after: crawl?.resumePoint)
        } catch let error as HubError where error.kind == .changedSource && crawl != nil {
            logger.notice("the source has changed, the crawl begins anew", metadata: ["crawl": "\(crawl?.id ?? 0)"])
            if let crawl { try interrupt(crawl, catalog) }
            crawl = nil
            listing = try await hub.listing(query, after: nil)
        }
        let wasResumed = crawl != nil
        let running =
            try crawl
            ?? catalog.beginCrawl(
                hub: hub.id, source: hub.source, query: query.summary, isComplete: query.isComplete, at: now())
        let ended = try await withCheckpoints(of: catalog) { committed in
            try await ingest(listing, into: catalog, running, committed)
        }
        return try report(ended, catalog, start: start, wasResumed: wasResumed)
    }

    /// The crawl to go on with: the one that a pull like this one left, if there is one. One that a different pull left is
    /// ended as interrupted.
    private func unfinishedCrawl(_ catalog: CatalogDatabase) throws -> CrawlRow? {
        guard let crawl = try catalog.runningCrawl(of: hub.id) else { return nil }
        let files = FileManager.default
        let isPlaced = files.fileExists(atPath: dataset.recordFile(hub: hub.id, crawl: crawl.id).path)
        let isGathering = files.fileExists(atPath: dataset.unfinishedRecordFile(hub: hub.id, crawl: crawl.id).path)
        let isSame = crawl.source == hub.source && crawl.query == query.summary
        if isPlaced {
            // Everything was done but the last note in the catalog.
            let ingest = CatalogIngest(catalog, crawl: crawl)
            try ingest.finish(at: now())
            return isSame ? ingest.crawl : nil
        }
        if isSame, isGathering || crawl.recordLength == 0 { return crawl }
        logger.notice(
            "an unfinished crawl is left as it is",
            metadata: ["crawl": "\(crawl.id)", "source": "\(crawl.source)", "query": "\(crawl.query)"])
        try interrupt(crawl, catalog)
        return nil
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
