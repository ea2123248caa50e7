public import ModelPackage

/// What is known of a package when it is judged. A value that is not known is nil or an empty list.
public struct PolicySubject: Equatable, Sendable {
    /// What the newest scan of the revision that is judged says; of another revision it would say nothing.
    public struct Scan: Equatable, Sendable {
        /// Nil where nothing was found.
        public var worst: FindingSeverity?
        /// Whether every part could be scanned.
        public var isComplete: Bool

        public init(worst: FindingSeverity?, isComplete: Bool) {
            self.worst = worst
            self.isComplete = isComplete
        }
    }

    public var id: PackageID
    public var owner: String?
    /// Identifiers of licences, in any case.
    public var licenses: [String]
    public var task: String?
    public var library: String?
    /// False where the hub has no gates.
    public var isGated: Bool?
    /// False where the hub has no private packages.
    public var isPrivate: Bool?
    /// Whether the hub has the package no longer.
    public var isRemoved: Bool
    /// Bytes of all files together; nil where the files, or the size of one, are not known.
    public var totalSize: Int64?
    /// Nil where the revision was never scanned.
    public var scan: Scan?

    public init(
        id: PackageID, owner: String? = nil, licenses: [String] = [], task: String? = nil, library: String? = nil,
        isGated: Bool? = nil, isPrivate: Bool? = nil, isRemoved: Bool = false, totalSize: Int64? = nil, scan: Scan? = nil
    ) {
        self.id = id
        self.owner = owner
        self.licenses = licenses
        self.task = task
        self.library = library
        self.isGated = isGated
        self.isPrivate = isPrivate
        self.isRemoved = isRemoved
        self.totalSize = totalSize
        self.scan = scan
    }
}

/// What is known of a file when it is judged.
public struct PolicyFile: Equatable, Sendable {
    /// From the package's root, with `/`.
    public var path: String
    /// Bytes of the content.
    public var size: Int64?
    /// What an inspection found the file to be, under the names that inspections use (`pytorch-zip`); nil where none knows.
    public var format: String?

    public init(path: String, size: Int64? = nil, format: String? = nil) {
        self.path = path
        self.size = size
        self.format = format
    }
}
