import ArgumentParser
import Catalog
import Documents
import Foundation
import Snapshots
import Storage

struct GCCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove the stored contents that no snapshot needs.",
        discussion: """
            Works on the dataset alone: while a pull or snapshot runs it ends at once with code 2. Where a manifest cannot be read,
            nothing is removed.

            EXAMPLES
              weir gc --dry-run
              weir gc

            With --json: {"removed_blobs","removed_bytes","kept_blobs","kept_bytes","partial_files","partial_bytes","dry_run"}.
            """)

    @Flag(help: "Remove nothing; print what would be removed.")
    var dryRun = false

    @Flag(help: "Remove what cut-off fetches left, too: the next run begins these files anew.")
    var partial = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let directory = global.directory
        guard directory.exists else {
            throw CommandFailure("there is no dataset at \(directory.root.path): name one with --dataset")
        }
        let report = try GarbageCollection(directory).run(isDryRun: dryRun, removesPartial: partial)
        if !dryRun, FileManager.default.fileExists(atPath: directory.catalog.path) {
            try CatalogDatabase(writingTo: directory.catalog.path).forgetUnusedBlobs()
        }
        if global.json {
            var writer = JSONWriter()
            writer.object { object in
                object.member("removed_blobs", Int64(report.removedBlobs))
                object.member("removed_bytes", report.removedBytes)
                object.member("kept_blobs", Int64(report.keptBlobs))
                object.member("kept_bytes", report.keptBytes)
                object.member("partial_files", Int64(report.partialFiles))
                object.member("partial_bytes", report.partialBytes)
                object.member("dry_run", dryRun)
            }
            try Console.data(writer.bytes + [UInt8(ascii: "\n")])
        } else if !global.quiet {
            try Console.data(
                "\(dryRun ? "would remove" : "removed") \(Format.count(Int64(report.removedBlobs), "content")), \(Format.bytes(report.removedBytes)); "
                    + "\(Format.count(Int64(report.keptBlobs))) are needed, \(Format.bytes(report.keptBytes))\n")
            if report.partialFiles > 0, !partial || dryRun {
                try Console.data(
                    "\(Format.count(Int64(report.partialFiles))) files of cut-off fetches, \(Format.bytes(report.partialBytes)): --partial removes them\n"
                )
            }
        }
        for path in report.foreign { Console.talk("weir: not a stored content, left alone: \(TextTable.oneLine(path))") }
    }
}
