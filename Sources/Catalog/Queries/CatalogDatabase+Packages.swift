import GRDB
public import ModelPackage

/// A package with what the catalog knows about it besides.
public struct CatalogPackage: Sendable {
    public let package: Package
    /// The package's place in its hub's list, from 0 on; stable, never given twice.
    public let number: Int64
    public let firstSeen: Instant?
    public let lastSeen: Instant?
    public let removedAt: Instant?
    /// Where the record stands that the package was read from.
    public let record: RecordLocation

    public init(
        package: Package, number: Int64, firstSeen: Instant?, lastSeen: Instant?, removedAt: Instant?, record: RecordLocation
    ) {
        self.package = package
        self.number = number
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.removedAt = removedAt
        self.record = record
    }
}

/// A package that names another as its base.
public struct DerivedPackageRow: Sendable, Equatable {
    public let id: PackageID
    public let relation: BaseModel.Relation?
    public let downloads: Int64?
}

/// Counters of a package at one crawl.
public struct Observation: Sendable, Equatable {
    public let crawl: Int64
    public let at: Instant
    public let revision: String?
    public let downloads: Int64?
    public let likes: Int64?
}

extension CatalogDatabase {
    /// One package, or nil.
    public func package(_ id: PackageID) throws -> CatalogPackage? {
        try reader.read { db in
            guard let key = try Int64.fetchOne(db, sql: "SELECT key FROM package WHERE id = ?", arguments: [id.description])
            else { return nil }
            return try CatalogPackageReader(db).package(key: key)
        }
    }

    /// Packages by their keys, in this order; those that are not there are left out.
    public func packages(keys: [Int64]) throws -> [Package] {
        try reader.read { db in
            let reader = try PackageReader(db)
            return try keys.compactMap { try reader.package(key: $0) }
        }
    }

    /// The names of all listed packages of the hubs but Hugging Face.
    public func namesOfOtherHubs() throws -> [PackageID] {
        try reader.read { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM package WHERE hub <> 'huggingface' AND removed_at IS NULL ORDER BY id"
            ).compactMap { try? PackageID(parsing: $0) }
        }
    }

    /// How many packages name one as their base, and the most used of them.
    ///
    /// - Parameter name: as packages state it: on its own hub, a name without the hub.
    public func packages(derivedFrom name: String, limit: Int) throws -> (all: Int64, first: [DerivedPackageRow]) {
        try reader.read { db in
            let all = try Int64.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM package_base b JOIN package p ON p.key = b.package WHERE b.base = ? AND p.removed_at IS NULL
                    """, arguments: [name])
            let first = try Row.fetchAll(
                db,
                sql: """
                    SELECT p.id, b.relation, p.downloads FROM package_base b JOIN package p ON p.key = b.package
                    WHERE b.base = ? AND p.removed_at IS NULL ORDER BY coalesce(p.downloads, 0) DESC, p.id LIMIT ?
                    """, arguments: [name, limit]
            ).compactMap { row -> DerivedPackageRow? in
                guard let id = try? PackageID(parsing: row[0]) else { return nil }
                return DerivedPackageRow(
                    id: id, relation: (row[1] as String?).flatMap { BaseModel.Relation(rawValue: $0) }, downloads: row[2])
            }
            return (all ?? 0, first)
        }
    }

    /// Which of some packages the catalog has.
    public func known(among ids: [PackageID]) throws -> Set<PackageID> {
        try reader.read { db in
            let find = try BulkStatement(db, "SELECT 1 FROM package WHERE id = ?1")
            return Set(
                try ids.filter { id in
                    find.bind(1, id.description)
                    return try find.first { _ in true } ?? false
                })
        }
    }

    /// What crawls saw of a package, oldest first.
    public func observations(of id: PackageID) throws -> [Observation] {
        try reader.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT o.crawl, c.started_at, nullif(lower(hex(o.revision)), ''), o.downloads, o.likes FROM observation o
                    JOIN crawl c ON c.id = o.crawl JOIN package p ON p.key = o.package WHERE p.id = ? ORDER BY o.crawl
                    """, arguments: [id.description]
            ).compactMap { row in
                guard let at = Instant(iso8601: row[1] as String) else { return nil }
                return Observation(crawl: row[0], at: at, revision: row[2], downloads: row[3], likes: row[4])
            }
        }
    }

    /// Names like the one asked for, for a helpful message.
    public func namesLike(_ name: String, limit: Int = 3) throws -> [String] {
        let words = SearchText.words(of: name)
        guard !words.isEmpty else { return [] }
        return try search(PackageSearch(text: words.joined(separator: " "), limit: limit)).hits.map(\.id)
    }

    /// Calls `body` with every package of a hub (or of all), in order of number, from one unchanging state of the catalog.
    public func forEachPackage(
        of hub: HubID?, includingRemoved: Bool, _ body: (CatalogPackage) throws -> Void
    ) throws {
        try reader.read { db in
            let packages = try CatalogPackageReader(db)
            let keys = try Int64.fetchCursor(
                db,
                sql: """
                    SELECT key FROM package WHERE (?1 IS NULL OR hub = ?1) AND (?2 OR removed_at IS NULL)
                    ORDER BY hub, number
                    """, arguments: [hub?.rawValue, includingRemoved])
            while let key = try keys.next() {
                if let package = try packages.package(key: key) { try body(package) }
            }
        }
    }
}

/// Reads packages with their catalog facts.
final class CatalogPackageReader {
    private let packages: PackageReader
    private let facts: BulkStatement

    init(_ db: Database) throws {
        packages = try PackageReader(db)
        facts = try BulkStatement(
            db,
            """
            SELECT p.number, f.started_at, l.started_at, p.removed_at, p.record_crawl, p.record_frame, p.record_line
            FROM package p LEFT JOIN crawl f ON f.id = p.first_crawl LEFT JOIN crawl l ON l.id = p.last_crawl
            WHERE p.key = ?1
            """)
    }

    func package(key: Int64) throws -> CatalogPackage? {
        guard let package = try packages.package(key: key) else { return nil }
        facts.bind(1, key)
        return try facts.first { columns in
            CatalogPackage(
                package: package, number: columns.int(0) ?? 0,
                firstSeen: columns.text(1).flatMap { Instant(iso8601: $0) },
                lastSeen: columns.text(2).flatMap { Instant(iso8601: $0) },
                removedAt: columns.text(3).flatMap { Instant(iso8601: $0) },
                record: RecordLocation(
                    crawl: columns.int(4) ?? 0, frame: columns.int(5) ?? 0, line: columns.int(6) ?? 0))
        }
    }
}
