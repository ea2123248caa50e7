import Catalog
import ModelPackage
import Snapshots
import Storage
import Synchronization

extension SnapshotManifest {
    /// The manifest's row in the catalog.
    var row: SnapshotRow {
        SnapshotRow(
            package: package, commit: commit, revision: revision, source: source, fetchedAt: fetchedAt,
            files: files.map {
                SnapshotRow.File(
                    path: $0.path.text, size: $0.size, sha256: $0.sha256, gitObjectID: $0.gitObjectID, mode: $0.mode,
                    isLFS: $0.isLFS)
            },
            absences: absences.map {
                SnapshotRow.Absence(
                    path: $0.path, size: $0.size, cause: $0.cause.rawValue, reason: $0.reason, isFailure: $0.cause != .leftOut)
            })
    }
}

/// Contents that are here, by git's name for them: as the catalog has them, and those of this run.
final class CatalogContents: HeldContents {
    private let catalog: CatalogDatabase
    private let fresh = Mutex<[GitObjectID: SHA256Hash]>([:])

    init(_ catalog: CatalogDatabase) {
        self.catalog = catalog
    }

    func content(of id: GitObjectID) throws -> SHA256Hash? {
        try fresh.withLock({ $0[id] }) ?? catalog.content(ofGitObject: id)
    }

    func note(_ blob: StoredBlob, as id: GitObjectID) {
        fresh.withLock { $0[id] = blob.hash }
    }
}
