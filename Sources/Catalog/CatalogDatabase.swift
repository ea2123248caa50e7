import Foundation
public import GRDB
import GRDBSQLite

/// The catalog of a dataset: one SQLite file in WAL mode, opened migrated.
///
/// One writer at a time, as the dataset's lock ensures; any number of readers meanwhile.
public struct CatalogDatabase: Sendable {
    public let reader: any DatabaseReader
    private let writer: (any DatabaseWriter)?
    public let path: String

    /// Opens the catalog for writing, making or migrating it where needed.
    ///
    /// - Throws: ``CatalogError`` where the file is not a catalog, or was made by a later version.
    public init(writingTo path: String) throws(CatalogError) {
        var configuration = Configuration()
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(30)
        // The ingest keeps a transaction open over several accesses.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { db in
            // Of effect on a new file only. Fewer, larger pages: a package's rows fill whole ones.
            try db.execute(sql: "PRAGMA page_size = 8192")
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: "PRAGMA cache_size = -24000")
            // A pull checkpoints beside its writer; this is the bound for when that falls behind.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 32000")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        try Self.checkOwnership(of: path)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try CatalogMigrations.migrator.migrate(pool)
            reader = pool
            writer = pool
            self.path = path
        } catch {
            throw CatalogError(opening: path, error)
        }
    }

    /// Opens an existing catalog for reading only; nothing about it changes.
    ///
    /// - Parameter connections: queries that run side by side.
    /// - Throws: ``CatalogError`` where there is none, or it needs a migration first.
    public init(readingFrom path: String, connections: Int = 1) throws(CatalogError) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.maximumReaderCount = connections
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA mmap_size = 268435456")
            // A reader has no business in other database files.
            sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_ATTACHED, 0)
            // No value of the catalog comes near this, and no query need build one that does.
            sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_LENGTH, 64 << 20)
        }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { throw CatalogError("\(path) is not a regular file") }
        do {
            let opened = try Self.openReading(path, configuration, connections: connections)
            try opened.read { db in
                try Self.checkOwnership(db, path)
                try Self.checkVersion(db, path)
                guard try CatalogMigrations.migrator.hasCompletedMigrations(db) else {
                    let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
                    throw CatalogError(
                        isEmpty
                            ? "the catalog \(path) is empty: run 'weir rebuild' to make it again from the records"
                            : "the catalog \(path) was made by an earlier version: run 'weir pull' or 'weir rebuild' once to bring it up to date"
                    )
                }
            }
            reader = opened
            writer = nil
            self.path = path
        } catch let error as CatalogError {
            throw error
        } catch {
            throw CatalogError(opening: path, error)
        }
    }

    /// Opens a catalog for reading, also where nothing can be written beside it: then it must be whole, without a log.
    private static func openReading(
        _ path: String, _ configuration: Configuration, connections: Int
    ) throws -> any DatabaseReader {
        do {
            let opened: any DatabaseReader =
                connections > 1
                ? try DatabasePool(path: path, configuration: configuration)
                : try DatabaseQueue(path: path, configuration: configuration)
            _ = try opened.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
            return opened
        } catch let error as DatabaseError where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) {
            var status = stat()
            let hasLog = stat(path + "-wal", &status) == 0 && status.st_size > 0
            guard !hasLog, let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) else { throw error }
            return try DatabaseQueue(path: "file:\(escaped)?immutable=1", configuration: configuration)
        }
    }

    /// A number that changes whenever another process or connection has changed the catalog. Asked of one connection, it can be compared
    /// with what it was before (SQLite's `data_version`).
    ///
    /// The catalog must have been opened with one connection.
    public func version() throws -> Int64 {
        try reader.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    }

    /// Ends the queries that run, from any thread: they fail as interrupted.
    public func interrupt() {
        reader.interrupt()
    }

    /// Refuses a database that something else has made: it is not Weir's to change.
    private static func checkOwnership(of path: String) throws(CatalogError) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CatalogError("\(path) is not a regular file", isForeign: true) }
        guard status.st_size > 0 else { return }
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { db in
                try checkOwnership(db, path)
                try checkVersion(db, path)
            }
            try queue.close()
        } catch let error as CatalogError {
            throw error
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY {
            // A reader may not be able to open what a writer can (a log without its index); the writer says what is wrong.
            return
        } catch {
            throw CatalogError(opening: path, error)
        }
    }

    private static func checkOwnership(_ db: Database, _ path: String) throws {
        // A catalog whose making was cut off is empty.
        guard try Int.fetchOne(db, sql: "PRAGMA application_id") != CatalogMigrations.applicationID,
            try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'grdb%'") != 0
        else { return }
        throw CatalogError(
            "\(path) is a database of another program: name another folder with --dataset, or move it away", isForeign: true)
    }

    private static func checkVersion(_ db: Database, _ path: String) throws {
        guard try !CatalogMigrations.migrator.hasBeenSuperseded(db) else {
            throw CatalogError("the catalog \(path) was made by a later version of Weir: use that one", isForeign: true)
        }
    }

    /// An empty catalog in memory, for tests.
    public static func inMemory() throws -> CatalogDatabase {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(configuration: configuration)
        try CatalogMigrations.migrator.migrate(queue)
        return CatalogDatabase(reader: queue, writer: queue, path: ":memory:")
    }

    private init(reader: any DatabaseReader, writer: (any DatabaseWriter)?, path: String) {
        self.reader = reader
        self.writer = writer
        self.path = path
    }

    /// Runs `body` in one transaction: all of it is kept, or nothing.
    public func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        guard let writer else { throw CatalogError("the catalog \(path) is open for reading only") }
        return try writer.write(body)
    }

    /// Runs `body` with the writing connection; transactions are its own affair.
    func access<Result>(_ body: (Database) throws -> Result) throws -> Result {
        guard let writer else { throw CatalogError("the catalog \(path) is open for reading only") }
        return try writer.writeWithoutTransaction(body)
    }

    /// Moves what the write-ahead log holds into the database file each time `signals` gives a value, beside the writer, which
    /// then need not stop for it.
    public func checkpoint(on signals: AsyncStream<Void>) async throws {
        var configuration = Configuration()
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = NORMAL") }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        for await _ in signals {
            do {
                _ = try queue.inDatabase { try $0.checkpoint(.passive) }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                // Not a failure: the next signal, or the end of the pull, moves the rest.
                continue
            }
        }
        try queue.close()
    }

    /// Moves what the write-ahead log holds into the database file and empties the log.
    public func checkpoint() throws {
        guard let writer else { return }
        _ = try writer.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    /// Replaces the content of this catalog by that of another, in one step for every reader.
    public func replaceContent(with other: CatalogDatabase) throws {
        guard let writer else { throw CatalogError("the catalog \(path) is open for reading only") }
        try other.reader.backup(to: writer)
    }

    /// Closes the file. Nothing else may be done with the catalog afterwards.
    public func close() throws {
        try reader.close()
    }
}

