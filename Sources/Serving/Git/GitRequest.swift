import HubMirror

/// What git or git-lfs asks, read from a request's path: `/NAME[.git]/info/refs`, `/NAME[.git]/git-upload-pack`,
/// `/NAME[.git]/info/lfs/objects/batch`, and the address of a large file that the batch answer gives.
enum GitRequest: Equatable {
    case references
    case uploadPack
    /// A push, which is refused.
    case receivePack
    case largeFileBatch
    case largeFile(String)
    /// Locks, which there are none of.
    case largeFileLocks

    /// The name of the repository and what is asked of it; nil for anything else.
    static func read(_ path: String) -> (name: String, request: GitRequest)? {
        guard let segments = PathSegments.decoded(path), segments.count >= 2 else { return nil }
        let endings: [(count: Int, read: ([String]) -> GitRequest?)] = [
            (2, { $0 == ["info", "refs"] ? .references : nil }),
            (1, { $0 == ["git-upload-pack"] ? .uploadPack : $0 == ["git-receive-pack"] ? .receivePack : nil }),
            (4, { $0 == ["info", "lfs", "objects", "batch"] ? .largeFileBatch : nil }),
            (4, { $0.starts(with: ["info", "lfs", "objects"]) ? .largeFile($0[3]) : nil }),
            (3, { $0 == ["info", "lfs", "locks"] ? .largeFileLocks : nil }),
            (4, { $0 == ["info", "lfs", "locks", "verify"] ? .largeFileLocks : nil }),
        ]
        for ending in endings where segments.count > ending.count {
            guard let request = ending.read(Array(segments.suffix(ending.count))) else { continue }
            var name = segments.dropLast(ending.count).joined(separator: "/")
            if name.hasSuffix(".git") { name.removeLast(4) }
            return name.isEmpty ? nil : (name, request)
        }
        return nil
    }
}
