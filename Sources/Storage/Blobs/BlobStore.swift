public import Foundation
public import ModelPackage

/// The contents of files, each once however many packages have it, named by its SHA-256: `blobs/ab/abcdef…`.
///
/// A blob appears whole, verified, flushed and read-only, or not at all.
public struct BlobStore: Sendable {
    public let dataset: DatasetDirectory

    public init(_ dataset: DatasetDirectory) {
        self.dataset = dataset
    }

    /// Where a blob is, or would be.
    public func file(of hash: SHA256Hash) -> URL {
        folder(of: hash).appending(path: hash.hex)
    }

    /// A blob by its hash, or nil where there is none. What it holds is not looked at.
    public func blob(_ hash: SHA256Hash) -> StoredBlob? {
        var status = stat()
        guard stat(file(of: hash).path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return StoredBlob(hash: hash, size: Int64(status.st_size))
    }

    /// Gives a whole, flushed file its name among the blobs.
    ///
    /// The name is durable after ``flushFolders(of:)``.
    func place(_ path: String, as hash: SHA256Hash) throws(StorageError) {
        let folder = folder(of: hash)
        try dataset.makeFolder(folder)
        guard chmod(path, 0o444) == 0 else { throw .system("protect", path) }
        guard rename(path, file(of: hash).path) == 0 else { throw .system("move into place", file(of: hash).path) }
    }

    /// Makes the names of blobs durable: what refers to them may be written after.
    public func flushFolders(of hashes: some Sequence<SHA256Hash>) throws(StorageError) {
        let folders = Set(hashes.map { folder(of: $0).path })
        for folder in folders.isEmpty ? [] : folders.union([dataset.blobs.path]) {
            try OpenFile(folder, flags: O_RDONLY | O_DIRECTORY).synchronize()
        }
    }

    /// Calls `body` with every file below `blobs/`, in order of name.
    ///
    /// - Throws: ``StorageError`` where a folder cannot be read; what `body` throws.
    public func forEachFile(_ body: (Entry) throws -> Void) throws {
        for folder in try dataset.names(in: dataset.blobs) {
            let url = dataset.blobs.appending(path: folder)
            var status = stat()
            guard lstat(url.path, &status) == 0 else { throw StorageError.system("look at", url.path) }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                try body(Entry(file: url, hash: nil, size: Int64(status.st_size)))
                continue
            }
            for name in try dataset.names(in: url) {
                let file = url.appending(path: name)
                guard lstat(file.path, &status) == 0 else { throw StorageError.system("look at", file.path) }
                let isRegular = status.st_mode & S_IFMT == S_IFREG
                let hash = isRegular && name.hasPrefix(folder) && folder.utf8.count == 2 ? SHA256Hash(name) : nil
                try body(Entry(file: file, hash: hash?.hex == name ? hash : nil, size: Int64(status.st_size)))
            }
        }
    }

    /// What fetches that were cut off left, to go on with.
    public func unfinishedFiles() throws(StorageError) -> [Entry] {
        var entries: [Entry] = []
        for name in try dataset.names(in: dataset.fetches) {
            let file = dataset.fetches.appending(path: name)
            var status = stat()
            guard lstat(file.path, &status) == 0 else { throw .system("look at", file.path) }
            // A file that is filled from many sides is as long as the whole from the start.
            entries.append(Entry(file: file, hash: nil, size: Int64(status.st_blocks) * 512))
        }
        return entries
    }

    /// A file below `blobs/`.
    public struct Entry: Sendable {
        public let file: URL
        /// Nil where its name is not a blob's.
        public let hash: SHA256Hash?
        public let size: Int64
    }

    /// Removes a blob.
    public func remove(_ file: URL) throws(StorageError) {
        guard unlink(file.path) == 0 || errno == ENOENT else { throw .system("remove", file.path) }
    }

    /// Stores a copy of a file of this machine.
    ///
    /// - Throws: ``StorageError/mismatch(what:announced:received:)`` where it is not what was claimed.
    public func copy(_ file: URL, claim: ContentClaim) throws(StorageError) -> StoredBlob {
        let source = try OpenFile(file.path, flags: O_RDONLY)
        let incoming = try IncomingBlob(self, name: claim.key ?? UUID().uuidString, claim: claim)
        var failure: StorageError?
        try source.forEachBlock(from: 0) { bytes in
            guard failure == nil else { return }
            do throws(StorageError) {
                try incoming.append(bytes)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return try incoming.finish()
    }

    /// The SHA-256 and length of a file as it stands on the disk.
    public func hash(ofFile path: String) throws(StorageError) -> (hash: SHA256Hash, size: Int64) {
        let file = try OpenFile(path, flags: O_RDONLY)
        var hasher = ContentHasher(git: nil)
        try file.forEachBlock(from: 0) { hasher.update($0) }
        return (hasher.finish().sha256, hasher.length)
    }

    private func folder(of hash: SHA256Hash) -> URL {
        dataset.blobs.appending(path: String(hash.hex.prefix(2)), directoryHint: .isDirectory)
    }
}
