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
            entry_points, facts, refs, commits, crawls, failures, observations and evidence; docs/catalog.md describes every column.

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
            Console.data("]\n")
        }
    }

    private func stream(
        _ catalog: CatalogDatabase, head: ([String]) -> [UInt8] = { _ in [] }, row: ([String], [SQLValue]) -> [UInt8]
    ) throws {
        var names: [String] = []
        var buffer: [UInt8] = []
        try catalog.query(query) { columns in
            names = columns
            buffer += head(columns)
        } row: { values in
            buffer += row(names, values)
            if buffer.count > 1 << 16 {
                Console.data(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        Console.data(buffer)
    }

    private func printTable(_ catalog: CatalogDatabase) throws {
        var table = TextTable([])
        var rows: [[SQLValue]] = []
        var names: [String] = []
        try catalog.query(query) {
            names = $0
        } row: {
            rows.append($0)
        }
        let numeric = names.indices.filter { column in
            !rows.isEmpty
                && rows.allSatisfy { row in
                    switch row[column] {
                    case .integer, .real, .null: true
                    default: false
                    }
                }
        }
        table = TextTable(names, rightAligned: Set(numeric))
        for row in rows { table.add(row.map(Self.text)) }
        Console.data(table.text(width: Console.width))
        if !global.quiet { Console.talk("weir: \(Format.count(Int64(rows.count))) row\(rows.count == 1 ? "" : "s")") }
    }

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
