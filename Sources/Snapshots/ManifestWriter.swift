import ModelPackage
import Storage

/// The end of a snapshot: the manifest, after its blobs.
struct ManifestWriter {
    private let store: BlobStore
    private let manifests: SnapshotStore

    init(_ dataset: DatasetDirectory) {
        store = BlobStore(dataset)
        manifests = SnapshotStore(dataset)
    }

    /// Completes a report's manifest with what an earlier one of the same commit has, and writes it where it differs.
    func finish(_ report: inout SnapshotReport) throws {
        let earlier = try earlier(report.manifest)
        keep(earlier, in: &report.manifest)
        report.isUnchanged =
            earlier.map { $0.files == report.manifest.files && $0.absences == report.manifest.absences } ?? false
        if report.isUnchanged { return }
        try store.flushFolders(of: report.manifest.files.map(\.sha256))
        try manifests.write(report.manifest)
    }

    /// The manifest that was there; one that cannot be read is written anew.
    private func earlier(_ manifest: SnapshotManifest) throws -> SnapshotManifest? {
        do throws(StorageError) {
            return try manifests.manifest(manifest.package, manifest.commit)
        } catch {
            guard case .damaged = error else { throw error }
            return nil
        }
    }

    /// Files that an earlier snapshot of the same commit has and this one did not ask for stay in its manifest.
    private func keep(_ earlier: SnapshotManifest?, in manifest: inout SnapshotManifest) {
        let present = Set(manifest.files.map(\.path))
        let kept = (earlier?.files ?? []).filter {
            !present.contains($0.path) && store.blob($0.sha256)?.size == $0.size
        }
        let names = Set(kept.map(\.path.text))
        manifest.files = (manifest.files + kept).sorted { $0.path < $1.path }
        manifest.absences = manifest.absences.filter { !names.contains($0.path) }.sorted { $0.path < $1.path }
    }
}
