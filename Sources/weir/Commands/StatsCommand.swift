import ArgumentParser
import Catalog
import Documents
import Foundation
import ModelPackage

struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Count packages by hub, task, library and licence; say how well each hub fills the schema.",
        discussion: """
            EXAMPLES
              weir stats
              weir stats --json
            """)

    @Option(help: "At most so many tasks, libraries and licences.")
    var limit = 15

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit should be 1 or more, not \(limit)") }
    }

    func run() throws {
        let catalog = try global.openCatalog()
        let statistics = try catalog.statistics(limit: limit)
        let stored = try catalog.storedBytes()
        let scans = try catalog.scanCounts()
        if global.json {
            try Console.data(Self.json(statistics, stored, scans) + [UInt8(ascii: "\n")])
        } else {
            try Self.show(statistics)
            if stored.snapshots > 0 { try Self.show(stored) }
            if scans.scanned > 0 { try Self.show(scans) }
        }
    }

    private static func show(_ statistics: CatalogStatistics) throws {
        let width = Console.width
        var hubs = TextTable(["hub", "packages", "removed"], rightAligned: [1, 2])
        for hub in statistics.hubs { hubs.add([hub.hub.title, Format.count(hub.packages), Format.count(hub.removed)]) }
        try Console.data(hubs.text(width: width))
        for (name, counts) in [("task", statistics.tasks), ("library", statistics.libraries), ("license", statistics.licenses)] {
            var table = TextTable([name, "packages"], rightAligned: [1])
            for count in counts { table.add([count.value ?? "(not given)", Format.count(count.count)]) }
            try Console.data("\n" + table.text(width: width))
        }
        guard let first = statistics.hubs.first else { return }
        var missing = TextTable(
            ["missing, % of packages"] + statistics.hubs.map(\.hub.rawValue), rightAligned: Set(1...statistics.hubs.count))
        for (index, field) in first.missing.enumerated() {
            missing.add([field.field] + statistics.hubs.map { Self.percent($0.missing[index].count, of: $0.packages) })
        }
        try Console.data("\n" + missing.text(width: width))
    }

    private static func show(_ stored: StoredBytes) throws {
        try Console.data(
            """

            \(Format.count(stored.snapshots)) snapshots: \(Format.count(stored.files)) files, \(Format.bytes(stored.fileBytes)); \
            \(Format.bytes(stored.bytes)) stored in \(Format.count(stored.blobs)) contents, \(Format.bytes(stored.savedBytes)) saved by sharing

            """)
    }

    private static func show(_ scans: ScanCounts) throws {
        let worst = scans.worst.map { "\(Format.count($0.packages)) \($0.severity)" }
        try Console.data(
            "\(Format.count(scans.scanned)) packages scanned: \(worst.isEmpty ? "nothing found" : worst.joined(separator: ", ") + " at worst")\(scans.withErrors > 0 ? ", \(Format.count(scans.withErrors)) not wholly" : "")\n"
        )
    }

    private static func percent(_ count: Int64, of total: Int64) -> String {
        total == 0 ? "" : String(format: "%.1f", 100 * Double(count) / Double(total))
    }

    private static func json(_ statistics: CatalogStatistics, _ stored: StoredBytes, _ scans: ScanCounts) -> [UInt8] {
        var writer = JSONWriter()
        func counts(_ key: String, _ values: [CatalogStatistics.Count], _ object: inout JSONWriter) {
            object.key(key)
            object.array { list in
                for count in values {
                    list.object { entry in
                        entry.key("value")
                        if let value = count.value { entry.string(value) } else { entry.null() }
                        entry.member("count", count.count)
                    }
                }
            }
        }
        writer.object { object in
            object.member("packages", statistics.hubs.reduce(0) { $0 + $1.packages })
            object.member("crawls", statistics.crawls)
            object.key("hubs")
            object.array { list in
                for hub in statistics.hubs {
                    list.object { entry in
                        entry.member("hub", hub.hub.rawValue)
                        entry.member("packages", hub.packages)
                        entry.member("removed", hub.removed)
                        entry.key("missing")
                        entry.object { fields in for (field, count) in hub.missing { fields.member(field, count) } }
                    }
                }
            }
            counts("tasks", statistics.tasks, &object)
            counts("libraries", statistics.libraries, &object)
            counts("licenses", statistics.licenses, &object)
            object.key("stored")
            object.object { entry in
                entry.member("snapshots", stored.snapshots)
                entry.member("files", stored.files)
                entry.member("file_bytes", stored.fileBytes)
                entry.member("blobs", stored.blobs)
                entry.member("bytes", stored.bytes)
                entry.member("saved_bytes", stored.savedBytes)
            }
            object.key("scans")
            object.object { entry in
                entry.member("scanned", scans.scanned)
                entry.member("with_errors", scans.withErrors)
                entry.key("worst")
                entry.object { worst in for (severity, packages) in scans.worst { worst.member(severity, packages) } }
            }
        }
        return writer.bytes
    }
}
