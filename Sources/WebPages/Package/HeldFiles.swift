public import ModelPackage

/// The files of one commit of a package that lie in the dataset.
public struct HeldFiles: Sendable {
    public var commit: GitObjectID
    /// When they were fetched.
    public var fetchedAt: Instant?
    /// Paths from the package's root.
    public var paths: Set<String>

    public init(commit: GitObjectID, fetchedAt: Instant?, paths: Set<String>) {
        self.commit = commit
        self.fetchedAt = fetchedAt
        self.paths = paths
    }
}
