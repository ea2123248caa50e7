public import Catalog
import Documents
public import Foundation

/// Writes the catalog's views as CSV (RFC 4180), one file a view, or all packages as JSON Lines.
public struct TabularExport {
    /// The views that a CSV export holds: the whole public face of the catalog.
    public static let views = [
        "packages", "descriptions", "tags", "datasets", "papers", "languages", "base_models", "files", "licenses", "parameters",
        "evaluations",
        "entry_points", "facts", "refs", "commits", "crawls", "failures", "observations", "evidence", "snapshots",
        "snapshot_files", "snapshot_absences",
    ]

    private let catalog: CatalogDatabase

    public init(_ catalog: CatalogDatabase) {
        self.catalog = catalog
    }

    /// Writes each view to `FOLDER/VIEW.csv`. Returns the number of rows of each.
    public func writeCSV(to folder: URL) throws -> [(view: String, rows: Int)] {
        try Self.views.map { view in
            let file = try OutputFile(folder.appending(path: "\(view).csv"))
            var rows = 0
            try catalog.query("SELECT * FROM \(view)") { columns in
                try file.write(CSV.line(columns.map { .text($0) }))
            } row: { values in
                rows += 1
                try file.write(CSV.line(values))
            }
            try file.finish()
            return (view, rows)
        }
    }

    /// Writes one package a line, in the form of `docs/schema/package.schema.json`. Returns how many.
    public func writeJSONLines(to file: URL) throws -> Int {
        let output = try OutputFile(file)
        var count = 0
        var writer = JSONWriter()
        try catalog.forEachPackage(of: nil, includingRemoved: true) { package in
            PackageJSON.write(package, to: &writer)
            try output.write(writer.bytes)
            try output.write([UInt8(ascii: "\n")])
            writer.removeAll()
            count += 1
        }
        try output.finish()
        return count
    }
}

/// Lines of CSV as RFC 4180 has them; NULL is an empty field, an empty text a quoted one.
public enum CSV {
    public static func line(_ values: [SQLValue]) -> String {
        values.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ value: SQLValue) -> String {
        switch value {
        case .null: return ""
        case .integer(let number): return String(number)
        case .real(let number): return String(number)
        case .blob(let bytes): return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        case .text(let text):
            let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 != 0x22 && $0 != 0x2c && $0 != 0x0a && $0 != 0x0d }
            return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
        }
    }
}
