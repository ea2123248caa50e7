import ArgumentParser
import Catalog
import Documents
import Foundation
import Hubs
import ModelPackage
import Pipeline
import Scanning
import Snapshots
import Storage
import Transport

struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Crawl a hub into the catalog; run again, it updates.",
        discussion: """
            The hub's own records are kept verbatim under records/, and every value in the catalog says which field or line it
            comes from. A pull that was cut off, however, goes on when the same command is run again. A crawl of the whole hub
            marks what the hub no longer lists as removed.

            EXAMPLES
              weir pull huggingface --top 0.1                     the most downloaded tenth of the Hub
              weir pull hf --author google-bert --details         with file hashes, branches and history
              weir pull hf --filter text-generation --since 2026-01-01
              weir pull hf --from listing.jsonl                   records from a file
              weir pull hf --author google-bert --snapshot files --include '*.json'
              weir pull onnx --from ~/src/onnx-models             a checkout, bare repository or folder
              weir pull modelzoo --from http://localhost:8000

            SOURCES (--from)
              huggingface  a base address, or a .json/.jsonl file of listing records, or a folder of such files
              onnx, pytorch  a git address, a checkout, a bare repository, or a plain folder with the hub's files
              modelhub     an address or a file of models.json
              modelzoo     a base address, or a folder with models.json and models/SLUG.json

            With --json: {"crawl","hub","listed","added","updated","unchanged","removed","failed","bytes","seconds",
            "failures":[{"package","reason"}]}. Exit code 1 when packages failed.
            """)

    enum Snapshot: String, ExpressibleByArgument, CaseIterable {
        case none, card, headers, files, history
    }

    enum Order: String, ExpressibleByArgument, CaseIterable {
        case downloads, likes, modified, created

        var listing: ListingQuery.Order {
            switch self {
            case .downloads: .downloads
            case .likes: .likes
            case .modified: .modified
            case .created: .created
            }
        }
    }

    @Argument(help: "The hub: huggingface (or hf), onnx, pytorch, modelhub, modelzoo.", transform: HubArgument.parse)
    var hub: HubID

    @Option(help: ArgumentHelp("Read from here instead of the hub's own address.", valueName: "location"))
    var from: String?

    @Option(help: ArgumentHelp("At most so many packages.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "The first share of the hub by --sort (by downloads if not given), above 0 and up to 1.", valueName: "fraction"))
    var top: Double?

    @Option(help: "The order of the listing.")
    var sort: Order?

    @Option(help: ArgumentHelp("Only packages of this user or organisation.", valueName: "name"))
    var author: String?

    @Option(help: ArgumentHelp("Only packages whose name holds this text.", valueName: "text"))
    var search: String?

    @Option(help: ArgumentHelp("Only packages with this tag; repeat it for several, which must all hold.", valueName: "tag"))
    var filter: [String] = []

    @Option(help: ArgumentHelp("Only packages modified on or after this day or time (ISO 8601).", valueName: "date"))
    var since: String?

    @Option(
        help:
            "What to fetch after the records: card (README, licence), headers (what the model files hold, without their weights), files, or history (whole git repositories)."
    )
    var snapshot: Snapshot = .none

    @OptionGroup var selection: SelectionOptions

    @Flag(
        help: "Ask for each package's own record too: file sizes and hashes, branches, history (three requests more a package).")
    var details = false

    @Flag(help: "Scan the files that were fetched (as 'weir scan' does); exit code 1 where something dangerous is found.")
    var scan = false

    @OptionGroup var network: NetworkOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if snapshot == .none, selection.isGiven {
            throw ValidationError("--include, --exclude and --max-file-size choose files: give --snapshot files too")
        }
        if scan, snapshot == .none || snapshot == .headers {
            throw ValidationError("--scan looks at files: give --snapshot files too")
        }
        if snapshot == .headers, hub != .huggingface {
            throw ValidationError(
                "--snapshot headers reads ranges over HTTP, which \(hub.rawValue) does not give: use --snapshot files")
        }
        if from == "" { throw ValidationError("--from should name an address, a file or a folder") }
        if let limit, limit < 1 { throw ValidationError("--limit should be 1 or more, not \(limit)") }
        if let top, !(top > 0 && top <= 1) { throw ValidationError("--top should be above 0 and up to 1, not \(top)") }
        if let since, Instant(iso8601: since) == nil {
            throw ValidationError("--since should be a day or time such as 2026-01-31, not '\(since)'")
        }
    }

    func run() async throws {
        let logger = global.logger
        let client = network.client()
        let display = ProgressDisplay(isQuiet: global.quiet)
        let report: PullReport
        do {
            report = try await Pull(
                global.directory, from: try source(client), query, logger: logger,
                progress: { progress in
                    display.show(
                        done: progress.counts.listed, of: progress.expected, bytes: progress.counts.bytes, what: "records")
                }
            ).run()
        } catch {
            display.finish()
            await client.shutdown()
            throw error
        }
        display.finish()
        if !global.json { try describe(report) }
        let started = ContinuousClock.now
        let snapshots: SnapshotRunReport?
        let headers: HeadersRun.Report?
        let scans: ScanRun.Report?
        do {
            headers = snapshot == .headers ? try await readHeaders(of: report, client) : nil
            snapshots = try await fetchFiles(of: report, client)
            scans = scan ? try await scanFiles(of: report, client) : nil
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
        if global.json {
            try Console.data(report.json(snapshots, headers, scans) + [UInt8(ascii: "\n")])
        } else if let snapshots, !global.quiet {
            try Console.data(snapshots.line(seconds: started.duration(to: .now) / .seconds(1)) + "\n")
        }
        if let headers, !global.quiet {
            if !global.json { try Console.data(headers.line(seconds: started.duration(to: .now) / .seconds(1)) + "\n") }
            headers.talkOfFailures()
        }
        if !global.quiet { snapshots?.talkOfFailures() }
        if let scans, !global.quiet, !global.json { try Console.data(scans.lines) }
        if report.crawl.counts.failed > 0 || (snapshots?.failed ?? 0) > 0 || headers?.failures.isEmpty == false
            || scans?.dangerous.isEmpty == false
        {
            throw ExitCode(1)
        }
    }

    /// The address of the Hub for what comes after the records.
    private func endpoint() throws -> URL {
        try NetworkOptions.hubEndpoint(hub != .huggingface || NetworkOptions.webAddress(from ?? "") == nil ? nil : from)
    }

    /// Looks at the headers of the model files of the packages that the crawl listed.
    private func readHeaders(of report: PullReport, _ client: ClientTransport) async throws -> HeadersRun.Report {
        try await withDataset(client) { catalog, url, transport in
            let packages = try catalog.packages(listedIn: report.crawl.id)
            return try await HeadersRun(
                global.directory, catalog, from: HuggingFaceRevisions(endpoint: url, transport: transport), transport: transport,
                jobs: network.jobs
            ).run({ try packages.next() }, selection.selection())
        }
    }

    /// Scans the snapshots of the packages that the crawl listed.
    private func scanFiles(of report: PullReport, _ client: ClientTransport) async throws -> ScanRun.Report {
        try await withDataset(client) { catalog, _, _ in
            let packages = try catalog.packages(listedIn: report.crawl.id)
            return try await ScanRun(global.directory, catalog, LocalScan(), version: weirVersion).run {
                try packages.next().map { hub == .huggingface ? $0 : RevisionID($0.package) }
            }
        }
    }

    /// Writes to the dataset after the records are in it: alone, with the catalog open.
    private func withDataset<Result>(
        _ client: ClientTransport, _ body: (CatalogDatabase, URL, PoliteTransport) async throws -> Result
    ) async throws -> Result {
        let url = try endpoint()
        let lock = try DatasetLock(global.directory)
        let catalog = try CatalogDatabase(writingTo: global.directory.catalog.path)
        let result = try await body(catalog, url, network.transport(client, tokenFor: url, global))
        try catalog.close()
        _ = consume lock
        return result
    }

    /// Fetches the files of the packages that the crawl listed; nil where none are asked for.
    private func fetchFiles(of report: PullReport, _ client: ClientTransport) async throws -> SnapshotRunReport? {
        let base: FileSelection
        switch snapshot {
        case .none, .headers: return nil
        case .card: base = .card
        case .files, .history: base = .all
        }
        return try await withDataset(client) { catalog, url, transport in
            let progress = TransferProgress()
            let display = TransferDisplay(progress, isQuiet: global.quiet)
            let run = SnapshotRun(
                global.directory, catalog,
                from: hub == .huggingface ? HuggingFaceRevisions(endpoint: url, transport: transport) : nil,
                wantsHistory: snapshot == .history, transport: transport, jobs: network.jobs, logger: global.logger,
                progress: progress)
            do {
                let packages = try catalog.packages(listedIn: report.crawl.id)
                // What other hubs call a package's revision is the commit of its record, not of its repository.
                let next = { () throws -> RevisionID? in
                    try packages.next().map { hub == .huggingface ? $0 : RevisionID($0.package) }
                }
                let snapshots = try await run.run(next, named: "main", selection.selection(base: base))
                await display.finish()
                return snapshots
            } catch {
                await display.finish()
                throw error
            }
        }
    }

    private var query: ListingQuery {
        var query = ListingQuery()
        query.limit = limit
        query.topFraction = top
        query.order = sort?.listing
        query.author = author
        query.search = search
        query.tags = filter
        query.since = since.flatMap { Instant(iso8601: $0) }
        query.wantsDetails = details
        return query
    }

    private func source(_ client: ClientTransport) throws -> any ModelHub {
        let workFolder = global.directory.temporary
        switch hub {
        case .huggingface:
            let location = NetworkOptions.hubAddress(from)
            guard let url = NetworkOptions.webAddress(location) else {
                return try HuggingFaceListingFile(path: location.expandingTilde)
            }
            return HuggingFaceHub(endpoint: url, transport: network.transport(client, tokenFor: url, global), jobs: network.jobs)
        case .onnx: return ONNXModelZoo(location: from ?? ONNXModelZoo.address, workFolder: workFolder)
        case .pytorch: return PyTorchHub(location: from ?? PyTorchHub.address, workFolder: workFolder)
        case .modelhub:
            return try ModelhubAI(
                location: from ?? ModelhubAI.address, transport: network.transport(client, tokenFor: nil, global),
                jobs: network.jobs)
        case .modelzoo:
            return try ModelZooCo(
                location: from ?? ModelZooCo.address, transport: network.transport(client, tokenFor: nil, global),
                jobs: network.jobs)
        }
    }

    private func describe(_ report: PullReport) throws {
        if global.quiet { return }
        let counts = report.crawl.counts
        let seconds = report.seconds
        if report.wasResumed { Console.talk("weir: went on with crawl \(report.crawl.id), which was not complete") }
        try Console.data(
            """
            \(hub.title): \(Format.count(counts.listed)) listed in \(Format.duration(seconds)) \
            (\(Format.count(Int64(Double(counts.listed) / max(seconds, 0.001))))/s, \(Format.bytes(counts.bytes)))
              added \(Format.count(counts.added)) · updated \(Format.count(counts.updated)) · unchanged \
            \(Format.count(counts.unchanged)) · removed \(Format.count(counts.removed)) · failed \(Format.count(counts.failed))

            """)
        for failure in report.failures.prefix(10) {
            Console.talk("weir: failed: \(failure.package.map { printable($0) } ?? "a record without a name"): \(failure.reason)")
        }
        if counts.failed > 10 {
            Console.talk(
                "weir: \(counts.failed - 10) more: weir sql \"SELECT package, reason FROM failures WHERE crawl = \(report.crawl.id)\""
            )
        }
    }
}

/// Reads a hub's id, or says which there are.
enum HubArgument {
    static func parse(_ text: String) throws -> HubID {
        guard let hub = HubID(argument: text) else {
            throw ValidationError(
                "'\(text)' is not a hub; the hubs are \(HubID.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return hub
    }
}

extension PullReport {
    var seconds: Double { Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18 }

    /// The JSON form that docs/cli.md describes.
    fileprivate func json(_ snapshots: SnapshotRunReport?, _ headers: HeadersRun.Report?, _ scans: ScanRun.Report?) -> [UInt8] {
        var writer = JSONWriter()
        let counts = crawl.counts
        writer.object { object in
            object.member("crawl", crawl.id)
            object.member("hub", crawl.hub.rawValue)
            object.member("listed", counts.listed)
            object.member("added", counts.added)
            object.member("updated", counts.updated)
            object.member("unchanged", counts.unchanged)
            object.member("removed", counts.removed)
            object.member("failed", counts.failed)
            object.member("bytes", counts.bytes)
            object.key("seconds")
            object.raw(String(format: "%.3f", seconds).utf8)
            object.key("failures")
            object.array { list in
                for failure in failures {
                    list.object { entry in
                        entry.key("package")
                        if let package = failure.package { entry.string(package) } else { entry.null() }
                        entry.member("reason", failure.reason)
                    }
                }
            }
            if let snapshots {
                object.key("snapshots")
                object.object { snapshots.write(to: &$0) }
            }
            if let headers {
                object.key("headers")
                object.object { headers.write(to: &$0) }
            }
            if let scans {
                object.key("scans")
                object.object { scans.write(to: &$0) }
            }
        }
        return writer.bytes
    }
}