/// What went wrong with the catalog, in one line.
public struct CatalogError: Error, CustomStringConvertible {
    public let description: String
    /// Whether the disk is full.
    public let isDiskFull: Bool
    /// Whether the file is not a catalog, or a damaged one.
    public let isDamaged: Bool
    /// Whether the file is another program's, or a later version's.
    public let isForeign: Bool

    public init(_ description: String, isForeign: Bool = false) {
        self.description = description
        isDiskFull = false
        isDamaged = false
        self.isForeign = isForeign
    }

    /// An error of SQLite, said in terms of the catalog.
    public init(opening path: String, _ error: any Error) {
        let code = (error as? DatabaseError)?.resultCode
        isDiskFull = code == .SQLITE_FULL
        isDamaged = code == .SQLITE_NOTADB || code == .SQLITE_CORRUPT
        isForeign = false
        switch code {
        case .SQLITE_NOTADB?, .SQLITE_CORRUPT?:
            description = "the catalog \(path) is damaged: run 'weir rebuild' to make it again from the records"
        case .SQLITE_CANTOPEN?:
            description = "the catalog \(path) cannot be opened: check that the folder exists and that you may read and write it"
        case .SQLITE_FULL?: description = "the disk is full: free some space, then run the same command again"
        case .SQLITE_READONLY?, .SQLITE_PERM?: description = "the catalog \(path) cannot be written: check its permissions"
        default: description = "the catalog \(path) cannot be used: \(error)"
        }
    }
}
