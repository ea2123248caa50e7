public import Catalog
import Foundation
public import Hubs
public import Logging
public import ModelPackage
public import Snapshots
public import Storage
public import Transport

/// Takes the snapshots of many packages: fetches, writes manifests, brings them into the catalog.
///
/// The caller holds the dataset's lock.
public struct SnapshotRun: Sendable {
    private let fetch: SnapshotFetch
    private let catalog: CatalogDatabase
    private let progress: TransferProgress
    private let packagesAtOnce: Int

    /// - Parameters:
    ///   - jobs: files under way at once.
    ///   - streams: ranges of one large file under way at once.
    public init(
        _ dataset: DatasetDirectory, _ catalog: CatalogDatabase, from source: any RevisionSource, transport: PoliteTransport,
        jobs: Int = 8, streams: Int = 4, logger: Logger, progress: TransferProgress = TransferProgress()
    ) {
        let contents = ContentFetcher(BlobStore(dataset), transport, streams: streams, logger: logger, progress: progress)
        fetch = SnapshotFetch(
            dataset, from: source, contents, held: CatalogContents(catalog), jobs: jobs, logger: logger, progress: progress,
            now: { .now })
        self.catalog = catalog
        self.progress = progress
        packagesAtOnce = max(1, min(jobs, 4))
    }

    /// What a snapshot would take, without taking it.
    public func preview(_ id: RevisionID, _ selection: FileSelection) async throws -> SnapshotPreview {
        try await fetch.preview(of: id.package, revision: id.revision, selection)
    }

    /// Takes the snapshots, some at once. A package that cannot be had is reported; the others go on.
    ///
    /// - Throws: ``StorageError`` or ``CatalogError`` where the dataset cannot be written, or `CancellationError`; the snapshots that
    ///   were whole stay.
    public func run(_ packages: [RevisionID], _ selection: FileSelection) async throws -> SnapshotRunReport {
        try await withThrowingTaskGroup(of: (Int, Result<SnapshotReport, HubError>).self) { group in
            var results: [Int: Result<SnapshotReport, HubError>] = [:]
            var started = 0
            func startNext() {
                guard started < packages.count else { return }
                let number = started
                let id = packages[number]
                started += 1
                group.addTask {
                    do {
                        return (number, .success(try await fetch.run(id.package, revision: id.revision, selection)))
                    } catch let error as HubError {
                        return (number, .failure(error))
                    }
                }
            }
            for _ in 0..<packagesAtOnce { startNext() }
            while let (number, result) = try await group.next() {
                if case .success(let report) = result, !report.isUnchanged { try catalog.record(report.manifest.row) }
                results[number] = result
                startNext()
            }
            var report = SnapshotRunReport()
            for (number, id) in packages.enumerated() {
                switch results[number] {
                case .success(let snapshot)?: report.snapshots.append(snapshot)
                case .failure(let error)?: report.failures.append(.init(package: id, reason: error.message))
                case nil: break
                }
            }
            return report
        }
    }
}

/// What a run of snapshots did.
public struct SnapshotRunReport: Sendable {
    public struct Failure: Sendable {
        public let package: RevisionID
        public let reason: String
    }

    public var snapshots: [SnapshotReport] = []
    /// Packages of which nothing could be had.
    public var failures: [Failure] = []

    public var failedFiles: Int { snapshots.reduce(0) { $0 + $1.problems.count } }
    public var fetchedBytes: Int64 { snapshots.reduce(0) { $0 + $1.fetchedBytes } }
    public var heldBytes: Int64 { snapshots.reduce(0) { $0 + $1.heldBytes } }
}
