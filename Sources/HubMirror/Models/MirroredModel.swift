public import ModelPackage

/// A model as the mirror serves it: what holds for all of its revisions.
public struct MirroredModel: Sendable {
    /// The repository's name for clients: `owner/name`, or a single segment.
    public let name: String
    /// The commit that `main` leads to where no branch of that name is listed.
    public let head: String
    /// Branches and tags by name, with the commit each points to.
    public let branches: [String: String]
    public let tags: [String: String]

    public init(name: String, head: String, branches: [String: String], tags: [String: String]) {
        self.name = name
        self.head = head
        self.branches = branches
        self.tags = tags
    }

    /// The full commit that a revision names by a branch, a tag or a full ref; nil for one that is none of these.
    public func target(ofReference revision: String) -> String? {
        let branch = revision.hasPrefix("refs/heads/") ? String(revision.dropFirst(11)) : revision
        if let target = branches[branch] { return target }
        if let target = tags[revision.hasPrefix("refs/tags/") ? String(revision.dropFirst(10)) : revision] { return target }
        return branch == "main" && !head.isEmpty ? head : nil
    }
}

/// One commit of a model, with its files.
public struct MirroredRevision: Sendable {
    /// A file of a revision.
    public struct File: Sendable {
        public let path: String
        /// Bytes of the content; nil where nobody said.
        public let size: Int64?
        /// The git blob id of the content, or of its pointer for a large file; nil where it is not known.
        public let gitObjectID: String?
        /// The SHA-256 of a large file's content; nil for a file that git keeps itself.
        public let sha256: String?
        /// Bytes of a large file's pointer.
        public let pointerSize: Int64?

        public init(path: String, size: Int64?, gitObjectID: String?, sha256: String?, pointerSize: Int64?) {
            self.path = path
            self.size = size
            self.gitObjectID = gitObjectID
            self.sha256 = sha256
            self.pointerSize = pointerSize
        }
    }

    public let commit: String
    /// The Hub's record, each field as JSON text. `sha` and `siblings` are the mirror's to write.
    public let fields: [String: String]
    /// Sorted by the bytes of their paths.
    public let files: [File]

    public init(commit: String, fields: [String: String], files: [File]) {
        self.commit = commit
        self.fields = fields
        self.files = files.sorted { Self.precedes($0.path, $1.path) }
    }

    /// The file at a path, which is compared byte for byte.
    public func file(at path: String) -> File? {
        let index = firstIndex(notBefore: path)
        return index < files.count && files[index].path.utf8.elementsEqual(path.utf8) ? files[index] : nil
    }

    /// Whether there are files below a folder.
    func hasFolder(_ path: String) -> Bool {
        let index = firstIndex(notBefore: path + "/")
        return index < files.count && files[index].path.utf8.starts(with: (path + "/").utf8)
    }

    private func firstIndex(notBefore path: String) -> Int {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(files[middle].path, path) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// A commit of a model's history.
public struct MirroredCommit: Sendable {
    public let id: String
    public let title: String
    public let message: String
    public let authors: [String]
    public let date: Instant

    public init(id: String, title: String, message: String = "", authors: [String], date: Instant) {
        self.id = id
        self.title = title
        self.message = message
        self.authors = authors
        self.date = date
    }
}
