import GRDB
public import ModelPackage

/// Brings the packages of a crawl into the catalog.
///
/// Batches gather in one transaction until ``commit()``; what is committed is kept whole or not at all, counts and resume
/// point included, so counts are exact across interruptions. Large transactions matter: each commit writes every page
/// that it touched, and the index of names is touched everywhere.
public final class CatalogIngest {
    private let catalog: CatalogDatabase
    /// The crawl with what was applied, committed or not.
    public private(set) var crawl: CrawlRow
    private var committed: CrawlRow
    private var dictionary = TermDictionary()
    private var writer: PackageWriter?
    private var begun: ContinuousClock.Instant?
    private var pending = 0
    private var isFirstCrawl: Bool?

    /// Goes on with a crawl that the catalog holds as running.
    public init(_ catalog: CatalogDatabase, crawl: CrawlRow) {
        self.catalog = catalog
        self.crawl = crawl
        committed = crawl
    }

    /// Why a complete crawl did not mark what it did not list as removed: set by ``finish(at:state:)``.
    public private(set) var keptUnlisted: RemovalDoubt?

    /// What leaves open whether a package is still there.
    public enum RemovalDoubt: Sendable, Equatable {
        /// A hub of nothing is more likely a fault than the truth.
        case nothingListed
        /// Most records, so many, could not be read far enough to know whose they are. A few are no doubt: then every hub with
        /// one bad record would keep its removed packages for ever.
        case unnamedRecords(Int64)
    }

    /// What a record became, in the order of the records.
    public enum Item: Sendable {
        case package(PackageRow)
        case failure(CrawlFailure)
    }

    /// Where the records of a batch stand in the crawl's record file.
    public struct RecordPlace: Sendable {
        /// Byte offset of the compressed frame.
        public var frame: Int64
        /// Bytes of the file up to the end of the frame.
        public var end: Int64

        public init(frame: Int64, end: Int64) {
            self.frame = frame
            self.end = end
        }
    }

    /// Brings in a batch. A package that this crawl has seen before (a page that shifted under the crawl) counts once.
    ///
    /// - Throws: ``CatalogError``; nothing since the last commit is kept then.
    public func apply(
        _ items: [Item], recordBytes: Int64, at place: RecordPlace, resumePoint: String?
    ) throws(CatalogError) {
        try change { db in
            let writer = try openWriter(db)
            for (line, item) in items.enumerated() {
                let location = RecordLocation(crawl: crawl.id, frame: place.frame, line: Int64(line))
                switch item {
                case .package(let row):
                    switch try writer.write(row, location) {
                    case .added: crawl.counts.added += 1
                    case .updated: crawl.counts.updated += 1
                    case .unchanged: crawl.counts.unchanged += 1
                    case .repeated: continue
                    }
                case .failure(let failure):
                    crawl.counts.failed += 1
                    try writer.write(failure, number: crawl.counts.failed)
                }
                crawl.counts.listed += 1
            }
            crawl.counts.bytes += recordBytes
            crawl.resumePoint = resumePoint
            crawl.recordLength = place.end
            pending += items.count
        }
    }

    /// Whether enough has gathered, or long enough ago.
    public var isCommitDue: Bool {
        guard let begun else { return false }
        return pending >= Self.largestTransaction || begun.duration(to: .now) > Self.longestTransaction
    }

    /// Keeps what was applied. The records it came from must be on the disk before.
    public func commit() throws(CatalogError) {
        guard let writer else { return }
        try change { db in
            try writer.flush()
            try crawl.update(db)
            try db.commit()
            committed = crawl
            close()
        }
    }

    /// Ends the crawl: a complete one marks as removed what it did not list.
    public func finish(at time: Instant, state: CrawlRow.State = .finished) throws(CatalogError) {
        try change { db in
            let writer = try openWriter(db)
            crawl.finishedAt = time
            crawl.state = state
            crawl.resumePoint = nil
            try writer.flush()
            // What a hub's first crawl finds, it lists.
            if state == .finished, crawl.isComplete, isFirstCrawl != true {
                keptUnlisted = try doubtAboutRemovals(db)
                if keptUnlisted == nil { crawl.counts.removed = try writer.markRemoved() }
            }
            try crawl.update(db)
            try db.commit()
            committed = crawl
            close()
        }
    }

    /// Why it cannot be known which packages are gone; nil where it can.
    private func doubtAboutRemovals(_ db: Database) throws -> RemovalDoubt? {
        if crawl.counts.listed == 0 { return .nothingListed }
        let unnamed = try Int64.fetchOne(
            db, sql: "SELECT count(*) FROM crawl_failure WHERE crawl = ? AND package IS NULL", arguments: [crawl.id])
        return unnamed.flatMap { $0 * 2 > crawl.counts.listed ? .unnamedRecords($0) : nil }
    }

    private func openWriter(_ db: Database) throws -> PackageWriter {
        if let writer { return writer }
        try db.beginTransaction(.immediate)
        begun = .now
        let isFirst =
            try isFirstCrawl
            ?? (Int.fetchOne(db, sql: "SELECT 1 FROM hub_counter WHERE hub = ?", arguments: [crawl.hub.rawValue]) == nil)
        isFirstCrawl = isFirst
        let opened = try PackageWriter(db, crawl: crawl, dictionary: dictionary, isFirstCrawl: isFirst)
        writer = opened
        return opened
    }

    private func close() {
        writer = nil
        begun = nil
        pending = 0
    }

    private func change(_ body: (Database) throws -> Void) throws(CatalogError) {
        do {
            try catalog.access { db in
                do {
                    try body(db)
                } catch {
                    // Ids given out in a transaction that is rolled back do not exist.
                    dictionary = TermDictionary()
                    close()
                    crawl = committed
                    if db.isInsideTransaction { try db.rollback() }
                    throw error
                }
            }
        } catch {
            throw CatalogError(opening: catalog.path, error)
        }
    }

    private static let largestTransaction = 20_000
    private static let longestTransaction = Duration.seconds(2)
}

/// Where one record stands.
public struct RecordLocation: Sendable, Equatable {
    public var crawl: Int64
    /// Byte offset of the compressed frame in the crawl's record file.
    public var frame: Int64
    /// Lines of the frame before the record.
    public var line: Int64

    public init(crawl: Int64, frame: Int64, line: Int64) {
        self.crawl = crawl
        self.frame = frame
        self.line = line
    }
}

/// Ids of terms and evidence that the ingest has used lately. Bounded, so that memory does not grow with the hub.
final class TermDictionary {
    private(set) var terms: [String: Int64] = [:]
    private(set) var sources: [Evidence: Int64] = [:]
    private(set) var sets: [String: Int64] = [:]
    private(set) var lists: [[UInt8]: Int64] = [:]

    private static let limit = 40_000

    func keep(term: String, _ id: Int64) {
        if terms.count >= Self.limit { terms.removeAll(keepingCapacity: true) }
        terms[term] = id
    }

    func keep(source: Evidence, _ id: Int64) {
        if sources.count >= Self.limit { sources.removeAll(keepingCapacity: true) }
        sources[source] = id
    }

    func keep(list: [UInt8], _ id: Int64) {
        if lists.count >= Self.limit { lists.removeAll(keepingCapacity: true) }
        lists[list] = id
    }

    func keep(set: String, _ id: Int64) {
        if sets.count >= 2000 { sets.removeAll(keepingCapacity: true) }
        sets[set] = id
    }
}
