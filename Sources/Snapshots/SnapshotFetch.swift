import Foundation
public import Hubs
public import Logging
public import ModelPackage
public import Storage
import Transport

/// Takes snapshots: the files of a revision into the blob store, then its manifest.
public struct SnapshotFetch: Sendable {
    private let store: BlobStore
    private let writer: ManifestWriter
    private let source: any RevisionSource
    private let contents: ContentFetcher
    private let held: any HeldContents
    private let jobs: Int
    private let logger: Logger
    private let progress: TransferProgress
    private let now: @Sendable () -> Instant

    /// - Parameters:
    ///   - held: tells which contents are in the store by what git calls them.
    ///   - jobs: files of one package that are under way at once.
    public init(
        _ dataset: DatasetDirectory, from source: any RevisionSource, _ contents: ContentFetcher, held: any HeldContents,
        jobs: Int = 8,
        logger: Logger, progress: TransferProgress, now: @escaping @Sendable () -> Instant
    ) {
        store = BlobStore(dataset)
        writer = ManifestWriter(dataset)
        self.source = source
        self.contents = contents
        self.held = held
        self.jobs = jobs
        self.logger = logger
        self.progress = progress
        self.now = now
    }

    /// What a snapshot would take, without taking it.
    public func preview(of package: PackageID, revision: String?, _ selection: FileSelection) async throws -> SnapshotPreview {
        let listing = try await source.listing(of: package, revision: revision)
        let plan = SnapshotPlan(listing.files, selection)
        let entries = try plan.wanted.map { entry in
            SnapshotPreview.Entry(path: entry.path, size: entry.file.size, isHeld: try heldBlob(of: entry.file) != nil)
        }
        return SnapshotPreview(package: listing.package, commit: listing.commit, entries: entries, absences: plan.absences)
    }

    /// Fetches what is missing of a revision, and writes its manifest. A file that cannot be had is left out and named; the next run
    /// tries it again.
    ///
    /// - Parameter name: what the revision is called where it is asked for by its commit: the branch that it was the newest of.
    /// - Throws: ``HubError`` where the revision cannot be listed, ``StorageError`` where the disk fails, `CancellationError`.
    public func run(
        _ package: PackageID, revision: String?, named name: String? = nil, _ selection: FileSelection
    ) async throws -> SnapshotReport {
        let listing = try await source.listing(of: package, revision: revision)
        let plan = SnapshotPlan(listing.files, selection)
        plan.sameButForCase.forEach {
            logger.notice("names that differ only in case", metadata: ["package": "\(package)", "names": "\($0)"])
        }
        progress.expect(plan.bytes)
        let outcomes = try await fetchAll(plan.wanted, listing, selection)
        var manifest = SnapshotManifest(
            package: listing.package, commit: listing.commit, revision: name ?? revision ?? "main", source: source.source,
            fetchedAt: now(),
            files: [], absences: plan.absences)
        var report = SnapshotReport(manifest: manifest)
        for (entry, outcome) in zip(plan.wanted, outcomes) {
            switch outcome {
            case .stored(let blob, let wasHeld):
                manifest.files.append(
                    .init(
                        path: entry.path, size: blob.size, sha256: blob.hash, gitObjectID: entry.file.gitObjectID,
                        mode: entry.file.mode ?? .regular, isLFS: entry.file.isLFS ?? false))
                if wasHeld { report.heldFiles += 1 } else { report.fetchedFiles += 1 }
                if wasHeld { report.heldBytes += blob.size } else { report.fetchedBytes += blob.size }
            case .failed(let reason):
                manifest.absences.append(
                    .init(path: entry.path.text, size: entry.file.size, cause: .failed, reason: reason))
            }
        }
        report.manifest = manifest
        try writer.finish(&report)
        progress.change { $0.packages += 1 }
        return report
    }

    private enum Outcome: Sendable {
        case stored(StoredBlob, wasHeld: Bool)
        case failed(String)
    }

    private func fetchAll(
        _ wanted: [SnapshotPlan.Wanted], _ listing: RevisionListing, _ selection: FileSelection
    ) async throws -> [Outcome] {
        try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            var outcomes = [Outcome](repeating: .failed("was not reached"), count: wanted.count)
            var started = 0
            var running = 0
            while started < wanted.count || running > 0 {
                while started < wanted.count, running < jobs {
                    let number = started
                    let entry = wanted[number]
                    started += 1
                    if let blob = try heldBlob(of: entry.file) {
                        outcomes[number] = .stored(blob, wasHeld: true)
                        progress.change {
                            $0.heldBytes += blob.size
                            $0.files += 1
                        }
                        continue
                    }
                    running += 1
                    group.addTask { (number, try await fetch(entry, listing, maximumSize: selection.maximumSize)) }
                }
                if let (number, outcome) = try await group.next() {
                    outcomes[number] = outcome
                    running -= 1
                }
            }
            return outcomes
        }
    }

    private func fetch(
        _ entry: SnapshotPlan.Wanted, _ listing: RevisionListing, maximumSize: Int64?
    ) async throws -> Outcome {
        let file = entry.file
        let isPointed = file.isLFS == true
        let claim = ContentClaim(
            size: file.size, sha256: file.sha256, gitObjectID: isPointed ? nil : file.gitObjectID,
            maximumSize: maximumSize)
        do {
            let url = try source.location(of: file, in: listing)
            let (blob, isNew) = try await contents.fetch(
                ContentFetcher.Order(label: "\(listing.package.name)/\(entry.path)", url: url, claim: claim))
            if !isPointed, let id = file.gitObjectID { held.note(blob, as: id) }
            return .stored(blob, wasHeld: !isNew)
        } catch let error as TransportError {
            return .failed(error.reason)
        } catch StorageError.mismatch(let what, let announced, let received) {
            return .failed("\(StorageError.mismatch(what: what, announced: announced, received: received))")
        }
    }

    /// The stored content of a file, where it is known to be here already: in whatever package it came.
    private func heldBlob(of file: PackageFile) throws -> StoredBlob? {
        let hash: SHA256Hash?
        if let stated = file.sha256 {
            hash = stated
        } else if file.isLFS != true, let id = file.gitObjectID {
            hash = try held.content(of: id)
        } else {
            hash = nil
        }
        guard let hash, let blob = store.blob(hash), file.size == nil || file.size == blob.size else { return nil }
        return blob
    }
}

/// Which stored contents git knows by which id: so that a file that is here under its SHA-256 is not fetched again.
public protocol HeldContents: Sendable {
    func content(of id: GitObjectID) throws -> SHA256Hash?
    func note(_ blob: StoredBlob, as id: GitObjectID)
}

/// What a snapshot would take.
public struct SnapshotPreview: Sendable {
    public struct Entry: Sendable {
        public let path: FilePath
        public let size: Int64?
        /// Whether the content is in the store already.
        public let isHeld: Bool
    }

    public let package: PackageID
    public let commit: GitObjectID
    public let entries: [Entry]
    public let absences: [SnapshotManifest.Absence]
}

/// What a snapshot took.
public struct SnapshotReport: Sendable {
    public var manifest: SnapshotManifest
    public var fetchedFiles = 0
    public var fetchedBytes: Int64 = 0
    /// Files that were in the store already.
    public var heldFiles = 0
    public var heldBytes: Int64 = 0
    /// Whether the manifest was there before, the same.
    public var isUnchanged = false

    init(manifest: SnapshotManifest) {
        self.manifest = manifest
    }

    /// Files that could not be had, or that would do harm.
    public var problems: [SnapshotManifest.Absence] { manifest.absences.filter { $0.cause != .leftOut } }
}
