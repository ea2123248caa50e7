import Foundation
import ModelPackage
import Storage

/// The files of packages as PTMTorrent has them: `repos/AUTHOR/MODEL/`, from the newest snapshot of each.
struct PTMTorrentRepositories {
    private let snapshots: SnapshotStore
    private let checkout: Checkout
    private let root: URL

    init(_ dataset: DatasetDirectory, _ root: URL) {
        snapshots = SnapshotStore(dataset)
        checkout = Checkout(BlobStore(dataset))
        self.root = root
    }

    /// Lays out a package's files in the place of what an earlier export laid out; false where there is no snapshot.
    func write(_ package: Package) throws -> Bool {
        guard let manifest = try snapshots.manifests(of: package.id).first else { return false }
        // Where the address has one part only, PTMTorrent takes the host for the author.
        let name = package.id.name.utf8.contains(UInt8(ascii: "/")) ? package.id.name : "huggingface.co/\(package.id.name)"
        let folder = root.appending(path: name, directoryHint: .isDirectory)
        do {
            if FileManager.default.fileExists(atPath: folder.path) { try FileManager.default.removeItem(at: folder) }
        } catch {
            throw ExportError(writing: folder.path, error)
        }
        _ = try checkout.writeFiles(of: manifest, to: folder)
        return true
    }
}
