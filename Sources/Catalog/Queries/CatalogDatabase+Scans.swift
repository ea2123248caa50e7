import GRDB
public import ModelPackage

extension CatalogDatabase {
    /// Brings in what a scan found, in place of what an earlier scan of the same revision did.
    public func record(_ scan: ScanRecord) throws {
        try write { db in
            for table in ["scan_finding", "scan_problem"] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE scan IN (SELECT id FROM scan WHERE package = ? AND revision = ?)",
                    arguments: [scan.package, scan.commit])
            }
            let id = try Int64.fetchOne(
                db,
                sql: """
                    INSERT INTO scan (package, revision, at, version, files, parsed_bytes, skipped_bytes, unknown_bytes, errors)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                    ON CONFLICT (package, revision) DO UPDATE SET at = ?3, version = ?4, files = ?5, parsed_bytes = ?6, skipped_bytes = ?7,
                        unknown_bytes = ?8, errors = ?9
                    RETURNING id
                    """,
                arguments: [
                    scan.package, scan.commit, scan.scannedAt, scan.version, scan.files, scan.parsedBytes, scan.skippedBytes,
                    scan.unknownBytes,
                    scan.problems.count,
                ])
            for (number, finding) in scan.findings.enumerated() {
                try db.execute(
                    sql: """
                        INSERT INTO scan_finding (scan, number, path, member, rule, severity, message, "offset", line, snippet)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        id, number + 1, finding.path, finding.member, finding.rule, finding.severity, finding.message,
                        finding.offset, finding.line,
                        finding.snippet,
                    ])
            }
            for (number, problem) in scan.problems.enumerated() {
                try db.execute(
                    sql: "INSERT INTO scan_problem (scan, number, path, member, message) VALUES (?, ?, ?, ?, ?)",
                    arguments: [id, number + 1, problem.path, problem.member, problem.message])
            }
        }
    }

    /// Whether a revision was scanned by that version of Weir.
    public func hasScan(of package: PackageID, _ commit: GitObjectID, version: String) throws -> Bool {
        try reader.read { db in
            try Int.fetchOne(
                db, sql: "SELECT 1 FROM scan WHERE package = ? AND revision = ? AND version = ?",
                arguments: [package.description, commit.hex, version]) != nil
        }
    }

    /// The scans of a package, the newest first.
    public func scans(of package: PackageID) throws -> [ScanSummary] {
        try reader.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM scan WHERE package = ? ORDER BY at DESC", arguments: [package.description])
                .map { scan in
                    let id: Int64 = scan["id"]
                    let findings = try Row.fetchAll(
                        db, sql: "SELECT * FROM scan_finding WHERE scan = ? ORDER BY number", arguments: [id]
                    ).map { row in
                        ScanRecord.Finding(
                            path: row["path"], member: row["member"], rule: row["rule"], severity: row["severity"],
                            message: row["message"],
                            offset: row["offset"], line: row["line"], snippet: row["snippet"])
                    }
                    return ScanSummary(
                        revision: scan["revision"], at: scan["at"], files: scan["files"], errors: scan["errors"],
                        findings: findings)
                }
        }
    }

    /// How many packages were scanned, and how many have findings of each severity at worst.
    public func scanCounts() throws -> ScanCounts {
        try reader.read { db in
            var counts = ScanCounts()
            counts.scanned = try Int64.fetchOne(db, sql: "SELECT count(DISTINCT package) FROM scan") ?? 0
            counts.withErrors = try Int64.fetchOne(db, sql: "SELECT count(DISTINCT package) FROM scan WHERE errors > 0") ?? 0
            for row in try Row.fetchAll(
                db,
                sql:
                    "SELECT worst, count(DISTINCT package) AS packages FROM scans WHERE worst IS NOT NULL GROUP BY worst ORDER BY worst DESC"
            ) {
                let worst: Int = row["worst"]
                counts.worst.append((ScanCounts.names[min(max(worst, 0), 4)], row["packages"]))
            }
            return counts
        }
    }
}

/// A scan of a revision, as the catalog has it.
public struct ScanSummary: Sendable {
    public let revision: String
    public let at: String
    public let files: Int64
    public let errors: Int64
    public let findings: [ScanRecord.Finding]
}

/// Packages by what scans found in them.
public struct ScanCounts: Sendable {
    public var scanned: Int64 = 0
    public var withErrors: Int64 = 0
    /// The worst severity, and how many packages have it, the worst first.
    public var worst: [(severity: String, packages: Int64)] = []

    static let names = ["info", "low", "medium", "high", "critical"]
}
