import Catalog
import Foundation
import Hubs
import Logging
import ModelPackage
public import Storage

/// Makes the catalog again from the kept records and manifests: after a better reading of them, or when the catalog is lost or damaged.
///
/// The new catalog is made beside the old one and takes its place in one step, so readers see the one or the other.
public struct Rebuild: Sendable {
    private let dataset: DatasetDirectory
    private let dropsLostCrawls: Bool
    private let progress: @Sendable (RebuildProgress) -> Void

    /// - Parameter dropsLostCrawls: whether crawls whose records are gone are given up; else they stop the rebuild.
    public init(
        _ dataset: DatasetDirectory, dropsLostCrawls: Bool = false,
        progress: @escaping @Sendable (RebuildProgress) -> Void = { _ in }
    ) {
        self.dropsLostCrawls = dropsLostCrawls
        self.dataset = dataset
        self.progress = progress
    }

    /// Reads all record files again, oldest crawl first, and all manifests.
    ///
    /// - Throws: ``StorageError`` where a record file or a manifest is damaged; the old catalog stays then.
    public func run() async throws -> RebuildReport {
        try dataset.create()
        let lock = try DatasetLock(dataset)
        try keepUnfinishedRecords()
        if !dropsLostCrawls { try checkRecordsAreThere() }
        let path = dataset.temporary.appending(path: "catalog-rebuild.sqlite").path
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        let fresh = try CatalogDatabase(writingTo: path)
        var report = RebuildReport()
        for (hub, crawl, file) in try dataset.recordFiles() {
            let counts = try await replay(file, hub: hub, crawl: crawl, into: fresh)
            report.crawls += 1
            report.records += counts.listed
            report.failed += counts.failed
            progress(RebuildProgress(report: report))
        }
        report.packages = try packageCount(fresh)
        try SnapshotStore(dataset).forEachManifest { manifest in
            try fresh.record(manifest.row)
            report.snapshots += 1
        }
        try PackageRecordStore.inspections(dataset).forEachRecord { record in
            try fresh.record(record)
            report.inspections += 1
        }
        try PackageRecordStore.scans(dataset).forEachRecord { record in
            try fresh.record(record)
            report.scans += 1
        }
        try replaceCatalog(with: fresh, at: path)
        _ = consume lock
        return report
    }

    /// Refuses to forget what the old catalog knows and no record tells any more.
    private func checkRecordsAreThere() throws {
        guard FileManager.default.fileExists(atPath: dataset.catalog.path) else { return }
        let catalog: CatalogDatabase
        do throws(CatalogError) {
            catalog = try CatalogDatabase(readingFrom: dataset.catalog.path)
        } catch {
            // A catalog that cannot be read is what a rebuild is for.
            if error.isForeign { throw error }
            return
        }
        for crawl in try catalog.crawls() where crawl.counts.listed > 0 {
            let file = dataset.recordFile(hub: crawl.hub, crawl: crawl.id)
            guard !FileManager.default.fileExists(atPath: file.path) else { continue }
            throw CatalogError(
                "the records of crawl \(crawl.id) (\(crawl.hub.rawValue), \(crawl.counts.listed) records) are not at \(file.path): put them back, or give up what only the catalog knows with --drop-lost"
            )
        }
    }

