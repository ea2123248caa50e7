import GRDB
import GRDBSQLite
import ModelPackage

/// A prepared statement that is run many times with little around it: the ingest binds some forty values a package, and
/// GRDB's boxed arguments would cost more than SQLite itself.
///
/// Lives inside one database access; finalized when it goes out of scope.
final class BulkStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer?
    /// The texts and blobs bound for the next run, so that SQLite need not copy each into memory of its own.
    private let arena: UnsafeMutableRawPointer
    private var arenaUsed = 0

    private static let arenaSize = 16 << 10

    init(_ db: Database, _ sql: String) throws {
        connection = db.sqliteConnection
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)), sql: sql)
        }
        self.handle = handle
        arena = .allocate(byteCount: Self.arenaSize, alignment: 1)
    }

    deinit {
        sqlite3_finalize(handle)
        arena.deallocate()
    }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value { sqlite3_bind_int64(handle, index, value) } else { sqlite3_bind_null(handle, index) }
    }

    func bind(_ index: Int32, _ value: Bool?) {
        bind(index, value.map { $0 ? 1 : 0 })
    }

    func bind(_ index: Int32, _ value: String?) {
        guard var value else {
            sqlite3_bind_null(handle, index)
            return
        }
        value.withUTF8 { text in
            guard let copy = keep(UnsafeRawBufferPointer(text)) else {
                _ = text.withMemoryRebound(to: CChar.self) { characters in
                    sqlite3_bind_text(handle, index, characters.baseAddress, Int32(characters.count), transient)
                }
                return
            }
            sqlite3_bind_text(handle, index, copy.assumingMemoryBound(to: CChar.self), Int32(text.count), nil)
        }
    }

    func bind(_ index: Int32, blob: [UInt8]?) {
        guard let blob else {
            sqlite3_bind_null(handle, index)
            return
        }
        blob.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Void in
            if let copy = keep(bytes) {
                sqlite3_bind_blob(handle, index, copy, Int32(bytes.count), nil)
            } else {
                sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), transient)
            }
        }
    }

    /// Copies bytes into the arena, where they stay until the next run; nil where they do not fit.
    private func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
        guard arenaUsed + bytes.count < Self.arenaSize else { return nil }
        let copy = arena + arenaUsed
        if let source = bytes.baseAddress { copy.copyMemory(from: source, byteCount: bytes.count) }
        arenaUsed += bytes.count
        return copy
    }

    /// Runs the statement and makes it ready for the next values.
    func run() throws {
        let code = sqlite3_step(handle)
        reset()
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
    }

    /// Runs the statement and reads its first row, if there is one.
    func first<Result>(_ read: (borrowing Columns) -> Result) throws -> Result? {
        let code = sqlite3_step(handle)
        defer { reset() }
        switch code {
        case SQLITE_ROW: return read(Columns(handle: handle))
        case SQLITE_DONE: return nil
        default: throw failure(code)
        }
    }

    /// Runs the statement and reads every row.
    func all<Result>(_ read: (borrowing Columns) -> Result) throws -> [Result] {
        defer { reset() }
        var rows: [Result] = []
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: rows.append(read(Columns(handle: handle)))
            case SQLITE_DONE: return rows
            case let code: throw failure(code)
            }
        }
    }

    private func reset() {
        sqlite3_reset(handle)
        arenaUsed = 0
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
    }

    /// The columns of the row that a statement stands on.
    struct Columns: ~Copyable {
        fileprivate let handle: OpaquePointer

        func int(_ index: Int32) -> Int64? {
            sqlite3_column_type(handle, index) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, index)
        }

        func text(_ index: Int32) -> String? {
            guard let start = sqlite3_column_text(handle, index) else { return nil }
            let length = Int(sqlite3_column_bytes(handle, index))
            return String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self)
        }

        func blob(_ index: Int32) -> [UInt8]? {
            guard let start = sqlite3_column_blob(handle, index) else { return nil }
            return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index))))
        }
    }
}

/// SQLITE_TRANSIENT: SQLite makes its own copy of what is bound. The C macro is a cast that Swift does not import.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// The bytes that an even number of hexadecimal digits stand for.
func bytes(ofHex hex: String) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(hex.utf8.count / 2)
    var high: UInt8?
    for digit in hex.utf8 {
        let value = digit <= UInt8(ascii: "9") ? digit &- UInt8(ascii: "0") : (digit | 0x20) &- UInt8(ascii: "a") &+ 10
        if let first = high {
            result.append(first << 4 | value & 15)
            high = nil
        } else {
            high = value & 15
        }
    }
    return result
}
