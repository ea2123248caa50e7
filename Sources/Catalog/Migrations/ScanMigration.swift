/// The tables of scans and the public views over them (docs/catalog.md). The records on the disk are the truth: `weir rebuild` makes these rows from them.
enum ScanMigration {
    static let tables = """
        CREATE TABLE scan (
            id INTEGER PRIMARY KEY, package TEXT NOT NULL, revision TEXT NOT NULL, at TEXT NOT NULL, version TEXT NOT NULL, files INTEGER NOT NULL,
            parsed_bytes INTEGER NOT NULL, skipped_bytes INTEGER NOT NULL, unknown_bytes INTEGER NOT NULL, errors INTEGER NOT NULL,
            UNIQUE (package, revision)
        ) STRICT;
        CREATE TABLE scan_finding (
            scan INTEGER NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL, member TEXT, rule TEXT NOT NULL, severity TEXT NOT NULL,
            message TEXT NOT NULL, "offset" INTEGER, line INTEGER, snippet TEXT,
            PRIMARY KEY (scan, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX scan_finding_by_rule ON scan_finding (rule);
        CREATE TABLE scan_problem (
            scan INTEGER NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL, member TEXT, message TEXT NOT NULL,
            PRIMARY KEY (scan, number)
        ) STRICT, WITHOUT ROWID;
        """

    static let views = """
        CREATE VIEW findings AS SELECT s.package AS package, s.revision AS revision, f.path AS path, f.member AS member, f.rule AS rule,
            f.severity AS severity, f.message AS message, f."offset" AS "offset", f.line AS line, f.snippet AS snippet, s.at AS at
        FROM scan_finding f JOIN scan s ON s.id = f.scan;

        CREATE VIEW scans AS SELECT package, revision, at, version, files, parsed_bytes, skipped_bytes, unknown_bytes, errors,
            (SELECT max(CASE f.severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END)
                FROM scan_finding f WHERE f.scan = scan.id) AS worst,
            (SELECT count(*) FROM scan_finding f WHERE f.scan = scan.id) AS findings
        FROM scan;

        CREATE VIEW scan_errors AS SELECT s.package AS package, s.revision AS revision, p.path AS path, p.member AS member, p.message AS message
        FROM scan_problem p JOIN scan s ON s.id = p.scan;
        """
}
