public import Foundation
public import ModelPackage

/// The files of one revision as a hub lists them. Their paths are the hub's own, not checked.
public struct RevisionListing: Sendable {
    /// The package under its present name.
    public var package: PackageID
    public var commit: GitObjectID
    public var files: [PackageFile]

    public init(package: PackageID, commit: GitObjectID, files: [PackageFile]) {
        self.package = package
        self.commit = commit
        self.files = files
    }
}

/// A hub that says what files a revision has, and serves their contents over HTTP.
public protocol RevisionSource: Sendable {
    /// Where the files come from, as it is kept with a snapshot: never a credential.
    var source: String { get }

    /// - Parameter revision: a branch, tag or commit; nil for the hub's default.
    /// - Throws: ``HubError`` where there is no such revision, or it cannot be had.
    func listing(of package: PackageID, revision: String?) async throws -> RevisionListing

    /// Where the content of a file is asked for. Redirects from there are followed, and may be signed for a while only.
    func location(of file: PackageFile, in listing: RevisionListing) throws -> URL
}
