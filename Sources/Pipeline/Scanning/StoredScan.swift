import Foundation
import ModelPackage
public import Scanning
public import Storage

/// Scans packages whose snapshots are in the dataset.
public struct StoredScan: Sendable {
    private let blobs: BlobStore
    private let scan: LocalScan

    public init(_ dataset: DatasetDirectory, _ scan: LocalScan) {
        blobs = BlobStore(dataset)
        self.scan = scan
    }

    /// The files of a manifest, under the package's name; what the snapshot left out was not scanned, and is told.
    public func scan(_ manifest: SnapshotManifest, progress: @escaping @Sendable (Int, Int, Int) -> Void = { _, _, _ in }) async
        -> ScanReport
    {
        let revision = "\(manifest.package)@\(manifest.commit)"
        let inputs = manifest.files.map { file in
            LocalScan.Input(
                place: blobs.file(of: file.sha256).path, path: "\(revision)/\(file.path.text)", name: file.path.text,
                group: revision)
        }
        var report = await scan.scan(inputs, progress: progress)
        for absence in manifest.absences {
            report.skipped.append(ScanReport.Skipped(path: "\(revision)/\(absence.path)", reason: "the snapshot left it out"))
        }
        return report
    }
}
