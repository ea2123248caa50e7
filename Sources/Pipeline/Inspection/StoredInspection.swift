import Foundation
public import Inspection
import ModelFormats
import ModelPackage
public import Storage

/// Inspects packages whose snapshots are in the dataset.
public struct StoredInspection: Sendable {
    private let blobs: BlobStore
    private let local: LocalInspection

    public init(_ dataset: DatasetDirectory, wantsHashes: Bool = false) {
        blobs = BlobStore(dataset)
        local = LocalInspection(wantsHashes: wantsHashes)
    }

    /// The files of a manifest, by what is stored; what the snapshot left out is told with its size.
    public func inspect(_ manifest: SnapshotManifest, target: String) async -> Inspection {
        let places = manifest.files.map { (place: blobs.file(of: $0.sha256).path, path: $0.path.text) }
        var files = await local.files(places)
        files += manifest.absences.map {
            InspectedFile(
                path: $0.path, size: Int($0.size.map { min(max(0, $0), InspectedFile.largestSize) } ?? 0), bytesRead: 0,
                contents: nil)
        }
        let card = manifest.files.first { $0.path.text == "README.md" }.flatMap {
            LocalInspection.card(at: blobs.file(of: $0.sha256).path)
        }
        let transfer = Inspection.Transfer(
            bytesRead: files.reduce(0) { $0 + $1.bytesRead }, bytesTotal: files.totalSize, requests: 0)
        return Inspection(target: target, name: manifest.package.name, card: card, files: files, transfer: transfer)
    }
}
