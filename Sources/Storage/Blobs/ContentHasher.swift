import Crypto
import ModelPackage

/// The hashes that hubs name contents by, taken as the bytes come: SHA-256, and git's object id of a blob.
struct ContentHasher {
    /// Git hashes `blob SIZE NUL` before the content, with SHA-1 or, in newer repositories, SHA-256.
    private enum GitHasher {
        case sha1(Insecure.SHA1)
        case sha256(SHA256)
    }

    private var sha256 = SHA256()
    private var git: GitHasher?
    private(set) var length: Int64 = 0

    /// - Parameter git: an id of the kind that is wanted, and the content's length; nil where none is wanted.
    init(git: (id: GitObjectID, size: Int64)?) {
        guard let git else { return }
        let head = Array("blob \(git.size)\0".utf8)
        if git.id.hex.utf8.count == 40 {
            var hasher = Insecure.SHA1()
            hasher.update(data: head)
            self.git = .sha1(hasher)
        } else {
            var hasher = SHA256()
            hasher.update(data: head)
            self.git = .sha256(hasher)
        }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        sha256.update(bufferPointer: bytes)
        switch git {
        case .sha1(var hasher)?:
            git = nil
            hasher.update(bufferPointer: bytes)
            git = .sha1(hasher)
        case .sha256(var hasher)?:
            git = nil
            hasher.update(bufferPointer: bytes)
            git = .sha256(hasher)
        case nil: break
        }
        length += Int64(bytes.count)
    }

    func finish() -> (sha256: SHA256Hash, git: GitObjectID?) {
        let id: GitObjectID? =
            switch git {
            case .sha1(let hasher)?: GitObjectID(digest: Array(hasher.finalize()))
            case .sha256(let hasher)?: GitObjectID(digest: Array(hasher.finalize()))
            case nil: nil
            }
        return (SHA256Hash(digest: Array(sha256.finalize())), id)
    }
}