    /// Puts the records of crawls that never ended among the others; nothing that a hub once said is lost.
    private func keepUnfinishedRecords() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: dataset.temporary.path)
        for name in names where name.hasPrefix("records-") && name.hasSuffix(".jsonl.zst") {
            let file = dataset.temporary.appending(path: name)
            let (header, length) = try wholePart(of: file)
            guard var summary = header else {
                try FileManager.default.removeItem(at: file)
                continue
            }
            guard !FileManager.default.fileExists(atPath: dataset.recordFile(hub: summary.hub, crawl: summary.crawl).path) else {
                continue
            }
            var records = try RecordFileWriter(
                dataset, hub: summary.hub, crawl: summary.crawl, length: length, header: summary.json)
            summary.state = .interrupted
            summary.finishedAt = .now
            try records.finish(summary: summary.json)
        }
    }

    /// What a file says of its crawl, and how many of its bytes are whole frames.
    private func wholePart(of file: URL) throws -> (CrawlSummary?, Int64) {
        let reader = try RecordFileReader(file)
        var header: CrawlSummary?
        var length: Int64 = 0
        do {
            while let frame = try reader.next() {
                if case .summary(let json) = frame, header == nil { header = CrawlSummary(json: json) }
                length = reader.position
            }
        } catch StorageError.damaged {
            // The end of the last frame was not written when the crawl was cut off.
        }
        return (header, length)
    }

    private func replay(_ file: URL, hub: HubID, crawl: Int64, into catalog: CatalogDatabase) async throws -> CrawlCounts {
        let frames = FrameSource(try RecordFileReader(file))
        guard case .summary(let json)? = try await frames.next(), let summary = CrawlSummary(json: json) else {
            throw StorageError.damaged(path: file.path, offset: 0, reason: "it does not say what crawl it holds")
        }
        let row = try catalog.beginCrawl(
            id: crawl, hub: hub, source: summary.source, query: summary.query, isComplete: summary.isComplete,
            at: summary.startedAt)
        let ingest = CatalogIngest(catalog, crawl: row)
        let reader = recordReader(for: hub)
        var ending = summary
        try await runOrderedStages(width: 6, next: { try await frames.next() }) { frame in
            switch frame {
            case .records(let lines, let offset):
                ReplayedFrame.records(PreparedPage(kept: lines.map { RawRecord($0) }, reader, of: hub), offset: offset)
            case .summary(let json): ReplayedFrame.summary(CrawlSummary(json: json))
            }
        } apply: { frame in
            switch frame {
            case .records(let page, let offset):
                try ingest.apply(
                    page.items, recordBytes: page.recordBytes, at: CatalogIngest.RecordPlace(frame: offset, end: offset),
                    resumePoint: nil)
                if ingest.isCommitDue { try ingest.commit() }
            case .summary(let summary): ending = summary ?? ending
            }
        }
        try ingest.finish(
            at: ending.finishedAt ?? ending.startedAt, state: ending.state == .running ? .interrupted : ending.state)
        return ingest.crawl.counts
    }

    private func packageCount(_ catalog: CatalogDatabase) throws -> Int64 {
        var count: Int64 = 0
        try catalog.query("SELECT count(*) FROM packages", columns: { _ in }) { row in
            if case .integer(let value)? = row.first { count = value }
        }
        return count
    }

    private func replaceCatalog(with fresh: CatalogDatabase, at path: String) throws {
        try fresh.checkpoint()
        let old: CatalogDatabase
        do throws(CatalogError) {
            old = try CatalogDatabase(writingTo: dataset.catalog.path)
        } catch {
            guard error.isDamaged else { throw error }
            try fresh.close()
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: dataset.catalog.path + suffix) }
            try FileManager.default.moveItem(atPath: path, toPath: dataset.catalog.path)
            return
        }
        try old.replaceContent(with: fresh)
        try old.checkpoint()
        try old.close()
        try fresh.close()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
}

/// What a rebuild did.
public struct RebuildReport: Sendable {
    public var crawls = 0
    public var records: Int64 = 0
    public var failed: Int64 = 0
    public var packages: Int64 = 0
    public var snapshots = 0
    public var inspections = 0
    public var scans = 0
}

/// How far a rebuild has come.
public struct RebuildProgress: Sendable {
    public let report: RebuildReport
}

private enum ReplayedFrame: Sendable {
    case records(PreparedPage, offset: Int64)
    case summary(CrawlSummary?)
}

/// Hands the frames of a file to whichever task asks next.
private actor FrameSource {
    private let reader: RecordFileReader

    init(_ reader: sending RecordFileReader) {
        self.reader = reader
    }

    func next() throws -> RecordFileReader.Frame? { try reader.next() }
}
