import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The right to write to a dataset: an operating-system lock that ends with the process, however it ends.
public struct DatasetLock: ~Copyable, Sendable {
    private let file: OpenFile

    /// Takes the lock.
    ///
    /// - Throws: ``StorageError/locked(dataset:processID:)`` at once where another process holds it.
    public init(_ dataset: DatasetDirectory) throws(StorageError) {
        let opened = try OpenFile(dataset.lock.path, flags: O_RDWR | O_CREAT)
        // A child process that has just been started shares the lock until it runs its own program, so a lock that was let go of
        // this moment may seem held for a moment more.
        var tries = 1
        while flock(opened.descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK, tries < 10 {
            usleep(20_000)
            tries += 1
        }
        guard flock(opened.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw .system("lock", dataset.lock.path) }
            let text = String(decoding: try opened.read(32, at: 0), as: UTF8.self)
            throw .locked(
                dataset: dataset.root.path, processID: Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        try opened.truncate(to: 0)
        try opened.write(Array("\(getpid())\n".utf8), at: 0)
        file = opened
    }
}
