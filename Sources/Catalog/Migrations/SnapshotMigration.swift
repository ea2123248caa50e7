/// The tables of snapshots and the public views over them (docs/catalog.md). The manifests on the disk are the truth: `weir rebuild`
/// makes these rows from them.
enum SnapshotMigration {
    static let tables = """
        -- Stored contents, each once.
        CREATE TABLE blob (
            id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, size INTEGER NOT NULL,
            -- The git blob id of the content itself, where a hub stated it.
            git_oid BLOB
        ) STRICT;
        CREATE INDEX blob_by_git_oid ON blob (git_oid) WHERE git_oid IS NOT NULL;
        CREATE TABLE snapshot (
            id INTEGER PRIMARY KEY, package TEXT NOT NULL, revision TEXT NOT NULL, asked TEXT NOT NULL, source TEXT NOT NULL,
            at TEXT NOT NULL, left_out INTEGER NOT NULL, failed INTEGER NOT NULL,
            UNIQUE (package, revision)
        ) STRICT;
        CREATE TABLE snapshot_file (
            snapshot INTEGER NOT NULL, path TEXT NOT NULL, blob INTEGER NOT NULL, git_oid BLOB, mode TEXT NOT NULL, lfs INTEGER NOT NULL,
            PRIMARY KEY (snapshot, path)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX snapshot_file_by_blob ON snapshot_file (blob);
        CREATE TABLE snapshot_absence (
            snapshot INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER, cause TEXT NOT NULL, reason TEXT,
            PRIMARY KEY (snapshot, path)
        ) STRICT, WITHOUT ROWID;
        """

    static let views = """
        CREATE VIEW snapshots AS SELECT s.package AS package, s.revision AS revision, s.asked AS asked, s.source AS source,
            s.at AS at, count(f.path) AS files, coalesce(sum(b.size), 0) AS bytes, s.left_out AS left_out, s.failed AS failed
        FROM snapshot s LEFT JOIN snapshot_file f ON f.snapshot = s.id LEFT JOIN blob b ON b.id = f.blob
        GROUP BY s.id;

        CREATE VIEW snapshot_files AS SELECT s.package AS package, s.revision AS revision, f.path AS path, b.size AS size,
            lower(hex(b.sha256)) AS sha256, nullif(lower(hex(f.git_oid)), '') AS git_oid, f.mode AS mode, f.lfs AS lfs
        FROM snapshot_file f JOIN snapshot s ON s.id = f.snapshot JOIN blob b ON b.id = f.blob;

        CREATE VIEW snapshot_absences AS SELECT s.package AS package, s.revision AS revision, a.path AS path, a.size AS size,
            a.cause AS cause, a.reason AS reason
        FROM snapshot_absence a JOIN snapshot s ON s.id = a.snapshot;
        """
}
