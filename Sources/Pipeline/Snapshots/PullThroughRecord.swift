import Catalog
import Foundation
public import Hubs
public import Logging
import ModelPackage
import Snapshots
public import Storage

/// Files of a revision that were fetched because somebody asked for them.
public struct FetchedFiles: Sendable {
    public let listing: RevisionListing
    /// The branch, tag or commit that was asked for.
    public let revision: String
    public let source: String
    /// By path.
    public var contents: [String: StoredBlob]

    public init(listing: RevisionListing, revision: String, source: String, contents: [String: StoredBlob]) {
        self.listing = listing
        self.revision = revision
        self.source = source
        self.contents = contents
    }
}

/// Makes what was fetched for clients part of the dataset: manifests, rows, and the records of packages that are new.
public struct PullThroughRecord: Sendable {
    private let dataset: DatasetDirectory
    private let logger: Logger

    public init(_ dataset: DatasetDirectory, logger: Logger) {
        self.dataset = dataset
        self.logger = logger
    }

    /// Records packages that the catalog does not have yet, as a crawl of these alone.
    ///
    /// - Returns: false where a crawl of the hub is under way or waits to be gone on with: it must not be ended for this.
    /// - Throws: ``StorageError/locked(dataset:processID:)`` while another process writes, ``StorageError``, ``CatalogError``.
    public func record(_ records: [RawRecord], source: String) async throws -> Bool {
        let catalog = try CatalogDatabase(readingFrom: dataset.catalog.path)
        let isBusy = try catalog.runningCrawl(of: .huggingface) != nil
        try catalog.close()
        if isBusy { return false }
        var query = ListingQuery()
        query.limit = records.count
        _ = try await Pull(dataset, from: GivenRecords(records, of: .huggingface, source: source), query, logger: logger).run()
        return true
    }

    /// Records files.
    ///
    /// - Throws: as ``record(_:source:)``.
    public func record(_ fetched: [FetchedFiles]) throws {
        let lock = try DatasetLock(dataset)
        let catalog = try CatalogDatabase(writingTo: dataset.catalog.path)
        for files in fetched {
            let manifest = try StreamedSnapshot(dataset).record(
                files.listing, revision: files.revision, source: files.source, contents: files.contents, at: .now)
            try catalog.record(manifest.row)
        }
        try catalog.close()
        _ = consume lock
    }
}
