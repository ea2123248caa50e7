import Foundation
public import ModelPackage

/// What a hub states about a content before it comes. All of it is checked, and a content that differs is never stored.
public struct ContentClaim: Hashable, Sendable {
    public var size: Int64?
    public var sha256: SHA256Hash?
    /// The git blob id of the content itself (not of a pointer to it).
    public var gitObjectID: GitObjectID?
    /// Bytes that are taken at most, where the size is not stated.
    public var maximumSize: Int64

    /// No file of a model is larger: 4 TiB.
    public static let largestFile: Int64 = 1 << 42

    public init(size: Int64?, sha256: SHA256Hash?, gitObjectID: GitObjectID?, maximumSize: Int64? = nil) {
        self.maximumSize = min(maximumSize ?? Self.largestFile, Self.largestFile)
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
        // An id that was stated and not worked out would vouch for bytes that nobody checked.
        if let gitObjectID, hashes.git != gitObjectID {
            throw .mismatch(what: "git object id", announced: gitObjectID.hex, received: hashes.git?.hex ?? "not known")
        }
    }

    /// What git's id is worked out with; nil where there is none to check, or the length is known only at the end.
    fileprivate var git: (GitObjectID, Int64)? { gitObjectID.flatMap { id in size.map { (id, $0) } } }
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
        hasher = ContentHasher(git: claim.git)
    }

    deinit {
        // A content from its beginning is not gone on with.
        if !isPlaced { unlink(file.path) }
    }

    public var length: Int64 { hasher.length }
    /// Bytes that can be read from ``partialPath``.
    var writtenLength: Int64 { hasher.length - Int64(buffer.count) }
    /// Where the bytes are until the content is stored.
    var partialPath: String { file.path }

    public func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        if let size = claim.size, hasher.length + Int64(bytes.count) > size {
            throw .mismatch(what: "length", announced: "\(size) bytes", received: "more")
        }
        guard hasher.length + Int64(bytes.count) <= claim.maximumSize else {
            throw .mismatch(what: "length", announced: "at most \(claim.maximumSize) bytes", received: "more")
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
        var hashes = hasher.finish()
        if let id = claim.gitObjectID, claim.size == nil {
            // Git hashes the length first, which is known only now.
            var second = ContentHasher(git: (id, hasher.length))
            try file.forEachBlock(from: 0) { second.update($0) }
            hashes = second.finish()
        }
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
