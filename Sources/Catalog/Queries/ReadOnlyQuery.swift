import GRDB

/// A value of a query's answer.
public enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// Why a query was not run.
public struct SQLRefusal: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

extension CatalogDatabase {
    /// Runs one statement that only reads, and hands over the names of its columns, then its rows one by one.
    ///
    /// - Throws: ``SQLRefusal`` for a statement that is wrong, empty, one of several, or would write.
    public func query(
        _ sql: String, columns: ([String]) throws -> Void, row body: ([SQLValue]) throws -> Void
    ) throws {
        try reader.unsafeRead { db in
            let statement = try self.statement(db, sql)
            try columns(statement.columnNames)
            let rows = try statement.rows()
            while let row = try rows() { try body(row) }
        }
    }

    private func statement(_ db: Database, _ sql: String) throws -> ReadOnlyStatement {
        do {
            let statements = try db.allStatements(sql: sql)
            guard let statement = try statements.next() else { throw SQLRefusal("the query is empty") }
            guard statement.isReadonly else { throw SQLRefusal("only queries that read are run: write SELECT …") }
            let verb = sql.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }.uppercased()
            guard ["SELECT", "WITH", "EXPLAIN", "VALUES"].contains(verb) || sql.hasPrefix("--") || sql.hasPrefix("/*") else {
                throw SQLRefusal("only queries that read are run: write SELECT …")
            }
            if try statements.next() != nil { throw SQLRefusal("only one query is run at a time") }
            return ReadOnlyStatement(statement: statement)
        } catch let error as DatabaseError {
            throw SQLRefusal("the query is wrong: \(error.message ?? "\(error)")")
        }
    }
}

private struct ReadOnlyStatement {
    let statement: Statement

    var columnNames: [String] { statement.columnNames }

    func rows() throws -> () throws -> [SQLValue]? {
        let cursor = try Row.fetchCursor(statement)
        return {
            do {
                guard let row = try cursor.next() else { return nil }
                return row.databaseValues.map { value in
                    switch value.storage {
                    case .null: .null
                    case .int64(let number): .integer(number)
                    case .double(let number): .real(number)
                    case .string(let text): .text(text)
                    case .blob(let data): .blob(Array(data))
                    }
                }
            } catch let error as DatabaseError {
                throw SQLRefusal("the query failed: \(error.message ?? "\(error)")")
            }
        }
    }
}
