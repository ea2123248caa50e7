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
    private let manifests: SnapshotStore
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
        manifests = SnapshotStore(dataset)
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
    /// - Parameters:
    ///   - packages: gives the next package, or nil after the last one.
    ///   - name: the branch that the revisions are the newest of, where they are named by their commits.
    ///   - finished: is told each snapshot as it is done, in any order.
    /// - Throws: ``StorageError`` or ``CatalogError`` where the dataset cannot be written, or `CancellationError`; the snapshots that
    ///   were whole stay.
    public func run(
        _ packages: () throws -> RevisionID?, named name: String? = nil, _ selection: FileSelection,
        finished: (SnapshotReport) -> Void = { _ in }
    ) async throws -> SnapshotRunReport {
        try await withThrowingTaskGroup(of: (RevisionID, Result<SnapshotReport, HubError>).self) { group in
            var report = SnapshotRunReport()
            var running = 0
            var isExhausted = false
            while true {
                while running < packagesAtOnce, !isExhausted {
                    guard let id = try packages() else {
                        isExhausted = true
                        break
                    }
                    if try isHere(id, selection) {
                        report.unchanged += 1
                        continue
                    }
                    running += 1
                    group.addTask {
                        do {
                            return (id, .success(try await fetch.run(id.package, revision: id.revision, named: name, selection)))
                        } catch let error as HubError {
                            return (id, .failure(error))
                        }
                    }
                }
                guard let (id, result) = try await group.next() else { return report }
                running -= 1
                switch result {
                case .success(let snapshot):
                    if !snapshot.isUnchanged { try catalog.record(snapshot.manifest.row) }
                    report.add(snapshot)
                    finished(snapshot)
                case .failure(let error): report.add(.init(package: id.description, path: nil, reason: error.message))
                }
            }
        }
    }

    /// Whether a revision that is named by its commit is here already, as far as it is wanted: then nobody need be asked.
    private func isHere(_ id: RevisionID, _ selection: FileSelection) throws -> Bool {
        guard let commit = id.revision.flatMap({ GitObjectID($0) }), let manifest = try manifests.manifest(id.package, commit)
        else {
            return false
        }
        return manifest.absences.allSatisfy { absence in
            switch absence.cause {
            case .leftOut: !selection.includes(absence.path, size: absence.size)
            case .failed: false
            case .refused: true
            }
        }
    }
}

/// What a run of snapshots did.
public struct SnapshotRunReport: Sendable {
    /// What could not be had.
    public struct Failure: Sendable {
        public let package: String
        /// Nil where nothing of the package could be had.
        public let path: String?
        public let reason: String
    }

    /// Packages whose files were asked for.
    public var snapshots = 0
    /// Of these and others, those that were here already as they are.
    public var unchanged = 0
    public var files = 0
    public var fetchedFiles = 0
    public var fetchedBytes: Int64 = 0
    public var heldFiles = 0
    public var heldBytes: Int64 = 0
    public var failed = 0
    /// The first of what failed.
    public var failures: [Failure] = []

    private static let longestFailureList = 1000

    mutating func add(_ snapshot: SnapshotReport) {
        snapshots += 1
        if snapshot.isUnchanged { unchanged += 1 }
        files += snapshot.manifest.files.count
        fetchedFiles += snapshot.fetchedFiles
        fetchedBytes += snapshot.fetchedBytes
        heldFiles += snapshot.heldFiles
        heldBytes += snapshot.heldBytes
        for problem in snapshot.problems {
            add(
                Failure(
                    package: snapshot.manifest.package.description, path: problem.path,
                    reason: problem.reason ?? problem.cause.rawValue))
        }
    }

    mutating func add(_ failure: Failure) {
        failed += 1
        if failures.count < Self.longestFailureList { failures.append(failure) }
    }
}
