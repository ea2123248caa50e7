import Foundation
import GRDB
public import ModelPackage

/// A snapshot as the catalog knows it: what its manifest says.
public struct SnapshotRow: Sendable {
    public struct File: Sendable {
        public let path: String
        public let size: Int64
        public let sha256: SHA256Hash
        /// The git id of what git keeps: for a large file, of its pointer.
        public let gitObjectID: GitObjectID?
        public let mode: FileMode
        public let isLFS: Bool

        public init(path: String, size: Int64, sha256: SHA256Hash, gitObjectID: GitObjectID?, mode: FileMode, isLFS: Bool) {
            self.path = path
            self.size = size
            self.sha256 = sha256
            self.gitObjectID = gitObjectID
            self.mode = mode
            self.isLFS = isLFS
        }
    }

    /// A file of the revision that is not here.
    public struct Absence: Sendable {
        public let path: String
        public let size: Int64?
        public let cause: String
        public let reason: String?
        /// Whether it was wanted.
        public let isFailure: Bool

        public init(path: String, size: Int64?, cause: String, reason: String?, isFailure: Bool) {
            self.path = path
            self.size = size
            self.cause = cause
            self.reason = reason
            self.isFailure = isFailure
        }
    }

    public var package: PackageID
    public var commit: GitObjectID
    /// The branch, tag or commit that was asked for.
    public var revision: String
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
}

/// A snapshot in numbers.
public struct SnapshotSummary: Sendable, Equatable {
    public let revision: GitObjectID
    /// The branch, tag or commit that was asked for.
    public let asked: String
    public let at: Instant
    public let files: Int64
    public let bytes: Int64
    /// Files that were not asked for.
    public let leftOut: Int64
    /// Files that could not be had, or were refused.
    public let failed: Int64
}

/// What the blob store holds, as the catalog counts it.
public struct StoredBytes: Sendable, Equatable {
    public let snapshots: Int64
    public let files: Int64
    /// Different contents.
    public let blobs: Int64
    /// Bytes on the disk.
    public let bytes: Int64
    /// Bytes that the files would take if each had its own copy.
    public let fileBytes: Int64
    /// Bytes that are not stored because files share their contents.
    public var savedBytes: Int64 { fileBytes - bytes }
}

