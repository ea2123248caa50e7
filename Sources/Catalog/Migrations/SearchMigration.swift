import GRDB

/// Makes the search index again, after what its documents hold has changed. An index without content cannot be changed otherwise: it
/// forgets a document only when told exactly what it held.
enum SearchMigration {
    static func indexAgain(_ db: Database) throws {
        try db.execute(sql: "INSERT INTO search (search) VALUES ('delete-all')")
        let packages = try PackageReader(db)
        let add = try BulkStatement(db, "INSERT INTO search (rowid, document) VALUES (?1, ?2)")
        // In the order of the index's rows, which is how it takes them quickest.
        let rows = try Row.fetchCursor(
            db, sql: "SELECT key, search_row FROM package WHERE search_row IS NOT NULL ORDER BY search_row")
        while let row = try rows.next() {
            guard let package = try packages.package(key: row[0]) else { continue }
            add.bind(1, row[1] as Int64)
            add.bind(2, SearchDocument(package).text)
            try add.run()
        }
    }
}
