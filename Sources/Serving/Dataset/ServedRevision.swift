import Catalog
import Documents
import HubMirror
import Hubs
import ModelPackage
import Snapshots
import Storage

/// One commit of a package: its files as the mirror lists them, and which of their contents are held.
struct ServedRevision: Sendable {
    /// Where a content is.
    enum Held: Sendable {
        /// In the store.
        case blob(SHA256Hash, size: Int64)
        /// In the package's git mirror alone.
        case object(GitObjectID, size: Int64)
    }

    let mirrored: HubMirror.MirroredRevision
    /// By path.
    let held: [String: Held]
    /// What upstream lists, for files that are not held; nil where upstream is not asked.
    var upstream: RevisionListing?
    /// What a scan and a look at the headers found of this very revision.
    let judged: JudgedRevision

    /// Reads the manifest of a commit, or the file list of the hub's record where nothing was fetched.
    init(_ package: ServedPackage, commit: String, in dataset: ServedDataset) throws {
        let manifest = try GitObjectID(commit).flatMap { try dataset.manifests.manifest(package.id, $0) }
        var files: [HubMirror.MirroredRevision.File] = []
        var held: [String: Held] = [:]
        if let manifest {
            for file in manifest.files {
                held[file.path.text] = .blob(file.sha256, size: file.size)
                files.append(
                    HubMirror.MirroredRevision.File(
                        path: file.path.text, size: file.size, gitObjectID: (file.gitObjectID?.hex ?? file.sha256.hex),
                        sha256: file.isLFS ? file.sha256.hex : nil,
                        pointerSize: file.isLFS ? Self.pointerSize(file.sha256, file.size) : nil))
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
        judged = try JudgedRevision(package.id, GitObjectID(commit), in: dataset)
        mirrored = HubMirror.MirroredRevision(commit: commit, fields: try Self.fields(of: package, in: dataset), files: files)
    }

    /// Reads a commit of a package's git mirror that no snapshot was taken of.
    init(_ package: ServedPackage, commit: GitObjectID, mirror: GitMirror, in dataset: ServedDataset) async throws {
        var held: [String: Held] = [:]
        let files = try await Snapshots.MirroredRevision(mirror, commit).files.map { file in
            if let hash = file.sha256 {
                if let blob = dataset.blobs.blob(hash) { held[file.path] = .blob(hash, size: blob.size) }
            } else if let id = file.gitObjectID, let size = file.size {
                held[file.path] = .object(id, size: size)
            }
            return Self.file(file.path, size: file.size, file)
        }
        let (fields, judged) = try await dataset.work.run {
            (try Self.fields(of: package, in: dataset), try JudgedRevision(package.id, commit, in: dataset))
        }
        self.held = held
        self.judged = judged
        mirrored = HubMirror.MirroredRevision(commit: commit.hex, fields: fields, files: files)
    }

    /// A revision as upstream lists it, with what is held of its files: in whatever package they came.
    init(_ package: ServedPackage, _ answer: Upstream.Answer, _ catalog: CatalogDatabase, in dataset: ServedDataset) throws {
        let listing = answer.listing
        var held: [String: Held] = [:]
        for file in try dataset.manifests.manifest(listing.package, listing.commit)?.files ?? [] {
            held[file.path.text] = .blob(file.sha256, size: file.size)
        }
        for file in listing.files where held[file.path] == nil {
            let hash =
                try file.sha256 ?? (file.isLFS == true ? nil : file.gitObjectID.flatMap { try catalog.content(ofGitObject: $0) })
            if let hash, let blob = dataset.blobs.blob(hash), blob.size == file.size ?? blob.size {
                held[file.path] = .blob(hash, size: blob.size)
            }
        }
        var fields = HubRecord.fields(of: package.entry.package, name: package.name)
        for (key, value) in try HubRecord.fields(verbatim: Array(answer.record.bytes), name: package.name) { fields[key] = value }
        self.held = held
        judged = try JudgedRevision(listing.package, listing.commit, in: dataset)
        mirrored = HubMirror.MirroredRevision(
            commit: listing.commit.hex, fields: fields,
            files: listing.files.filter { Self.isHarmless($0.path) }.map { Self.file($0.path, size: $0.size, $0) })
        upstream = listing
    }

    /// A path that could do harm is not passed on: clients refuse the whole package for it, or worse, do not.
    private static func isHarmless(_ path: String) -> Bool {
        do throws(InvalidFilePath) {
            _ = try FilePath(path)
            return true
        } catch {
            return false
        }
    }

    private static func pointerSize(_ hash: SHA256Hash, _ size: Int64) -> Int64 {
        Int64(LFSPointer(sha256: hash, size: size).text.utf8.count)
    }

    private static func file(_ path: String, size: Int64?, _ listed: PackageFile?) -> HubMirror.MirroredRevision.File {
        let isLarge = listed?.isLFS == true
        let size = size ?? listed?.size
        return HubMirror.MirroredRevision.File(
            path: path, size: size, gitObjectID: listed?.gitObjectID?.hex, sha256: isLarge ? listed?.sha256?.hex : nil,
            pointerSize: isLarge
                ? listed?.sha256.flatMap { hash in size.map { Self.pointerSize(hash, $0) } } : nil)
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
