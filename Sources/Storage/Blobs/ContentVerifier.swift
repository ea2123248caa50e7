import Foundation
public import ModelPackage
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads stored contents before they are handed out: each once, and again when its file has changed since.
///
/// A disk may give back other bytes than were written. Whoever sends a content keeps its end back until this says that it is whole.
public final class ContentVerifier: Sendable {
    /// What a file is known by: another one, or the same with other bytes, differs in one of these.
    private struct Identity: Hashable {
        let file: UInt64
        let size: Int64
        let modified: Int64
        let changed: Int64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            file = UInt64(status.st_ino)
            size = Int64(status.st_size)
            #if canImport(Darwin)
                modified = Int64(status.st_mtimespec.tv_sec) << 30 | Int64(status.st_mtimespec.tv_nsec)
                changed = Int64(status.st_ctimespec.tv_sec) << 30 | Int64(status.st_ctimespec.tv_nsec)
            #else
                modified = Int64(status.st_mtim.tv_sec) << 30 | Int64(status.st_mtim.tv_nsec)
                changed = Int64(status.st_ctim.tv_sec) << 30 | Int64(status.st_ctim.tv_nsec)
            #endif
        }
    }

    private struct Entry {
        let identity: Identity
        let verdict: Task<Bool, Never>
        /// Known once the task has ended.
        var isWhole: Bool?
    }

    private let store: BlobStore
    private let entries = Mutex<[SHA256Hash: Entry]>([:])

    /// Contents that are remembered; past that, all are read again.
    private static let capacity = 1_000_000

    public init(_ store: BlobStore) {
        self.store = store
    }

    /// Whether a content is known to be whole or damaged; nil where it has yet to be read.
    public func known(_ hash: SHA256Hash) -> Bool? {
        guard let identity = Identity(store.file(of: hash).path) else { return false }
        return entries.withLock { entries in
            entries[hash].flatMap { $0.identity == identity ? $0.isWhole : nil }
        }
    }

    /// Whether a content is whole. It is read once, however many ask.
    public func isWhole(_ hash: SHA256Hash) async -> Bool {
        let path = store.file(of: hash).path
        guard let identity = Identity(path) else { return false }
        let verdict = entries.withLock { entries in
            if let entry = entries[hash], entry.identity == identity { return entry.verdict }
            if entries.count >= Self.capacity { entries.removeAll() }
            let task = Task(executorPreference: BlockingExecutor.shared) { [store] in
                do {
                    return try store.hash(ofFile: path).hash == hash
                } catch {
                    // What cannot be read is not whole.
                    return false
                }
            }
            entries[hash] = Entry(identity: identity, verdict: task, isWhole: nil)
            return task
        }
        let isWhole = await verdict.value
        entries.withLock { entries in
            if entries[hash]?.identity == identity { entries[hash]?.isWhole = isWhole }
        }
        return isWhole
    }
}
