/// What of a package could not be had.
public struct PackageFailure: Sendable {
    public let package: String
    /// Nil where nothing of the package could be had.
    public let path: String?
    public let reason: String
}
