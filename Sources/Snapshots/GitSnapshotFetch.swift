import Foundation
import HTTPTypes
import Hubs
public import Logging
public import ModelPackage
public import Storage
public import Transport

/// Takes snapshots of packages that are git repositories: a bare mirror, the working files of a revision straight from it, and large
/// files through LFS into the blob store, where they are kept once.
public struct GitSnapshotFetch: Sendable {
    /// What to fetch.
    public struct Order: Sendable {
        public var package: PackageID
        /// A git address, or a path on this machine.
        public var address: String
        /// The mirror's name within its hub. Packages of one repository share it.
        public var mirror: String
        /// A branch, tag or commit; nil for the default branch.
        public var revision: String?
        /// The files that are the package's own; nil where all of the repository are.
        public var paths: Set<String>?
        /// Whether the whole history comes too.
        public var isFull: Bool

        public init(
            package: PackageID, address: String, mirror: String, revision: String?, paths: Set<String>?, isFull: Bool
        ) {
            self.package = package
            self.address = address
            self.mirror = mirror
            self.revision = revision
            self.paths = paths
            self.isFull = isFull
        }
    }

    private let dataset: DatasetDirectory
    private let store: BlobStore
    private let contents: ContentFetcher
    private let transport: PoliteTransport
    private let held: any HeldContents
    private let revisions = OnceMap<MirroredRevision>()
    private let logger: Logger
    private let progress: TransferProgress
    private let now: @Sendable () -> Instant

    public init(
        _ dataset: DatasetDirectory, _ contents: ContentFetcher, _ transport: PoliteTransport, held: any HeldContents,
        logger: Logger, progress: TransferProgress, now: @escaping @Sendable () -> Instant
    ) {
        self.dataset = dataset
        store = BlobStore(dataset)
        self.contents = contents
        self.transport = transport
        self.held = held
        self.logger = logger
        self.progress = progress
        self.now = now
    }

    /// What a snapshot would take. The mirror is brought up to date for it; no content is stored.
    ///
    /// - Throws: as ``run(_:_:)``.
    public func preview(_ order: Order, _ selection: FileSelection) async throws -> SnapshotPreview {
        let (_, revision) = try await mirrored(order)
        let plan = SnapshotPlan(files(of: revision, order), selection)
        let entries = try plan.wanted.map { entry in
            let hash = try entry.file.sha256 ?? entry.file.gitObjectID.flatMap { try held.content(of: $0) }
            return SnapshotPreview.Entry(
                path: entry.path, size: entry.file.size, isHeld: hash.flatMap { store.blob($0) } != nil)
        }
        return SnapshotPreview(
            package: order.package, commit: revision.commit, entries: entries, absences: plan.absences)
    }

    /// Fetches what is missing of a revision, and writes its manifest.
    ///
    /// - Throws: ``HubError`` where git cannot fetch the repository, ``StorageError`` where the disk fails, `CancellationError`.
    public func run(_ order: Order, _ selection: FileSelection) async throws -> SnapshotReport {
        let (mirror, revision) = try await mirrored(order)
        let plan = SnapshotPlan(files(of: revision, order), selection)
        progress.expect(plan.bytes)
        var report = SnapshotReport(
            manifest: SnapshotManifest(
                package: order.package, commit: revision.commit, revision: order.revision ?? "HEAD",
                source: withoutCredentials(order.address), fetchedAt: now(), files: [], absences: plan.absences))
        for path in revision.unreadable {
            report.manifest.absences.append(.init(path: path, size: nil, cause: .refused, reason: "the path is not UTF-8"))
        }
        for (path, commit) in revision.submodules where order.paths?.contains(path) ?? true {
            report.manifest.absences.append(
                .init(path: path, size: nil, cause: .refused, reason: "a submodule, at commit \(commit.hex)"))
        }
        if let paths = order.paths {
            let present = Set(revision.files.map(\.path)).union(revision.submodules.map(\.path))
            for path in paths.subtracting(present) {
                report.manifest.absences.append(
                    .init(path: path, size: nil, cause: .failed, reason: "the revision has no such file"))
            }
        }
        try await readPlain(plan.wanted.filter { $0.file.isLFS == false }, mirror, &report)
        try await fetchLarge(plan.wanted.filter { $0.file.isLFS == true }, order, &report)
        try ManifestWriter(dataset).finish(&report)
        progress.change { $0.packages += 1 }
        return report
    }

    /// The mirror of a package, up to date, and what the revision holds; asked for once a run, however many packages share it.
    private func mirrored(_ order: Order) async throws -> (GitMirror, MirroredRevision) {
        let mirror = GitMirror(dataset, order.package.hub, name: order.mirror)
        let logger = logger
        let revision = try await revisions.value("\(order.package.hub.rawValue) \(order.mirror) \(order.revision ?? "")") {
            let update = try await mirror.update(from: order.address, revision: order.revision, isFull: order.isFull)
            for name in update.rewritten {
                logger.notice(
                    "history was rewritten; what it was is kept", metadata: ["package": "\(order.package)", "branch": "\(name)"])
            }
            return try await MirroredRevision(mirror, update.commit)
        }
        return (mirror, revision)
    }

