import GRDB

/// What a list of packages says of one beside its own row.
public struct PackageBadges: Sendable, Equatable {
    /// Whether files of it are in the dataset.
    public var hasFiles: Bool
    /// Of the newest scan; nil where there was none.
    public var scan: Scan?

    public struct Scan: Sendable, Equatable {
        /// Findings but those that only inform.
        public let findings: Int64
        /// The worst severity; nil where nothing was found.
        public let worst: String?
        /// Parts that could not be scanned.
        public let errors: Int64
    }
}

extension CatalogDatabase {
    /// Snapshots and scans of packages, by id.
    public func badges(of ids: [String]) throws -> [String: PackageBadges] {
        try reader.read { db in
            let snapshot = try BulkStatement(db, "SELECT 1 FROM snapshot WHERE package = ?1 LIMIT 1")
            let scan = try BulkStatement(
                db,
                """
                SELECT (SELECT count(*) FROM scan_finding f WHERE f.scan = s.id AND f.severity <> 'info'),
                    (SELECT max(CASE f.severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END)
                        FROM scan_finding f WHERE f.scan = s.id), s.errors
                FROM scan s WHERE s.package = ?1 ORDER BY s.at DESC LIMIT 1
                """)
            var badges: [String: PackageBadges] = [:]
            for id in ids {
                snapshot.bind(1, id)
                scan.bind(1, id)
                badges[id] = PackageBadges(
                    hasFiles: try snapshot.first { _ in true } ?? false,
                    scan: try scan.first { columns in
                        PackageBadges.Scan(
                            findings: columns.int(0) ?? 0,
                            worst: columns.int(1).flatMap { $0 > 0 ? ScanCounts.names[Int($0)] : nil },
                            errors: columns.int(2) ?? 0)
                    })
            }
            return badges
        }
    }
}
