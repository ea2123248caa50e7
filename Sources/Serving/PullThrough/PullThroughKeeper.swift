import Foundation
import Hubs
import Logging
import ModelPackage
import Pipeline
import ServiceLifecycle
import Storage
import Synchronization

/// Makes what was fetched for clients part of the dataset, as soon as nobody else writes to it.
///
/// Contents are in the store from the moment that they are whole. Their manifests and rows wait for the dataset's lock, which a `weir pull`
/// may hold for hours; until then they are served from memory, and fetched again should the server be stopped before.
final class PullThroughKeeper: Service {
    private struct Pending {
        var records: [PackageID: RawRecord] = [:]
        var files: [String: FetchedFiles] = [:]
        /// What was stored, by revision and path, also after it was recorded: it takes a moment until that shows.
        var stored: [String: StoredBlob] = [:]
    }

    /// Contents that are remembered.
    private static let capacity = 50_000

    let store: BlobStore
    private let record: PullThroughRecord
    private let source: String
    private let logger: Logger
    private let pending = Mutex(Pending())

    private static let interval = Duration.milliseconds(500)

    init(_ dataset: DatasetDirectory, source: String, logger: Logger) {
        store = BlobStore(dataset)
        record = PullThroughRecord(dataset, logger: logger)
        self.source = source
        self.logger = logger
    }

    /// Notes a content that was stored.
    func note(_ blob: StoredBlob, path: String, of listing: RevisionListing, revision: String) {
        let key = "\(listing.package)@\(listing.commit)"
        pending.withLock { pending in
            pending.files[
                key, default: FetchedFiles(listing: listing, revision: revision, source: source, contents: [:])
            ].contents[path] = blob
            if pending.stored.count >= Self.capacity { pending.stored.removeAll() }
            pending.stored["\(key)/\(path)"] = blob
        }
    }

    /// Notes a package that the catalog does not have.
    func note(_ record: RawRecord, of package: PackageID) {
        pending.withLock { $0.records[package] = record }
    }

    /// The content of a file that came through here and is in the store.
    func content(at path: String, of listing: RevisionListing) -> StoredBlob? {
        pending.withLock { $0.stored["\(listing.package)@\(listing.commit)/\(path)"] }.flatMap { store.blob($0.hash) }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Woken by being stopped, too: what is pending then is kept below.
                try? await Task.sleep(for: Self.interval)
                await self.keep()
            }
        }
        await keep()
    }

    private func keep() async {
        let due = pending.withLock { $0 }
        guard !due.records.isEmpty || !due.files.isEmpty else { return }
        do {
            // Packages of which no file was taken are not made part of the dataset: somebody only looked.
            let wanted = Set(due.files.values.map(\.listing.package))
            let records = due.records.filter { wanted.contains($0.key) }
            if !records.isEmpty, try await record.record(Array(records.values), source: source) {
                pending.withLock { pending in for key in records.keys { pending.records[key] = nil } }
            }
            if !due.files.isEmpty {
                try record.record(Array(due.files.values))
                pending.withLock { pending in
                    for (key, files) in due.files where pending.files[key]?.contents.count == files.contents.count {
                        pending.files[key] = nil
                    }
                }
            }
        } catch StorageError.locked {
            // Another process writes; the next round tries again.
        } catch {
            logger.error("what was fetched cannot be recorded yet", metadata: ["error": "\(error)"])
        }
    }
}
