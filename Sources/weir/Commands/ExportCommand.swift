import ArgumentParser
import Documents
import Export
import Foundation
import ModelPackage

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the dataset in another form.",
        discussion: """
            ptmtorrent  the folders and JSON files that PTMTorrent published, below DEST/data/
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

    func run() throws {
        let catalog = try global.openCatalog()
        let destination = URL(filePath: dest.expandingTilde)
        var writer = JSONWriter()
        switch format {
        case .ptmtorrent:
            let reports = try PTMTorrentExport(catalog, global.directory).write(to: destination)
            say(
                reports.map { report in
                    let empty = report.empty.sorted { $0.key < $1.key }.map { "\($0.key) empty in \($0.value)" }.joined(
                        separator: ", ")
                    return "\(report.folder): \(Format.count(Int64(report.records))) records\(empty.isEmpty ? "" : " (\(empty))")"
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
            say(["\(file.path): \(Format.count(Int64(count))) packages"])
            writer.object { object in
                object.member("format", format.rawValue)
                object.member("file", file.path)
                object.member("packages", Int64(count))
            }
        case .csv:
            let files = try TabularExport(catalog).writeCSV(to: destination)
            say(files.map { "\($0.view).csv: \(Format.count(Int64($0.rows))) rows" })
            writer.object { object in
                object.member("format", format.rawValue)
                object.key("views")
                object.object { views in for (view, rows) in files { views.member(view, Int64(rows)) } }
            }
        }
        if global.json { Console.data(writer.bytes + [UInt8(ascii: "\n")]) }
    }

    private func say(_ lines: [String]) {
        guard !global.json, !global.quiet else { return }
        for line in lines { Console.data(line + "\n") }
    }

    private func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return dest.hasSuffix("/")
            || (FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue)
    }
}