extension CatalogDatabase {
    /// Brings a snapshot in, in the place of an earlier one of the same revision.
    public func record(_ snapshot: SnapshotRow) throws {
        try write { db in
            try db.execute(
                sql: """
                    DELETE FROM snapshot_file WHERE snapshot IN (SELECT id FROM snapshot WHERE package = ?1 AND revision = ?2);
                    """, arguments: [snapshot.package.description, snapshot.commit.hex])
            try db.execute(
                sql:
                    "DELETE FROM snapshot_absence WHERE snapshot IN (SELECT id FROM snapshot WHERE package = ?1 AND revision = ?2)",
                arguments: [snapshot.package.description, snapshot.commit.hex])
            let failed = snapshot.absences.count(where: \.isFailure)
            let id = try Int64.fetchOne(
                db,
                sql: """
                    INSERT INTO snapshot (package, revision, asked, source, at, left_out, failed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                    ON CONFLICT (package, revision) DO UPDATE SET asked = ?3, source = ?4, at = ?5, left_out = ?6, failed = ?7
                    RETURNING id
                    """,
                arguments: [
                    snapshot.package.description, snapshot.commit.hex, snapshot.revision, snapshot.source,
                    snapshot.fetchedAt.description, snapshot.absences.count - failed, failed,
                ])
            let blob = try BulkStatement(
                db,
                """
                INSERT INTO blob (sha256, size, git_oid) VALUES (?1, ?2, ?3)
                ON CONFLICT (sha256) DO UPDATE SET git_oid = coalesce(git_oid, ?3) RETURNING id
                """)
            let file = try BulkStatement(
                db, "INSERT INTO snapshot_file (snapshot, path, blob, git_oid, mode, lfs) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            for entry in snapshot.files {
                let oid = entry.gitObjectID.map { bytes(ofHex: $0.hex) }
                blob.bind(1, blob: bytes(ofHex: entry.sha256.hex))
                blob.bind(2, entry.size)
                // The id of a large file is its pointer's.
                blob.bind(3, blob: entry.isLFS ? nil : oid)
                let blobID = try blob.first { $0.int(0) }
                file.bind(1, id)
                file.bind(2, entry.path)
                file.bind(3, blobID ?? nil)
                file.bind(4, blob: oid)
                file.bind(5, entry.mode.rawValue)
                file.bind(6, entry.isLFS)
                try file.run()
            }
            for absence in snapshot.absences {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO snapshot_absence (snapshot, path, size, cause, reason) VALUES (?, ?, ?, ?, ?)",
                    arguments: [id, absence.path, absence.size, absence.cause, absence.reason])
            }
        }
    }

    /// Whether a snapshot of a revision has been brought in.
    public func hasSnapshot(of package: PackageID, _ commit: GitObjectID) throws -> Bool {
        try reader.read { db in
            try Int.fetchOne(
                db, sql: "SELECT 1 FROM snapshot WHERE package = ? AND revision = ?",
                arguments: [package.description, commit.hex]) != nil
        }
    }

    /// The stored content that git knows by an id, or nil.
    public func content(ofGitObject id: GitObjectID) throws -> SHA256Hash? {
        try reader.read { db in
            try Data.fetchOne(
                db, sql: "SELECT sha256 FROM blob WHERE git_oid = ?", arguments: [Data(bytes(ofHex: id.hex))]
            ).flatMap { $0.count == 32 ? SHA256Hash(digest: $0) : nil }
        }
    }

    /// The snapshots of a package, the newest first.
    public func snapshots(of id: PackageID) throws -> [SnapshotSummary] {
        try reader.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT revision, at, files, bytes, left_out, failed, asked FROM snapshots WHERE package = ? ORDER BY at DESC
                    """,
                arguments: [id.description]
            ).compactMap { row in
                guard let revision = GitObjectID(row[0] as String), let at = Instant(iso8601: row[1] as String) else {
                    return nil
                }
                return SnapshotSummary(
                    revision: revision, asked: row[6], at: at, files: row[2], bytes: row[3], leftOut: row[4], failed: row[5])
            }
        }
    }

    /// The packages that a crawl listed, with their commits, read a thousand at a time.
    public func packages(listedIn crawl: Int64) throws -> ListedPackages { ListedPackages(self, crawl: crawl) }

    /// Forgets contents that no file has any more.
    public func forgetUnusedBlobs() throws {
        try write {
            try $0.execute(sql: "DELETE FROM blob WHERE NOT EXISTS (SELECT 1 FROM snapshot_file f WHERE f.blob = blob.id)")
        }
    }

    /// What the snapshots take, and what sharing saves.
    public func storedBytes() throws -> StoredBytes {
        try reader.read { db in
            let blobs = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*), coalesce(sum(size), 0) FROM blob
                    WHERE EXISTS (SELECT 1 FROM snapshot_file f WHERE f.blob = blob.id)
                    """)
            let files = try Row.fetchOne(
                db, sql: "SELECT count(*), coalesce(sum(b.size), 0) FROM snapshot_file f JOIN blob b ON b.id = f.blob")
            return StoredBytes(
                snapshots: try Int64.fetchOne(db, sql: "SELECT count(*) FROM snapshot") ?? 0, files: files?[0] ?? 0,
                blobs: blobs?[0] ?? 0, bytes: blobs?[1] ?? 0, fileBytes: files?[1] ?? 0)
        }
    }
}

/// Walks the packages that a crawl listed.
public final class ListedPackages {
    private let catalog: CatalogDatabase
    private let crawl: Int64
    private var last: Int64 = 0
    private var page: ArraySlice<(key: Int64, id: RevisionID)> = []

    private static let pageSize = 1000

    init(_ catalog: CatalogDatabase, crawl: Int64) {
        self.catalog = catalog
        self.crawl = crawl
    }

    /// The next package, or nil after the last one.
    public func next() throws -> RevisionID? {
        if page.isEmpty {
            page = try catalog.reader.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT key, id, nullif(lower(hex(revision)), '') FROM package
                        WHERE key > ? AND last_crawl = ? AND removed_at IS NULL ORDER BY key LIMIT ?
                        """, arguments: [last, crawl, Self.pageSize])
            }.compactMap { row in
                guard let package = try? PackageID(parsing: row[1]) else { return nil }
                return (row[0], RevisionID(package, revision: row[2]))
            }[...]
        }
        guard let first = page.popFirst() else { return nil }
        last = first.key
        return first.id
    }
}
