package import Hubs
package import ModelPackage
package import Storage

/// The manifest of a revision whose files came one by one, as they were asked for.
package struct StreamedSnapshot: Sendable {
    private let dataset: DatasetDirectory

    package init(_ dataset: DatasetDirectory) {
        self.dataset = dataset
    }

    /// Adds contents to the manifest of a revision; files that nobody has asked for are noted as left out. The caller holds the lock.
    package func record(
        _ listing: RevisionListing, revision: String, source: String, contents: [String: StoredBlob], at time: Instant
    ) throws -> SnapshotManifest {
        let plan = SnapshotPlan(listing.files, .all)
        let store = BlobStore(dataset)
        var manifest = SnapshotManifest(
            package: listing.package, commit: listing.commit, revision: revision, source: source, fetchedAt: time, files: [],
            absences: plan.absences)
        for entry in plan.wanted {
            // What was collected in between is not here any more.
            if let blob = contents[entry.path.text], store.blob(blob.hash) != nil {
                manifest.files.append(
                    .init(
                        path: entry.path, size: blob.size, sha256: blob.hash, gitObjectID: entry.file.gitObjectID,
                        mode: entry.file.mode ?? .regular, isLFS: entry.file.isLFS ?? false))
            } else {
                manifest.absences.append(.init(path: entry.path.text, size: entry.file.size, cause: .leftOut))
            }
        }
        var report = SnapshotReport(manifest: manifest)
        try ManifestWriter(dataset).finish(&report)
        return report.manifest
    }
}
