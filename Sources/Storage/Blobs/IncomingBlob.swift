import Foundation
public import ModelPackage

/// What a hub states about a content before it comes. All of it is checked, and a content that differs is never stored.
public struct ContentClaim: Hashable, Sendable {
    public var size: Int64?
    public var sha256: SHA256Hash?
    /// The git blob id of the content itself (not of a pointer to it).
    public var gitObjectID: GitObjectID?

    public init(size: Int64?, sha256: SHA256Hash?, gitObjectID: GitObjectID?) {
        self.size = size
        self.sha256 = sha256
        self.gitObjectID = gitObjectID
    }

    /// A name for what is claimed, the same whichever package claims it; nil where no hash is stated.
    public var key: String? {
        sha256.map { "sha256-\($0.hex)" } ?? gitObjectID.map { "git-\($0.hex)" }
    }

    /// - Throws: ``StorageError/mismatch(what:announced:received:)``.
    func check(_ hashes: (sha256: SHA256Hash, git: GitObjectID?), length: Int64) throws(StorageError) {
        if let size, size != length {
            throw .mismatch(what: "length", announced: "\(size) bytes", received: "\(length) bytes")
        }
        if let sha256, sha256 != hashes.sha256 {
            throw .mismatch(what: "SHA-256", announced: sha256.hex, received: hashes.sha256.hex)
        }
        if let gitObjectID, gitObjectID.hex.utf8.count == 40, let git = hashes.git, git != gitObjectID {
            throw .mismatch(what: "git object id", announced: gitObjectID.hex, received: git.hex)
        }
    }

    /// The length that git's id is worked out with; nil where there is no id to check.
    fileprivate var gitSize: Int64? { gitObjectID == nil ? nil : size }
}

/// A stored content.
public struct StoredBlob: Hashable, Sendable {
    public let hash: SHA256Hash
    public let size: Int64

    public init(hash: SHA256Hash, size: Int64) {
        self.hash = hash
        self.size = size
    }
}

/// A content that comes from its beginning to its end, hashed on its way to the disk.
public final class IncomingBlob {
    private let store: BlobStore
    private let claim: ContentClaim
    private let file: OpenFile
    private var hasher: ContentHasher
    private var buffer: [UInt8] = []
    private var isPlaced = false

    private static let bufferSize = 1 << 18

    /// Begins a content; what an earlier try of the same name left is overwritten.
    ///
    /// - Parameter name: what to call the file in `tmp/fetch` meanwhile.
    public init(_ store: BlobStore, name: String, claim: ContentClaim) throws(StorageError) {
        self.store = store
        self.claim = claim
        try store.dataset.makeFolder(store.dataset.fetches)
        file = try OpenFile(
            store.dataset.fetches.appending(path: name + ".part").path, flags: O_RDWR | O_CREAT | O_TRUNC)
        hasher = ContentHasher(gitSize: claim.gitSize)
    }

    deinit {
        // A content from its beginning is not gone on with.
        if !isPlaced { unlink(file.path) }
    }

    public var length: Int64 { hasher.length }

    public func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        if let size = claim.size, hasher.length + Int64(bytes.count) > size {
            throw .mismatch(what: "length", announced: "\(size) bytes", received: "more")
        }
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize {
            try file.write(bytes, at: hasher.length)
        } else {
            buffer.append(contentsOf: bytes)
        }
        hasher.update(bytes)
    }

    /// Checks the whole content against what was claimed and stores it.
    ///
    /// - Throws: ``StorageError/mismatch(what:announced:received:)`` where it differs; nothing is stored then.
    public func finish() throws(StorageError) -> StoredBlob {
        try flush()
        let hashes = hasher.finish()
        try claim.check(hashes, length: hasher.length)
        try file.synchronize()
        try store.place(file.path, as: hashes.sha256)
        isPlaced = true
        return StoredBlob(hash: hashes.sha256, size: hasher.length)
    }

    private func flush() throws(StorageError) {
        if buffer.isEmpty { return }
        try file.write(buffer, at: hasher.length - Int64(buffer.count))
        buffer.removeAll(keepingCapacity: true)
    }
}