    private func files(of revision: MirroredRevision, _ order: Order) -> [PackageFile] {
        guard let paths = order.paths else { return revision.files }
        return revision.files.filter { paths.contains($0.path) }
    }

    /// Brings the files that git keeps itself from the mirror into the store.
    private func readPlain(_ wanted: [SnapshotPlan.Wanted], _ mirror: GitMirror, _ report: inout SnapshotReport) async throws {
        var blobs: [GitObjectID: StoredBlob] = [:]
        var missing: [(id: GitObjectID, size: Int64)] = []
        var seen: Set<GitObjectID> = []
        for entry in wanted {
            guard let id = entry.file.gitObjectID, seen.insert(id).inserted else { continue }
            if let hash = try held.content(of: id), let blob = store.blob(hash) {
                blobs[id] = blob
                report.heldFiles += 1
                report.heldBytes += blob.size
            } else {
                missing.append((id, entry.file.size ?? 0))
            }
        }
        var incoming: IncomingBlob?
        try await mirror.read(
            missing.map(\.id),
            begin: { number, size in
                incoming = try IncomingBlob(
                    store, name: "git-\(missing[number].id.hex)",
                    claim: ContentClaim(size: size, sha256: nil, gitObjectID: missing[number].id))
            },
            bytes: { try incoming?.append($0) },
            end: { number in
                if let blob = try incoming?.finish() {
                    blobs[missing[number].id] = blob
                    held.note(blob, as: missing[number].id)
                    report.fetchedFiles += 1
                    report.fetchedBytes += blob.size
                    progress.change {
                        $0.files += 1
                        $0.fetchedBytes += blob.size
                    }
                }
                incoming = nil
            })
        for entry in wanted {
            if let id = entry.file.gitObjectID, let blob = blobs[id] { report.add(entry, blob) }
        }
    }

    private func fetchLarge(
        _ wanted: [SnapshotPlan.Wanted], _ order: Order, _ report: inout SnapshotReport
    ) async throws {
        var missing: [SnapshotPlan.Wanted] = []
        for entry in wanted {
            if let hash = entry.file.sha256, let blob = store.blob(hash), blob.size == entry.file.size {
                report.add(entry, blob)
                report.heldFiles += 1
                report.heldBytes += blob.size
            } else {
                missing.append(entry)
            }
        }
        if missing.isEmpty { return }
        let pointers = missing.compactMap { entry in
            entry.file.sha256.flatMap { hash in entry.file.size.map { LFSPointer(sha256: hash, size: $0) } }
        }
        let places = try await LFSObjects(address: order.address, hub: order.package.hub, transport: transport).places(
            of: pointers)
        for entry in missing {
            guard let hash = entry.file.sha256 else { continue }
            do {
                let blob = try await fetch(entry, hash, places[hash] ?? .nowhere("the server says nothing of it"), order)
                report.add(entry, blob)
                report.fetchedFiles += 1
                report.fetchedBytes += blob.size
            } catch let error as LargeFileFailure {
                report.manifest.absences.append(
                    .init(path: entry.path.text, size: entry.file.size, cause: .failed, reason: error.reason))
            }
        }
    }

    private struct LargeFileFailure: Error {
        let reason: String
    }

    private func fetch(
        _ entry: SnapshotPlan.Wanted, _ hash: SHA256Hash, _ place: LFSObjects.Place, _ order: Order
    ) async throws -> StoredBlob {
        let claim = ContentClaim(size: entry.file.size, sha256: hash, gitObjectID: nil)
        do {
            switch place {
            case .web(let url, let headers):
                return try await contents.fetch(
                    ContentFetcher.Order(
                        label: "\(order.package.name)/\(entry.path)", url: url, claim: claim, headers: headers)
                ).blob
            case .file(let file): return try store.copy(file, claim: claim)
            case .nowhere(let reason): throw LargeFileFailure(reason: reason)
            }
        } catch let error as TransportError {
            throw LargeFileFailure(reason: error.reason)
        } catch StorageError.mismatch(let what, let announced, let received) {
            throw LargeFileFailure(
                reason: "\(StorageError.mismatch(what: what, announced: announced, received: received))")
        }
    }
}

extension SnapshotReport {
    fileprivate mutating func add(_ entry: SnapshotPlan.Wanted, _ blob: StoredBlob) {
        manifest.files.append(
            .init(
                path: entry.path, size: blob.size, sha256: blob.hash, gitObjectID: entry.file.gitObjectID,
                mode: entry.file.mode ?? .regular, isLFS: entry.file.isLFS ?? false))
    }
}
