import Foundation
import ModelPackage
public import Storage

/// Removes the stored contents that no manifest needs.
///
/// Holds the dataset's lock, so nothing is fetched meanwhile, and reads every manifest first: where one cannot be read, nothing is
/// removed at all.
public struct GarbageCollection: Sendable {
    private let dataset: DatasetDirectory

    public init(_ dataset: DatasetDirectory) {
        self.dataset = dataset
    }

    /// - Parameters:
    ///   - isDryRun: counts only.
    ///   - removesPartial: whether what an interrupted fetch left in `tmp/fetch`, and would go on with, is removed too.
    /// - Throws: ``StorageError``.
    public func run(isDryRun: Bool, removesPartial: Bool) throws -> GarbageReport {
        try dataset.create()
        let lock = try DatasetLock(dataset)
        var needed: Set<SHA256Hash> = []
        try SnapshotStore(dataset).forEachManifest { manifest in needed.formUnion(manifest.files.map(\.sha256)) }
        let store = BlobStore(dataset)
        var report = GarbageReport()
        try store.forEachFile { entry in
            // What has another name than a blob's was not put there by Weir.
            guard let hash = entry.hash else {
                report.foreign.append(entry.file.path)
                return
            }
            if needed.contains(hash) {
                report.keptBlobs += 1
                report.keptBytes += entry.size
            } else {
                if !isDryRun { try store.remove(entry.file) }
                report.removedBlobs += 1
                report.removedBytes += entry.size
            }
        }
        for file in try store.unfinishedFiles() {
            report.partialFiles += 1
            report.partialBytes += file.size
            if removesPartial, !isDryRun { try store.remove(file.file) }
        }
        _ = consume lock
        return report
    }
}

/// What a garbage collection removed, or would.
public struct GarbageReport: Sendable {
    public var removedBlobs = 0
    public var removedBytes: Int64 = 0
    public var keptBlobs = 0
    public var keptBytes: Int64 = 0
    /// Contents that were on their way when a fetch was cut off.
    public var partialFiles = 0
    public var partialBytes: Int64 = 0
    /// Files below `blobs/` that are no blobs; they are left alone.
    public var foreign: [String] = []
}
