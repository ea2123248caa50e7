import ArgumentParser
import Documents
import Export
import Foundation
import ModelPackage
import Storage

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the dataset in another form.",
        discussion: """
            ptmtorrent  the folders and JSON files that PTMTorrent published, below DEST/data/, with the files of the packages that
                        the dataset has snapshots of
            jsonl       one package a line, with evidence (docs/schema/package.schema.json); DEST is a file, or a folder
            csv         one file a view; DEST is a folder

            EXAMPLES
              weir export ptmtorrent ./out
              weir export jsonl packages.jsonl
              weir export csv ./tables
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case ptmtorrent, jsonl, csv
    }

    @Argument(help: "The form: ptmtorrent, jsonl or csv.")
    var format: Form

    @Argument(help: "Where to write.")
    var dest: String

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if dest.isEmpty { throw ValidationError("DEST should name a file or a folder") }
    }

    func run() throws {
        let catalog = try global.openCatalog()
        let destination = URL(filePath: dest.expandingTilde)
        try refuseInsideDataset(destination)
        var writer = JSONWriter()
        switch format {
        case .ptmtorrent:
            let reports = try PTMTorrentExport(catalog, global.directory).write(to: destination)
            try say(
                reports.map { report in
                    let empty = report.empty.sorted { $0.key < $1.key }.map { "\($0.key) empty in \($0.value)" }.joined(
                        separator: ", ")
                    let files = report.repositories > 0 ? ", \(Format.count(Int64(report.repositories))) with files" : ""
                    return
                        "\(report.folder): \(Format.count(Int64(report.records))) records\(files)\(empty.isEmpty ? "" : " (\(empty))")"
                })
            writer.object { object in
                object.member("format", format.rawValue)
                object.key("hubs")
                object.array { list in
                    for report in reports {
                        list.object { entry in
                            entry.member("hub", report.hub.rawValue)
                            entry.member("folder", report.folder)
                            entry.member("records", Int64(report.records))
                            entry.member("repositories", Int64(report.repositories))
                            entry.key("empty")
                            entry.object { fields in
                                for (field, count) in report.empty.sorted(by: { $0.key < $1.key }) {
                                    fields.member(field, Int64(count))
                                }
                            }
                        }
                    }
                }
            }
        case .jsonl:
            let file = isFolder(destination) ? destination.appending(path: "packages.jsonl") : destination
            let count = try TabularExport(catalog).writeJSONLines(to: file)
            try say(["\(file.path): \(Format.count(Int64(count))) packages"])
            writer.object { object in
                object.member("format", format.rawValue)
                object.member("file", file.path)
                object.member("packages", Int64(count))
            }
        case .csv:
            let files = try TabularExport(catalog).writeCSV(to: destination)
            try say(files.map { "\($0.view).csv: \(Format.count(Int64($0.rows))) rows" })
            writer.object { object in
                object.member("format", format.rawValue)
                object.key("views")
                object.object { views in for (view, rows) in files { views.member(view, Int64(rows)) } }
            }
        }
        if global.json { try Console.data(writer.bytes + [UInt8(ascii: "\n")]) }
    }

    /// An export replaces what is there before it, which must not be the dataset itself.
    private func refuseInsideDataset(_ destination: URL) throws {
        let root = global.directory.root.resolvingSymlinksInPath().path
        var place = destination.standardizedFileURL
        // Only what exists can be a link.
        while place.path != "/" {
            let path = place.resolvingSymlinksInPath().path
            if path == root || path.hasPrefix(root + "/") {
                throw CommandFailure("\(destination.path) lies in the dataset \(root): name a place outside it")
            }
            place.deleteLastPathComponent()
        }
    }

    private func say(_ lines: [String]) throws {
        guard !global.json, !global.quiet else { return }
        for line in lines { try Console.data(line + "\n") }
    }

    private func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return dest.hasSuffix("/")
            || (FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue)
    }
}
