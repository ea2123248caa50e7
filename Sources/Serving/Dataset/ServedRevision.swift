import Catalog
import Documents
import HubMirror
import ModelPackage
import Storage

/// One commit of a package: its files as the mirror lists them, and which of their contents are held.
struct ServedRevision: Sendable {
    /// A content of the store.
    struct Held: Sendable {
        let sha256: SHA256Hash
        let size: Int64
    }

    let mirrored: MirroredRevision
    /// By path.
    let held: [String: Held]

    /// Reads the manifest of a commit, or the file list of the hub's record where nothing was fetched.
    init(_ package: ServedPackage, commit: String, in dataset: ServedDataset) throws {
        let manifest = try GitObjectID(commit).flatMap { try dataset.manifests.manifest(package.id, $0) }
        var files: [MirroredRevision.File] = []
        var held: [String: Held] = [:]
        if let manifest {
            for file in manifest.files {
                held[file.path.text] = Held(sha256: file.sha256, size: file.size)
                files.append(
                    MirroredRevision.File(
                        path: file.path.text, size: file.size, gitObjectID: (file.gitObjectID?.hex ?? file.sha256.hex),
                        sha256: file.isLFS ? file.sha256.hex : nil,
                        pointerSize: file.isLFS ? LargeFilePointer.length(of: file.sha256, size: file.size) : nil))
            }
            let listed = Dictionary(
                package.entry.package.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
            let describesThis = package.entry.package.revision?.value.hex == commit
            // What was left out is part of the revision all the same: a client that asks for all of it must be told.
            for absence in manifest.absences where absence.cause != .refused {
                files.append(Self.file(absence.path, size: absence.size, describesThis ? listed[absence.path] : nil))
            }
        } else {
            files = package.entry.package.files.map { Self.file($0.path, size: $0.size, $0) }
        }
        self.held = held
        mirrored = MirroredRevision(commit: commit, fields: try Self.fields(of: package, in: dataset), files: files)
    }

    private static func file(_ path: String, size: Int64?, _ listed: PackageFile?) -> MirroredRevision.File {
        let isLarge = listed?.isLFS == true
        let size = size ?? listed?.size
        return MirroredRevision.File(
            path: path, size: size, gitObjectID: listed?.gitObjectID?.hex, sha256: isLarge ? listed?.sha256?.hex : nil,
            pointerSize: isLarge
                ? listed?.sha256.flatMap { hash in size.map { LargeFilePointer.length(of: hash, size: $0) } } : nil)
    }

    /// The Hub's own record where there is one, else one made from the schema.
    private static func fields(of package: ServedPackage, in dataset: ServedDataset) throws -> [String: String] {
        var fields = HubRecord.fields(of: package.entry.package, name: package.name)
        guard package.id.hub == .huggingface else { return fields }
        do {
            for (key, value) in try HubRecord.fields(verbatim: dataset.record(of: package.entry), name: package.name) {
                fields[key] = value
            }
        } catch is StorageError {
            // The records are on another disk, or were left behind: what the catalog knows is served.
        } catch is JSONError {
            // A record file of another program's making; the same holds.
        }
        return fields
    }
}

/// The pointer that git keeps in the place of a large file (git-lfs, docs/spec.md).
enum LargeFilePointer {
    static func text(of hash: SHA256Hash, size: Int64) -> String {
        "version https://git-lfs.github.com/spec/v1\noid sha256:\(hash.hex)\nsize \(size)\n"
    }

    static func length(of hash: SHA256Hash, size: Int64) -> Int64 { Int64(text(of: hash, size: size).utf8.count) }
}
