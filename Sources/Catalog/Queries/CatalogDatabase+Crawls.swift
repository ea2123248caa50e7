import GRDB
public import ModelPackage

extension CatalogDatabase {
    /// The crawl of a hub that was begun and not ended, if there is one.
    public func runningCrawl(of hub: HubID) throws -> CrawlRow? {
        try reader.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM crawl WHERE hub = ? AND state = 'running' ORDER BY id DESC LIMIT 1",
                arguments: [hub.rawValue]
            ).flatMap { CrawlRow(row: $0) }
        }
    }

    /// All crawls, oldest first.
    public func crawls() throws -> [CrawlRow] {
        try reader.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM crawl ORDER BY id").compactMap { CrawlRow(row: $0) }
        }
    }

    /// Begins a crawl. Ids count up from 1 and are never given twice.
    ///
    /// - Parameter id: the id to give it, where it is known already (when crawls are read back from their record files).
    public func beginCrawl(
        id: Int64? = nil, hub: HubID, source: String, query: String, isComplete: Bool, at time: Instant
    ) throws -> CrawlRow {
        try write { db in
            let next = try Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) + 1 FROM crawl") ?? 1
            let crawl = CrawlRow(
                id: id ?? next, hub: hub, source: source, query: query, isComplete: isComplete, startedAt: time)
            try crawl.insert(db)
            return crawl
        }
    }

    /// The records that a crawl lost, in the order in which they came.
    public func failures(of crawl: Int64, limit: Int = Int(Int32.max)) throws -> [CrawlFailure] {
        try reader.read { db in
            try Row.fetchAll(
                db, sql: "SELECT package, reason FROM crawl_failure WHERE crawl = ? ORDER BY number LIMIT ?",
                arguments: [crawl, limit]
            ).map { CrawlFailure(package: $0[0], reason: $0[1]) }
        }
    }
}

extension CrawlRow {
    init?(row: Row) {
        guard let hub = HubID(rawValue: row["hub"]), let state = State(rawValue: row["state"]),
            let startedAt = Instant(iso8601: row["started_at"] as String)
        else { return nil }
        self.init(
            id: row["id"], hub: hub, source: row["source"], query: row["query"], isComplete: row["is_complete"],
            startedAt: startedAt)
        self.state = state
        finishedAt = (row["finished_at"] as String?).flatMap { Instant(iso8601: $0) }
        counts.listed = row["listed"]
        counts.added = row["added"]
        counts.updated = row["updated"]
        counts.unchanged = row["unchanged"]
        counts.removed = row["removed"]
        counts.failed = row["failed"]
        counts.bytes = row["bytes"]
        resumePoint = row["resume_point"]
        recordLength = row["record_length"]
    }

    func insert(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO crawl (id, hub, source, query, is_complete, started_at, state) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [id, hub.rawValue, source, query, isComplete, startedAt.description, state.rawValue])
    }

    func update(_ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE crawl SET finished_at = ?, state = ?, listed = ?, added = ?, updated = ?, unchanged = ?, removed = ?,
                    failed = ?, bytes = ?, resume_point = ?, record_length = ? WHERE id = ?
                """,
            arguments: [
                finishedAt?.description, state.rawValue, counts.listed, counts.added, counts.updated, counts.unchanged,
                counts.removed, counts.failed, counts.bytes, resumePoint, recordLength, id,
            ])
    }
}
