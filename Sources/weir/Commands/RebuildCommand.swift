import ArgumentParser
import Documents
import Foundation
import Pipeline
import Storage

struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make the catalog again from the kept records.",
        discussion: """
            Needs no network. Ids and observations come out as they were; records are read as this version of Weir reads them, so a
            record that an earlier version lost may become a package. Exit code 1 when records could not be read.

            EXAMPLES
              weir rebuild
              weir rebuild --drop-lost
            """)

    @Flag(help: "Give up crawls whose record files are gone; else they stop the rebuild.")
    var dropLost = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let directory = global.directory
        guard directory.exists else {
            throw CommandFailure(
                "there is no dataset at \(directory.root.path): make one with 'weir pull HUB', or name one with --dataset")
        }
        let display = ProgressDisplay(isQuiet: global.quiet)
        let report = try await Rebuild(directory, dropsLostCrawls: dropLost) { progress in
            display.show(done: progress.report.records, of: nil, bytes: 0, what: "records")
        }.run()
        display.finish()
        if global.json {
            var writer = JSONWriter()
            writer.object { object in
                object.member("crawls", Int64(report.crawls))
                object.member("records", report.records)
                object.member("packages", report.packages)
                object.member("failed", report.failed)
                object.member("snapshots", Int64(report.snapshots))
                object.member("inspections", Int64(report.inspections))
                object.member("scans", Int64(report.scans))
            }
            try Console.data(writer.bytes + [UInt8(ascii: "\n")])
        } else if !global.quiet {
            try Console.data(
                "\(Format.count(report.packages)) packages from \(Format.count(report.records)) records of \(report.crawls) crawl\(report.crawls == 1 ? "" : "s")\n"
            )
        }
        if report.failed > 0 { throw ExitCode(1) }
    }
}
