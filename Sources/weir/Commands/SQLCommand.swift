import ArgumentParser
import Catalog
import Documents
import Export

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Run a read-only query over the catalog's views.",
        discussion: """
            The views are packages, descriptions, tags, datasets, papers, languages, base_models, files, licenses, parameters, evaluations,
            entry_points, facts, refs, commits, crawls, failures, observations, evidence, snapshots, snapshot_files and snapshot_absences; docs/catalog.md describes every column.

            EXAMPLES
              weir sql "SELECT hub, count(*) AS packages FROM packages GROUP BY hub"
              weir sql "SELECT paper, count(*) AS n FROM papers GROUP BY paper ORDER BY n DESC LIMIT 10" --format csv
              weir sql "SELECT package FROM base_models WHERE base = 'meta-llama/Llama-2-7b-hf'" --json
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case table, csv, json, jsonl
    }

    @Argument(help: "One SELECT statement.")
    var query: String

    @Option(help: "The form of the answer.")
    var format: Form?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let catalog = try global.openCatalog()
        switch format ?? (global.json ? .json : .table) {
        case .table: try printTable(catalog)
        case .csv: try stream(catalog, head: { Array(CSV.line($0.map { .text($0) }).utf8) }, row: { Array(CSV.line($1).utf8) })
        case .jsonl: try stream(catalog, row: { Self.object($0, $1) + [UInt8(ascii: "\n")] })
        case .json:
            var count = 0
            try stream(catalog, head: { _ in Array("[".utf8) }) { columns, values in
                count += 1
                return (count > 1 ? Array(",\n".utf8) : []) + Self.object(columns, values)
            }
            try Console.data("]\n")
        }
    }

    private func stream(
        _ catalog: CatalogDatabase, head: ([String]) -> [UInt8] = { _ in [] }, row: ([String], [SQLValue]) -> [UInt8]
    ) throws {
        var names: [String] = []
        var buffer: [UInt8] = []
        try catalog.query(query) { columns in
            names = unique(columns)
            buffer += head(columns)
        } row: { values in
            buffer += row(names, values)
            if buffer.count > 1 << 16 {
                try Console.data(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try Console.data(buffer)
    }

    /// Prints the answer in blocks, each with columns as wide as its own cells, so that an answer of any length needs little memory.
    private func printTable(_ catalog: CatalogDatabase) throws {
        var block: [[SQLValue]] = []
        var names: [String] = []
        var count = 0
        func flush() throws {
            let numeric = names.indices.filter { column in
                !block.isEmpty && block.allSatisfy { $0[column].isNumberOrNull }
            }
            var table = TextTable(names, rightAligned: Set(numeric))
            for row in block { table.add(row.map(Self.text)) }
            try Console.data(table.text(width: Console.width))
            block.removeAll(keepingCapacity: true)
        }
        try catalog.query(query) {
            names = $0
        } row: { values in
            if block.count == Self.rowsPerBlock { try flush() }
            block.append(values)
            count += 1
        }
        try flush()
        if !global.quiet { Console.talk("weir: \(Format.count(Int64(count))) row\(count == 1 ? "" : "s")") }
    }

    private static let rowsPerBlock = 1000

    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .null: ""
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .blob(let bytes):
            "x'" + bytes.prefix(32).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "'"
        }
    }

    /// A column whose name an earlier one has gets a number, for an object has each key once.
    private func unique(_ columns: [String]) -> [String] {
        var seen: Set<String> = []
        return columns.map { column in
            var name = column
            var number = 2
            while !seen.insert(name).inserted {
                name = "\(column)_\(number)"
                number += 1
            }
            return name
        }
    }

    private static func object(_ columns: [String], _ values: [SQLValue]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            for (column, value) in zip(columns, values) {
                object.key(column)
                switch value {
                case .null: object.null()
                case .integer(let number): object.integer(number)
                case .real(let number): if number.isFinite { object.raw("\(number)".utf8) } else { object.null() }
                case .text(let text): object.string(text)
                case .blob: object.string(text(value))
                }
            }
        }
        return writer.bytes
    }
}

extension SQLValue {
    fileprivate var isNumberOrNull: Bool {
        switch self {
        case .integer, .real, .null: true
        case .text, .blob: false
        }
    }
}
