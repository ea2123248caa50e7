import Documents
public import ModelPackage

/// The files of one revision of a package, each with the hash of its content: what a snapshot is.
///
/// Written after its last blob, as `snapshots/HUB/NAME/COMMIT.json` (docs/formats.md).
public struct SnapshotManifest: Equatable, Sendable {
    public struct File: Equatable, Sendable {
        public var path: FilePath
        public var size: Int64
        public var sha256: SHA256Hash
        /// The git blob id; for a large file, of its pointer.
        public var gitObjectID: GitObjectID?
        public var mode: FileMode
        public var isLFS: Bool

        public init(
            path: FilePath, size: Int64, sha256: SHA256Hash, gitObjectID: GitObjectID?, mode: FileMode = .regular, isLFS: Bool
        ) {
            self.path = path
            self.size = size
            self.sha256 = sha256
            self.gitObjectID = gitObjectID
            self.mode = mode
            self.isLFS = isLFS
        }
    }

    /// A file of the revision that is not here.
    public struct Absence: Equatable, Sendable {
        public enum Cause: String, Sendable {
            /// It was not asked for.
            case leftOut = "left out"
            /// It could not be had; the next run tries again.
            case failed
            /// Its path could do harm, and it will not be had.
            case refused
        }

        public var path: String
        public var size: Int64?
        public var cause: Cause
        public var reason: String?

        public init(path: String, size: Int64?, cause: Cause, reason: String? = nil) {
            self.path = path
            self.size = size
            self.cause = cause
            self.reason = reason
        }
    }

    public var package: PackageID
    public var commit: GitObjectID
    /// The branch, tag or commit that was asked for.
    public var revision: String
    /// Where it was fetched from: an address without credentials.
    public var source: String
    public var fetchedAt: Instant
    public var files: [File]
    public var absences: [Absence]

    public init(
        package: PackageID, commit: GitObjectID, revision: String, source: String, fetchedAt: Instant, files: [File],
        absences: [Absence]
    ) {
        self.package = package
        self.commit = commit
        self.revision = revision
        self.source = source
        self.fetchedAt = fetchedAt
        self.files = files
        self.absences = absences
    }

    /// Whether every file of the revision is here.
    public var isComplete: Bool { absences.isEmpty }
    public var bytes: Int64 { files.reduce(0) { $0 + $1.size } }
}

extension SnapshotManifest {
    /// The manifest as JSON, one file a line.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("weir_snapshot", Int64(1))
            object.member("package", package.description)
            object.member("commit", commit.hex)
            object.member("revision", revision)
            object.member("source", source)
            object.member("fetched_at", fetchedAt.description)
            object.key("files")
            object.array { list in
                for file in files {
                    list.object { entry in
                        entry.member("path", file.path.text)
                        entry.member("size", file.size)
                        entry.member("sha256", file.sha256.hex)
                        entry.member("git_oid", file.gitObjectID?.hex)
                        entry.member("mode", file.mode.rawValue)
                        entry.member("lfs", file.isLFS)
                    }
                }
            }
            object.key("absent")
            object.array { list in
                for absence in absences {
                    list.object { entry in
                        entry.member("path", absence.path)
                        entry.member("size", absence.size)
                        entry.member("cause", absence.cause.rawValue)
                        entry.member("reason", absence.reason)
                    }
                }
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// Reads what ``json`` wrote.
    ///
    /// - Throws: ``StorageError/damaged(path:offset:reason:)`` where it is anything else.
    public init(json: [UInt8], path: String) throws(StorageError) {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(json, limits: JSONLimits(size: 256 << 20, values: 16_000_000)).root
        } catch {
            throw .damaged(path: path, offset: Int64(error.offset), reason: "the manifest is not JSON: \(error.problem)")
        }
        guard root["weir_snapshot"]?.int64 == 1, let package = Self.package(root["package"]?.string),
            let commit = root["commit"]?.string.flatMap({ GitObjectID($0) }),
            let fetchedAt = root["fetched_at"]?.string.flatMap({ Instant(iso8601: $0) })
        else { throw .damaged(path: path, offset: 0, reason: "it is not a manifest that this version writes") }
        var files: [File] = []
        for entry in root["files"]?.elements.map({ $0 }) ?? [] {
            guard let file = File(entry) else {
                throw .damaged(path: path, offset: Int64(entry.offset), reason: "an entry of the manifest is not a file")
            }
            files.append(file)
        }
        var absences: [Absence] = []
        for entry in root["absent"]?.elements.map({ $0 }) ?? [] {
            guard let name = entry["path"]?.string, let cause = entry["cause"]?.string.flatMap({ Absence.Cause(rawValue: $0) })
            else {
                throw .damaged(path: path, offset: Int64(entry.offset), reason: "an entry of the manifest is not an absence")
            }
            absences.append(Absence(path: name, size: entry["size"]?.int64, cause: cause, reason: entry["reason"]?.string))
        }
        self.init(
            package: package, commit: commit, revision: root["revision"]?.string ?? commit.hex,
            source: root["source"]?.string ?? "", fetchedAt: fetchedAt, files: files, absences: absences)
    }

    private static func package(_ text: String?) -> PackageID? {
        text.flatMap { try? PackageID(parsing: $0) }
    }
}

extension SnapshotManifest.File {
    fileprivate init?(_ entry: JSONValue) {
        guard let text = entry["path"]?.string, let path = try? FilePath(text), let size = entry["size"]?.int64, size >= 0,
            let sha256 = entry["sha256"]?.string.flatMap({ SHA256Hash($0) }),
            let mode = entry["mode"]?.string.flatMap({ FileMode(rawValue: $0) })
        else { return nil }
        self.init(
            path: path, size: size, sha256: sha256, gitObjectID: entry["git_oid"]?.string.flatMap { GitObjectID($0) }, mode: mode,
            isLFS: entry["lfs"]?.bool ?? false)
    }
}
