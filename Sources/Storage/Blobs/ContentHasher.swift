import Crypto
import ModelPackage

/// The hashes that hubs name contents by, taken as the bytes come: SHA-256, and git's object id of a blob.
struct ContentHasher {
    private var sha256 = SHA256()
    private var git: Insecure.SHA1?
    private(set) var length: Int64 = 0

    /// - Parameter gitSize: the content's length, where git's id is wanted: git hashes it before the content (`blob SIZE NUL`).
    init(gitSize: Int64?) {
        if let gitSize {
            var hasher = Insecure.SHA1()
            hasher.update(data: Array("blob \(gitSize)\0".utf8))
            git = hasher
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        sha256.update(bufferPointer: bytes)
        git?.update(bufferPointer: bytes)
        length += Int64(bytes.count)
    }

    func finish() -> (sha256: SHA256Hash, git: GitObjectID?) {
        (SHA256Hash(digest: Array(sha256.finalize())), git.map { GitObjectID(digest: Array($0.finalize())) })
    }
}
