public import ModelPackage

/// A Git LFS pointer: the text that stands in a repository for a large file (git-lfs, docs/spec.md).
public struct LFSPointer: Equatable, Sendable {
    public let sha256: SHA256Hash
    public let size: Int64

    /// The longest file that can be a pointer, by the specification.
    public static let maximumLength = 1024

    public init(sha256: SHA256Hash, size: Int64) {
        self.sha256 = sha256
        self.size = size
    }

    /// The pointer as it stands in a repository.
    public var text: String { "version https://git-lfs.github.com/spec/v1\noid sha256:\(sha256.hex)\nsize \(size)\n" }

    /// Nil for a text that is not a pointer.
    public init?(_ text: some StringProtocol) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: true).makeIterator()
        guard text.utf8.count <= Self.maximumLength, lines.next() == "version https://git-lfs.github.com/spec/v1" else {
            return nil
        }
        var hash: SHA256Hash?
        var size: Int64?
        while let line = lines.next() {
            if line.hasPrefix("oid sha256:") { hash = SHA256Hash(line.dropFirst("oid sha256:".count)) }
            if line.hasPrefix("size ") { size = Int64(line.dropFirst("size ".count)) }
        }
        guard let hash, let size, size >= 0 else { return nil }
        sha256 = hash
        self.size = size
    }
}
