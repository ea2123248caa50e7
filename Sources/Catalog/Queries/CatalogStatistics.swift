import GRDB
public import ModelPackage

/// Counts over the whole catalog.
public struct CatalogStatistics: Sendable {
    public struct Count: Sendable, Equatable {
        public let value: String?
        public let count: Int64
    }

    /// How well one hub fills the schema.
    public struct Hub: Sendable {
        public let hub: HubID
        /// Packages that the hub lists now.
        public let packages: Int64
        /// Packages that it no longer lists.
        public let removed: Int64
        /// For each field of the schema, how many of the listed packages lack it.
        public let missing: [(field: String, count: Int64)]
    }

    public var hubs: [Hub]
    public var tasks: [Count]
    public var libraries: [Count]
    public var licenses: [Count]
    public var crawls: Int64
}

extension CatalogDatabase {
    /// Counts by hub, task, library and licence, the `limit` largest of each, and the missing-field rates a hub.
    ///
    /// - Parameter hub: the hub that is counted; nil for all.
    public func statistics(limit: Int = 15, of hub: HubID? = nil) throws -> CatalogStatistics {
        try reader.read { db in
            CatalogStatistics(
                hubs: try (hub.map { [$0] } ?? HubID.allCases).compactMap { try hubStatistics(db, $0) },
                tasks: try counts(db, "task", hub, limit), libraries: try counts(db, "library", hub, limit),
                licenses: try counts(db, "license", hub, limit),
                crawls: try Int64.fetchOne(db, sql: "SELECT count(*) FROM crawl") ?? 0)
        }
    }

    private func counts(_ db: Database, _ column: String, _ hub: HubID?, _ limit: Int) throws -> [CatalogStatistics.Count] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT t.text, count(*) AS n FROM package p LEFT JOIN term t ON t.id = p.\(column)
                WHERE p.removed_at IS NULL AND (?1 IS NULL OR p.hub = ?1) GROUP BY p.\(column) ORDER BY n DESC, 1 LIMIT ?2
                """, arguments: [hub?.rawValue, limit]
        ).map { CatalogStatistics.Count(value: $0[0], count: $0[1]) }
    }

    private func hubStatistics(_ db: Database, _ hub: HubID) throws -> CatalogStatistics.Hub? {
        let selects = Self.schemaFields.map { "sum(\($0.isMissing))" }.joined(separator: ", ")
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT count(*), \(selects) FROM package p WHERE p.hub = ? AND p.removed_at IS NULL",
                arguments: [hub.rawValue])
        else { return nil }
        let removed =
            try Int64.fetchOne(
                db, sql: "SELECT count(*) FROM package WHERE hub = ? AND removed_at IS NOT NULL", arguments: [hub.rawValue]) ?? 0
        let packages: Int64 = row[0]
        guard packages + removed > 0 else { return nil }
        return CatalogStatistics.Hub(
            hub: hub, packages: packages, removed: removed,
            missing: Self.schemaFields.enumerated().map { index, field in (field.name, row[index + 1] ?? 0) })
    }

    private static let schemaFields: [(name: String, isMissing: String)] = {
        let columns = [
            "owner", "task", "library", "architecture", "license", "revision", "downloads", "likes", "gated", "private",
            "disabled",
            "created_at", "modified_at", "title", "summary",
        ].map { ($0, "p.\($0) IS NULL") }
        let links = [
            ("tags", "package_tag"), ("languages", "package_language"), ("datasets", "package_dataset"),
            ("papers", "package_paper"), ("base_models", "package_base"),
        ].map { ($0.0, "NOT EXISTS (SELECT 1 FROM \($0.1) x WHERE x.package = p.key)") }
        let details = ["parameters", "evaluations"].map { ($0, "coalesce(p.details ->> '$.\($0)', '') = ''") }
        let files = [("files", "p.file_list IS NULL")]
        let url = [("url", "p.hub <> 'huggingface' AND p.url IS NULL")]
        return (url + columns + links + files + details).map { (name: $0.0, isMissing: $0.1) }
    }()
}
