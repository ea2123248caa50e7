public import Foundation
public import ModelPackage

/// The manifests of a dataset: `snapshots/HUB/NAME/COMMIT.json`.
public struct SnapshotStore: Sendable {
    public let dataset: DatasetDirectory

    public init(_ dataset: DatasetDirectory) {
        self.dataset = dataset
    }

    public func file(_ package: PackageID, _ commit: GitObjectID) -> URL {
        folder(package).appending(path: "\(commit.hex).json")
    }

    /// The manifest of a revision, or nil.
    ///
    /// - Throws: ``StorageError`` where it cannot be read or is damaged.
    public func manifest(_ package: PackageID, _ commit: GitObjectID) throws(StorageError) -> SnapshotManifest? {
        let file = file(package, commit)
        return FileManager.default.fileExists(atPath: file.path) && !isFolder(file) ? try manifest(at: file) : nil
    }

    /// All manifests of a package, the newest first.
    public func manifests(of package: PackageID) throws(StorageError) -> [SnapshotManifest] {
        var manifests: [SnapshotManifest] = []
        for name in try dataset.names(in: folder(package)) where Self.commit(ofFile: name) != nil {
            let place = folder(package).appending(path: name)
            if !isFolder(place) { manifests.append(try manifest(at: place)) }
        }
        return manifests.sorted { $0.fetchedAt > $1.fetchedAt }
    }

    /// The manifest that a revision names: by its commit or the first 7 or more digits of it, or by the branch or tag that was asked
    /// for; the newest one where no revision is given.
    public func manifest(naming id: RevisionID) throws(StorageError) -> SnapshotManifest? {
        let manifests = try manifests(of: id.package)
        guard let revision = id.revision else { return manifests.first }
        return manifests.first { $0.commit.hex == revision.lowercased() } ?? manifests.first { $0.revision == revision }
            ?? (revision.count >= 7 ? manifests.first { $0.commit.hex.hasPrefix(revision.lowercased()) } : nil)
    }

    /// Calls `body` with every manifest, hub by hub, in order of name. Links to folders are followed, as everywhere else.
    ///
    /// - Parameter damaged: told of a manifest that cannot be read; where it is nil, such a one ends the walk.
    /// - Throws: ``StorageError``, or what `body` throws.
    public func forEachManifest(
        damaged: ((StorageError) -> Void)? = nil, _ body: (SnapshotManifest) throws -> Void
    ) throws {
        for hub in HubID.allCases {
            try visit(dataset.snapshots.appending(path: hub.rawValue, directoryHint: .isDirectory), depth: 0, damaged, body)
        }
    }

    /// Deeper than any name's folders.
    private static let maximumDepth = PackageID.maximumNameLength

    private func visit(
        _ folder: URL, depth: Int, _ damaged: ((StorageError) -> Void)?, _ body: (SnapshotManifest) throws -> Void
    ) throws {
        guard depth <= Self.maximumDepth else {
            throw StorageError.failed(operation: "read", path: folder.path, reason: "links lead round in a circle")
        }
        for name in try dataset.names(in: folder) {
            let place = folder.appending(path: name)
            if isFolder(place) {
                try visit(place, depth: depth + 1, damaged, body)
            } else if Self.commit(ofFile: name) != nil {
                let manifest: SnapshotManifest
                do throws(StorageError) {
                    manifest = try self.manifest(at: place)
                } catch {
                    guard let damaged else { throw error }
                    damaged(error)
                    continue
                }
                try body(manifest)
            }
        }
    }

    /// Puts a manifest in its place, flushed. Its blobs must be there.
    public func write(_ manifest: SnapshotManifest) throws(StorageError) {
        try dataset.place(manifest.json, at: file(manifest.package, manifest.commit))
    }

    private func manifest(at file: URL) throws(StorageError) -> SnapshotManifest {
        let opened = try OpenFile(file.path, flags: O_RDONLY)
        return try SnapshotManifest(json: try opened.read(Int(try opened.size()), at: 0), path: file.path)
    }

    private func folder(_ package: PackageID) -> URL {
        dataset.snapshots.appending(path: "\(package.hub.rawValue)/\(package.name)", directoryHint: .isDirectory)
    }

    private func isFolder(_ place: URL) -> Bool {
        var status = stat()
        return stat(place.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func commit(ofFile name: String) -> GitObjectID? {
        name.hasSuffix(".json") ? GitObjectID(name.dropLast(5)) : nil
    }
}
