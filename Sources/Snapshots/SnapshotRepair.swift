import Foundation
public import Hubs
public import Logging
public import ModelPackage
public import Storage
public import Transport

/// Fetches faulty contents again from where they came from.
///
/// The caller holds the dataset's lock.
public struct SnapshotRepair {
    private let dataset: DatasetDirectory
    private let jobs: Int
    private let logger: Logger
    private let open: (String) -> (any RevisionSource, PoliteTransport)?
    private let takeAgain: (SnapshotManifest) async throws -> Void

    /// - Parameters:
    ///   - open: gives the source that a manifest names, or nil where there is no such thing.
    ///   - takeAgain: takes a snapshot again whose files do not come over HTTP; its faulty contents are gone by then.
    public init(
        _ dataset: DatasetDirectory, jobs: Int, logger: Logger,
        open: @escaping (String) -> (any RevisionSource, PoliteTransport)?,
        takeAgain: @escaping (SnapshotManifest) async throws -> Void
    ) {
        self.takeAgain = takeAgain
        self.dataset = dataset
        self.jobs = jobs
        self.logger = logger
        self.open = open
    }

    /// - Returns: why, for each content that could not be had again.
    /// - Throws: ``StorageError`` where the dataset cannot be read or written, or `CancellationError`.
    public func run(_ hashes: [SHA256Hash]) async throws -> [SHA256Hash: String] {
        var wanted: [SHA256Hash: (SnapshotManifest, SnapshotManifest.File)] = [:]
        let faulty = Set(hashes)
        try SnapshotStore(dataset).forEachManifest { manifest in
            for file in manifest.files where faulty.contains(file.sha256) && wanted[file.sha256] == nil {
                var head = manifest
                head.files = []
                wanted[file.sha256] = (head, file)
            }
        }
        var failures: [SHA256Hash: String] = [:]
        var fetchers: [String: (any RevisionSource, ContentFetcher)] = [:]
        for hash in hashes {
            guard let (manifest, file) = wanted[hash] else {
                failures[hash] = "no snapshot names it: 'weir gc' removes it"
                continue
            }
            if manifest.package.hub != .huggingface {
                failures[hash] = try await repairThroughGit(hash, manifest)
                continue
            }
            if fetchers[manifest.source] == nil, let (source, transport) = open(manifest.source) {
                let fetcher = ContentFetcher(
                    BlobStore(dataset), transport, streams: jobs, logger: logger, progress: TransferProgress())
                fetchers[manifest.source] = (source, fetcher)
            }
            guard let (source, fetcher) = fetchers[manifest.source] else {
                failures[hash] = "its source \(manifest.source) cannot be asked"
                continue
            }
            do {
                let listing = RevisionListing(package: manifest.package, commit: manifest.commit, files: [])
                let url = try source.location(of: PackageFile(path: file.path.text), in: listing)
                let claim = ContentClaim(size: file.size, sha256: hash, gitObjectID: nil)
                _ = try await fetcher.fetch(
                    ContentFetcher.Order(label: "\(manifest.package.name)/\(file.path)", url: url, claim: claim))
            } catch let error as TransportError {
                failures[hash] = error.reason
            } catch StorageError.mismatch(let what, let announced, let received) {
                failures[hash] = "\(StorageError.mismatch(what: what, announced: announced, received: received))"
            }
        }
        try BlobStore(dataset).flushFolders(of: hashes.filter { failures[$0] == nil })
        return failures
    }

    /// Returns why it could not be done; nil where it was.
    private func repairThroughGit(_ hash: SHA256Hash, _ manifest: SnapshotManifest) async throws -> String? {
        let store = BlobStore(dataset)
        // Another file of the same snapshot may have brought it back.
        if let blob = store.blob(hash), try store.hash(ofFile: store.file(of: hash).path).hash == blob.hash { return nil }
        try store.remove(store.file(of: hash))
        do {
            try await takeAgain(manifest)
        } catch let error as HubError {
            return error.message
        }
        return store.blob(hash) == nil ? "its repository has no such content any more" : nil
    }
}
