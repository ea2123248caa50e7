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
    private let dataset: DatasetDirectory
    private let fetch: SnapshotFetch?
    private let git: GitSnapshotFetch
    private let repositories: RepositoryLocator
    private let manifests: SnapshotStore
    private let catalog: CatalogDatabase
    private let progress: TransferProgress
    private let packagesAtOnce: Int
    private let wantsHistory: Bool

    /// - Parameters:
    ///   - source: the files of packages on the Hub; nil where none are asked for.
    ///   - location: takes the place of the address of a repository that a record names.
    ///   - wantsHistory: whether whole repositories come, with their history.
    ///   - jobs: files under way at once.
    ///   - streams: ranges of one large file under way at once.
    public init(
        _ dataset: DatasetDirectory, _ catalog: CatalogDatabase, from source: (any RevisionSource)?, location: String? = nil,
        wantsHistory: Bool = false, transport: PoliteTransport, jobs: Int = 8, streams: Int = 4, logger: Logger,
        progress: TransferProgress = TransferProgress()
    ) {
        self.dataset = dataset
        let contents = ContentFetcher(BlobStore(dataset), transport, streams: streams, logger: logger, progress: progress)
        let held = CatalogContents(catalog)
        // History comes through git, and the files with it.
        fetch = (wantsHistory ? nil : source).map { source in
            SnapshotFetch(
                dataset, from: source, contents, held: held, jobs: jobs, logger: logger, progress: progress, now: { .now })
        }
        git = GitSnapshotFetch(dataset, contents, transport, held: held, logger: logger, progress: progress, now: { .now })
        repositories = RepositoryLocator(catalog: catalog, location: location ?? source?.source, isFull: wantsHistory)
        manifests = SnapshotStore(dataset)
        self.wantsHistory = wantsHistory
        self.catalog = catalog
        self.progress = progress
        packagesAtOnce = max(1, min(jobs, 4))
    }

    /// What a snapshot would take, without taking it.
    public func preview(_ id: RevisionID, _ selection: FileSelection) async throws -> SnapshotPreview {
        if id.package.hub == .huggingface, let fetch {
            return try await fetch.preview(of: id.package, revision: id.revision, selection)
        }
        return try await git.preview(try repositories.order(id), selection)
    }

    private func take(_ id: RevisionID, named name: String?, _ selection: FileSelection) async throws -> SnapshotReport {
        if id.package.hub == .huggingface, let fetch {
            return try await fetch.run(id.package, revision: id.revision, named: name, selection)
        }
        return try await git.run(try repositories.order(id), selection)
    }

    /// Takes the snapshots, some at once. A package that cannot be had is reported; the others go on.
    ///
    /// - Parameters:
    ///   - packages: gives the next package, or nil after the last one.
    ///   - name: the branch that the revisions are the newest of, where they are named by their commits.
    ///   - asksAgain: whether a revision is asked for also where its manifest is here.
    ///   - finished: is told each snapshot as it is done, in any order.
    /// - Throws: ``StorageError`` or ``CatalogError`` where the dataset cannot be written, or `CancellationError`; the snapshots that
    ///   were whole stay.
    public func run(
        _ packages: () throws -> RevisionID?, named name: String? = nil, _ selection: FileSelection, asksAgain: Bool = false,
        finished: (SnapshotReport) -> Void = { _ in }
    ) async throws -> SnapshotRunReport {
        try dataset.removeLeftovers()
        var report = SnapshotRunReport()
        try await runBounded(
            atOnce: packagesAtOnce,
            next: {
                while let id = try packages() {
                    if wantsHistory || asksAgain { return id }
                    if try !isHere(id, selection) { return id }
                    report.unchanged += 1
                }
                return nil
            },
            work: { id -> (RevisionID, Result<SnapshotReport, HubError>) in
                do {
                    return (id, .success(try await take(id, named: name, selection)))
                } catch let error as HubError {
                    return (id, .failure(error))
                }
            },
            take: { id, result in
                switch result {
                case .success(let snapshot):
                    // A run that was killed may have written the manifest and not its row.
                    let manifest = snapshot.manifest
                    if try !snapshot.isUnchanged || !catalog.hasSnapshot(of: manifest.package, manifest.commit) {
                        try catalog.record(manifest.row)
                    }
                    report.add(snapshot)
                    finished(snapshot)
                case .failure(let error): report.add(PackageFailure(package: id.description, path: nil, reason: error.message))
                }
            })
        return report
    }

    /// Whether a revision that is named by its commit is here already, as far as it is wanted: then nobody need be asked.
    private func isHere(_ id: RevisionID, _ selection: FileSelection) throws -> Bool {
        guard let commit = id.revision.flatMap({ GitObjectID($0) }) else { return false }
        let kept: SnapshotManifest?
        do throws(StorageError) {
            kept = try manifests.manifest(id.package, commit)
        } catch {
            guard case .damaged = error else { throw error }
            kept = nil
        }
        guard let manifest = kept, try catalog.hasSnapshot(of: id.package, commit) else { return false }
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
    public var failures: [PackageFailure] = []

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
                PackageFailure(
                    package: snapshot.manifest.package.description, path: problem.path,
                    reason: problem.reason ?? problem.cause.rawValue))
        }
    }

    mutating func add(_ failure: PackageFailure) {
        failed += 1
        if failures.count < Self.longestFailureList { failures.append(failure) }
    }
}
