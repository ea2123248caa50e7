import GRDB
public import ModelPackage

/// What the packages of one hub, or of all, are like, in counts: for charts.
public struct CatalogFigures: Sendable {
    public struct Month: Sendable, Equatable {
        public let year: Int
        public let month: Int
        /// Packages made in this month.
        public let created: Int64
    }

    public var packages: Int64
    /// The largest first; nil stands for packages without the value.
    public var tasks: [CatalogStatistics.Count]
    public var libraries: [CatalogStatistics.Count]
    public var licenses: [CatalogStatistics.Count]
    /// Packages by the bytes of all their files, in order of size; those whose sizes are not known are left out.
    public var sizes: [CatalogStatistics.Count]
    /// In order of time.
    public var months: [Month]
    /// Packages that lack a field of the schema.
    public var missing: [CatalogStatistics.Count]
}

extension CatalogDatabase {
    /// Figures of a hub, or of all. Reads every package: seconds where there are a million.
    ///
    /// - Parameter limit: values of tasks, libraries and licences that are told.
    public func figures(of hub: HubID?, limit: Int = 12) throws -> CatalogFigures {
        let statistics = try statistics(limit: limit, of: hub)
        let hubs = statistics.hubs.filter { hub == nil || $0.hub == hub }
        let packages = hubs.reduce(0) { $0 + $1.packages }
        var missing: [String: Int64] = [:]
        for hub in hubs { for field in hub.missing { missing[field.field, default: 0] += field.count } }
        let fields = hubs.first?.missing.map(\.field) ?? []
        return try reader.read { db in
            CatalogFigures(
                packages: packages, tasks: statistics.tasks, libraries: statistics.libraries, licenses: statistics.licenses,
                sizes: try sizes(db, hub), months: try months(db, hub),
                missing: fields.map { CatalogStatistics.Count(value: $0, count: missing[$0] ?? 0) })
        }
    }

    /// Upper bounds of the sizes that are told apart, in bytes.
    private static let sizeClasses: [(bound: Int64, name: String)] = [
        (1_000_000, "< 1 MB"), (10_000_000, "1–10 MB"), (100_000_000, "10–100 MB"), (1_000_000_000, "0.1–1 GB"),
        (10_000_000_000, "1–10 GB"), (100_000_000_000, "10–100 GB"), (.max, "> 100 GB"),
    ]

    private func sizes(_ db: Database, _ hub: HubID?) throws -> [CatalogStatistics.Count] {
        let cases = Self.sizeClasses.enumerated().map { "WHEN bytes < \($0.element.bound) THEN \($0.offset)" }.joined(
            separator: " ")
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT CASE \(cases) ELSE \(Self.sizeClasses.count - 1) END AS class, count(*) FROM (
                    SELECT (SELECT sum(x.size) FROM file_list_entry x WHERE x.list = p.file_list) AS bytes FROM package p
                    WHERE p.removed_at IS NULL AND (?1 IS NULL OR p.hub = ?1) AND p.file_list IS NOT NULL
                ) WHERE bytes IS NOT NULL GROUP BY 1
                """, arguments: [hub?.rawValue])
        var counts = [Int64](repeating: 0, count: Self.sizeClasses.count)
        for row in rows { counts[row[0]] = row[1] }
        guard counts.contains(where: { $0 > 0 }) else { return [] }
        return zip(Self.sizeClasses, counts).map { CatalogStatistics.Count(value: $0.name, count: $1) }
    }

    private func months(_ db: Database, _ hub: HubID?) throws -> [CatalogFigures.Month] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT substr(created_at, 1, 7), count(*) FROM package
                WHERE removed_at IS NULL AND (?1 IS NULL OR hub = ?1) AND created_at IS NOT NULL GROUP BY 1 ORDER BY 1
                """, arguments: [hub?.rawValue]
        ).compactMap { row in
            let parts = (row[0] as String).split(separator: "-").compactMap { Int($0) }
            guard parts.count == 2, (1...12).contains(parts[1]) else { return nil }
            return CatalogFigures.Month(year: parts[0], month: parts[1], created: row[1])
        }
    }
}
