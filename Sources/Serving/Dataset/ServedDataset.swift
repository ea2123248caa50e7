import Catalog
import Export
import Foundation
import ModelPackage
public import Storage
import Synchronization

/// A dataset that is served while others may write to it: its catalog on several connections, its contents, and what is kept of both in
/// memory.
public final class ServedDataset: Sendable {
    public let directory: DatasetDirectory
    let catalog: CatalogDatabase
    let blobs: BlobStore
    let manifests: SnapshotStore
    let verifier: ContentVerifier
    /// Queries run here, never on the threads that answer.
    let work: WorkGate
    private let clock: CatalogDatabase
    private let seen = Mutex<(at: ContinuousClock.Instant, version: Int64)?>(nil)

    /// How old an answer may be that was made before the catalog changed.
    private static let staleness = Duration.milliseconds(250)

    /// Opens a dataset.
    ///
    /// - Parameter connections: queries that run side by side.
    /// - Throws: ``CatalogError`` where there is no catalog, or it needs a migration first.
    public init(_ directory: DatasetDirectory, connections: Int = 4) throws {
        self.directory = directory
        catalog = try CatalogDatabase(readingFrom: directory.catalog.path, connections: connections)
        clock = try CatalogDatabase(readingFrom: directory.catalog.path)
        blobs = BlobStore(directory)
        manifests = SnapshotStore(directory)
        verifier = ContentVerifier(blobs)
        work = WorkGate(width: connections)
    }

    /// A number that grows when the catalog has changed.
    func version() throws -> Int64 {
        try seen.withLock { seen in
            let now = ContinuousClock.now
            if let seen, seen.at.duration(to: now) < Self.staleness { return seen.version }
            let version = try clock.version()
            seen = (now, version)
            return version
        }
    }

    /// Runs a query.
    func read<Result: Sendable>(_ query: @Sendable @escaping (CatalogDatabase) throws -> Result) async throws -> Result {
        let catalog = catalog
        return try await work.run { try query(catalog) }
    }

    /// The hub's own record of a package.
    func record(of package: CatalogPackage) throws -> [UInt8] {
        Array(try RecordLookup(directory).record(of: package))
    }
}
