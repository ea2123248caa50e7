import ArgumentParser
import Catalog
import Documents
import Foundation
import Hubs
import ModelPackage
import Pipeline
import Snapshots
import Storage
import Transport

struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Fetch the files of packages into the dataset, verified, each content once.",
        discussion: """
            Files are checked against every length and hash that the hub states. What is in the dataset already, in whatever package, is
            not fetched again. A run that was cut off goes on where it stopped when it is run again. A file that cannot be had is
            named, and tried again by the next run.

            PACKAGE is HUB:NAME or HUB:NAME@REVISION (a branch, tag or commit). Files of huggingface come over HTTP; those of the other
            hubs from the git repository that the package's record names (pull the hub first), large files through LFS.
            --history mirrors the whole repository under git/HUB/NAME.git; what a server rewrites of it is kept.

            EXAMPLES
              weir snapshot hf:google-bert/bert-base-uncased
              weir snapshot hf:openai-community/gpt2@main --include '*.safetensors' --include '*.json'
              weir snapshot hf:org/model --max-file-size 500M --dry-run
              weir snapshot modelhub:alexnet --history

            With --json: {"snapshots":[{"package","commit","files","bytes","fetched_files","fetched_bytes","held_files","held_bytes",
            "left_out","failed","unchanged"}],"packages","unchanged","files","fetched_files","fetched_bytes","held_files","held_bytes",
            "failed","failures":[{"package","path","reason"}],"seconds"}.
            Exit code 1 when packages or files failed.
            """)

    @Argument(help: "The packages, each HUB:NAME or HUB:NAME@REVISION.", transform: PackageArgument.parse)
    var packages: [RevisionID]

    @Option(
        help: ArgumentHelp(
            "Fetch from here: for huggingface a base address, for other hubs a git address or a repository on this machine.",
            valueName: "location"))
    var from: String?

    @Flag(help: "Mirror the repository with its whole history, and take the files from there.")
    var history = false

    @Flag(help: "Fetch nothing; print what would be fetched.")
    var dryRun = false

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if from == "" { throw ValidationError("--from should name an address or a repository") }
        if from != nil, Set(packages.map(\.package.hub)).count > 1 {
            throw ValidationError("--from is of one hub: name packages of one hub only")
        }
        if let from, isOfTheHub, NetworkOptions.webAddress(from) == nil {
            throw ValidationError("--from should be a web address, not '\(from)'")
        }
    }

    private var isOfTheHub: Bool { packages.contains { $0.package.hub == .huggingface } }

    func run() async throws {
        let endpoint = try NetworkOptions.hubEndpoint(isOfTheHub ? from : nil)
        let started = ContinuousClock.now
        try await network.withTransport(tokenFor: endpoint, global) { transport in
            let source = isOfTheHub ? HuggingFaceRevisions(endpoint: endpoint, transport: transport) : nil
            if dryRun { try await preview(source, transport) } else { try await fetch(source, transport, started) }
        }
    }

    private func fetch(_ source: HuggingFaceRevisions?, _ transport: PoliteTransport, _ started: ContinuousClock.Instant)
        async throws
    {
        let directory = global.directory
        try directory.create()
        let lock = try DatasetLock(directory)
        let catalog = try CatalogDatabase(writingTo: directory.catalog.path)
        let progress = TransferProgress()
        let display = TransferDisplay(progress, isQuiet: global.quiet)
        var snapshots: [SnapshotReport] = []
        let report: SnapshotRunReport
        do {
            var remaining = packages[...]
            report = try await SnapshotRun(
                directory, catalog, from: source, location: isOfTheHub ? nil : from, wantsHistory: history, transport: transport,
                jobs: network.jobs, logger: global.logger,
                progress: progress
            ).run({ remaining.popFirst() }, selection.selection()) { snapshots.append($0) }
        } catch {
            await display.finish()
            throw error
        }
        await display.finish()
        try catalog.close()
        _ = consume lock
        let seconds = started.duration(to: .now) / .seconds(1)
        snapshots.sort { $0.manifest.package < $1.manifest.package }
        if global.json {
            var writer = JSONWriter()
            writer.object { object in
                object.key("snapshots")
                object.array { list in for snapshot in snapshots { list.object { snapshot.write(to: &$0) } } }
                report.write(to: &object)
                object.key("seconds")
                object.raw(String(format: "%.3f", seconds).utf8)
            }
            try Console.data(writer.bytes + [UInt8(ascii: "\n")])
        } else if !global.quiet {
            for snapshot in snapshots { try Console.data(snapshot.line + "\n") }
            try Console.data(report.line(seconds: seconds) + "\n")
        }
        report.talkOfFailures()
        if report.failed > 0 { throw ExitCode(1) }
    }

    private func preview(_ source: HuggingFaceRevisions?, _ transport: PoliteTransport) async throws {
        // Only asks what is held: without a dataset nothing is.
        let catalog = global.directory.exists ? try global.openCatalog() : try .inMemory()
        let run = SnapshotRun(
            global.directory, catalog, from: source, location: isOfTheHub ? nil : from, wantsHistory: history,
            transport: transport,
            logger: global.logger)
        var previews: [SnapshotPreview] = []
        for package in packages { previews.append(try await run.preview(package, selection.selection())) }
        if global.json {
            try Console.data(Self.json(previews) + [UInt8(ascii: "\n")])
            return
        }
        for preview in previews {
            var table = TextTable(["\(preview.package)@\(preview.commit.hex.prefix(12))", "size", ""], rightAligned: [1])
            for entry in preview.entries {
                table.add([entry.path.text, entry.size.map(Format.bytes) ?? "?", entry.isHeld ? "is here" : ""])
            }
            for absence in preview.absences {
                table.add([absence.path, absence.size.map(Format.bytes) ?? "?", absence.reason ?? absence.cause.rawValue])
            }
            try Console.data(table.text(width: Console.width))
        }
        let wanted = previews.flatMap(\.entries)
        let missing = wanted.filter { !$0.isHeld }
        try Console.data(
            "\(Format.count(Int64(missing.count))) files, \(Format.bytes(missing.reduce(0) { $0 + ($1.size ?? 0) })) to fetch; "
                + "\(Format.count(Int64(wanted.count - missing.count))) files are here\n")
    }

    private static func json(_ previews: [SnapshotPreview]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.key("packages")
            object.array { list in
                for preview in previews {
                    list.object { entry in
                        entry.member("package", preview.package.description)
                        entry.member("commit", preview.commit.hex)
                        entry.key("files")
                        entry.array { files in
                            for file in preview.entries {
                                files.object { item in
                                    item.member("path", file.path.text)
                                    item.member("size", file.size)
                                    item.member("held", file.isHeld)
                                }
                            }
                        }
                        entry.key("left_out")
                        entry.array { files in for absence in preview.absences { files.string(absence.path) } }
                    }
                }
            }
            let entries = previews.flatMap(\.entries)
            object.member("files", Int64(entries.count))
            object.member("bytes", entries.reduce(0) { $0 + ($1.size ?? 0) })
            object.member("bytes_to_fetch", entries.reduce(0) { $0 + ($1.isHeld ? 0 : $1.size ?? 0) })
        }
        return writer.bytes
    }
}

/// Reads a package's name, or says how one is written.
enum PackageArgument {
    static func parse(_ text: String) throws -> RevisionID {
        do {
            return try RevisionID(parsing: text)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
