public import Foundation
public import ModelPackage

/// A model as the mirror serves it.
public struct MirroredModel: Sendable {
    /// A file of the model's one revision.
    public struct File: Sendable {
        public let path: String
        public let size: Int64
        /// The git blob id of the content, or of its pointer for a large file.
        public let gitObjectID: String
        /// The SHA-256 of a large file's content; nil for a file that git keeps itself.
        public let sha256: String?
        /// Bytes of a large file's pointer.
        public let pointerSize: Int64?
        /// Where the content is on this machine.
        public let content: URL
    }

    public struct Commit: Sendable {
        public let id: String
        public let title: String
        public let authors: [String]
        public let date: Instant
    }

    /// `owner/name`, or a single segment.
    public let name: String
    /// The fields of the Hub's record, each as JSON text.
    public let fields: [String: String]
    public let files: [File]
    /// Newest first; the first one is the revision that is served.
    public let commits: [Commit]
    /// Branches and tags by name, with the commit each points to.
    public let branches: [String: String]
    public let tags: [String: String]
    public let gated: Gating
    public let isPrivate: Bool
    public let isDisabled: Bool
    // What lists sort by.
    public let downloads: Int64
    public let likes: Int64
    public let createdAt: Instant
    public let modifiedAt: Instant
    /// What a filter may name.
    public let filterWords: Set<String>

    public var revision: String { commits.first?.id ?? "" }
    public var author: String { String(name.prefix { $0 != "/" }) }

    /// The commit that a revision names: a branch, a tag, a full ref, a commit, or the beginning of one.
    public func commit(of revision: String) -> String? {
        let short = revision.hasPrefix("refs/heads/") ? String(revision.dropFirst(11)) : revision
        if let target = branches[short] { return target }
        if let target = tags[revision.hasPrefix("refs/tags/") ? String(revision.dropFirst(10)) : revision] { return target }
        let lowered = revision.lowercased()
        guard lowered.count >= 7, lowered.allSatisfy(\.isHexDigit) else { return nil }
        return commits.first { $0.id.hasPrefix(lowered) }?.id
    }
}

/// What the mirror serves from: a folder of samples, and later a dataset.
public protocol MirroredHub: Sendable {
    /// All models, in any order.
    func models() async throws -> [MirroredModel]
    /// The name that an old name leads to.
    func newName(of name: String) async throws -> String?
}
