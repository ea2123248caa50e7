public import ArgumentParser
import Catalog
import Documents
import Foundation
import Hubs
import ModelPackage
import Pipeline
public import Scanning
import Storage
import Transport

struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Look for malicious or dangerous content in model files and the code that comes with them; never executes any.",
        discussion: """
            TARGET is a file, a folder, or a package (HUB:NAME or HUB:NAME@REVISION): its snapshot where the dataset has one, else its files on
            the hub, of which only the parts come that are looked at. Archives, packed files and pickles in pickles are opened; a part that
            cannot be read is an error, never clean. What is found of packages is kept in the dataset (views findings, scans).

            EXAMPLES
              weir scan pytorch_model.bin
              weir scan ./my-model --explain
              weir scan hf:google-bert/bert-base-uncased
              weir scan ./models --json --fail-on medium
              weir scan ./models --sarif findings.sarif
              weir scan ./models --write-baseline known.json
              weir scan ./models --baseline known.json --suppressions accepted.yaml

            With --json: {"files":N,"findings":[{"path","rule","severity","message","evidence":{"member","offset","line","column","snippet",
            "steps"}}],"errors":[{"path","member","message"}],"suppressed","skipped","coverage"}.
            Exit code 1 when there is a finding of the severity of --fail-on or worse; 2 when a part could not be read and there is none.
            'weir scan --list-rules' tells what is looked for.
            """)

    @Argument(help: "Files, folders, or packages (HUB:NAME[@REVISION]).")
    var targets: [String] = []

    @Flag(help: "Show pickles and byte code as the Python that would do the same, and what was understood of each file.")
    var explain = false

    @Option(help: ArgumentHelp("The form of the answer: text, json or sarif.", valueName: "form"))
    var format: Form = .text

    @Option(help: ArgumentHelp("Write the findings in SARIF 2.1.0 to a file as well.", valueName: "file"))
    var sarif: String?

    @Option(
        help: ArgumentHelp(
            "The least severity that makes the exit code 1: critical, high, medium, low or info.", valueName: "severity"))
    var failOn: Severity = .high

    @Option(help: ArgumentHelp("Rules of your own (YAML); may be given several times.", valueName: "file"))
    var rules: [String] = []

    @Option(
        help: ArgumentHelp(
            "Findings that were looked at and accepted, with a reason and perhaps a last day (YAML).", valueName: "file"))
    var suppressions: String?

    @Option(
        help: ArgumentHelp("Findings that are known, as --write-baseline left them: only others are told.", valueName: "file"))
    var baseline: String?

    @Option(help: ArgumentHelp("Write all findings to a file for --baseline.", valueName: "file"))
    var writeBaseline: String?

    @Option(help: "How deep archives may be in each other.")
    var maxDepth = 16

    @Option(help: ArgumentHelp("Bytes that one file may unpack to, all its parts together (such as 8G).", valueName: "size"))
    var maxBytes = "8G"

    @Option(help: ArgumentHelp("Seconds that one file may take.", valueName: "seconds"))
    var maxTime = 120.0

    @Flag(help: "Print the rules and end.")
    var listRules = false

    @Option(help: ArgumentHelp("Where the hub is: takes the place of its own address.", valueName: "url"))
    var from: String?

    @OptionGroup var network: NetworkOptions
    @OptionGroup var global: GlobalOptions

    enum Form: String, ExpressibleByArgument, CaseIterable { case text, json, sarif, markdown }

    func validate() throws {
        if targets.isEmpty, !listRules { throw ValidationError("name what is to be scanned: a file, a folder or a package") }
        if targets.contains("") { throw ValidationError("TARGET should name a file, a folder or a package") }
        if global.json, format == .sarif {
            throw ValidationError("--json and --format sarif are two forms of one answer: give one of them")
        }
        if format == .markdown, !listRules { throw ValidationError("--format markdown is the form of --list-rules alone") }
        if maxDepth < 0 || maxDepth > 64 { throw ValidationError("--max-depth should be between 0 and 64, not \(maxDepth)") }
        if !(maxTime > 0 && maxTime <= 86_400) {
            throw ValidationError("--max-time should be between 0 and 86,400 seconds, not \(maxTime)")
        }
        if let from, NetworkOptions.webAddress(from) == nil {
            throw ValidationError("--from should be a web address, not '\(from)'")
        }
        _ = try size()
    }

    private func size() throws -> Int {
        let size = try ByteSize.parse(maxBytes)
        guard size > 0 else { throw ValidationError("--max-bytes should be a size such as 500M or 8G, not '\(maxBytes)'") }
        return Int(size)
    }

    private var form: Form { global.json ? .json : format }

    func run() async throws {
        if listRules { return try RuleList.print(form) }
        var limits = ScanLimits()
        limits.depth = maxDepth
        limits.bytes = try size()
        limits.seconds = maxTime
        let scan = LocalScan(limits: limits, wantsListings: explain, rules: try UserRules(files: rules.map(\.expandingTilde)))
        let accepted = try suppressions.map { try Suppressions(file: $0.expandingTilde) }
        let known = try baseline.map { try Baseline(file: $0.expandingTilde) }
        let display = ProgressDisplay(isQuiet: global.quiet)
        var report = try await scanTargets(scan) { done, total, bytes in
            display.show(done: Int64(done), of: Int64(total), bytes: Int64(bytes), what: "files")
        }
        display.finish()
        if let writeBaseline { try Baseline(report).write(to: writeBaseline.expandingTilde) }
        if let accepted { report.apply(accepted, today: Date()) }
        if let known { report.apply(known) }
        try write(report)
        if report.worst.map({ $0 >= failOn }) ?? false { throw ExitCode(1) }
        if report.hasErrors { throw ExitCode(2) }
    }

    private func scanTargets(_ scan: LocalScan, _ progress: @escaping @Sendable (Int, Int, Int) -> Void) async throws
        -> ScanReport
    {
        var paths: [String] = []
        var report = ScanReport()
        for target in targets {
            let path = target.expandingTilde
            if FileManager.default.fileExists(atPath: path) || !target.contains(":") {
                paths.append(path)
                continue
            }
            report.add(try await scanPackage(target, scan, progress))
        }
        if !paths.isEmpty { report.add(await scan.scan(paths: paths, progress: progress)) }
        return report
    }

    private func scanPackage(_ target: String, _ scan: LocalScan, _ progress: @escaping @Sendable (Int, Int, Int) -> Void)
        async throws -> ScanReport
    {
        let id = try RevisionID(target: target)
        if let manifest = try SnapshotStore(global.directory).manifest(naming: id) {
            let report = await StoredScan(global.directory, scan).scan(manifest, progress: progress)
            try keep(report, of: manifest.package, manifest.commit)
            return report
        }
        return try await scanOnHub(id, scan)
    }

    private func scanOnHub(_ id: RevisionID, _ scan: LocalScan) async throws -> ScanReport {
        guard id.package.hub == .huggingface else {
            throw CommandFailure(
                "there is no snapshot of \(id) in the dataset, and its files are in git repositories: take one with 'weir snapshot \(id)'"
            )
        }
        let endpoint = try NetworkOptions.hubEndpoint(from)
        let (report, listing) = try await network.withTransport(tokenFor: endpoint, global) { transport in
            let source = HuggingFaceRevisions(endpoint: endpoint, transport: transport)
            let listing = try await source.listing(of: id.package, revision: id.revision)
            return (try await DistantScan(transport, jobs: network.jobs, scan).scan(listing, from: source), listing)
        }
        try keep(report, of: listing.package, listing.commit)
        return report
    }

    /// Keeps what was found in the dataset, where there is one and nobody else is writing to it. What rules of the user's found is theirs, and not kept.
    private func keep(_ report: ScanReport, of package: PackageID, _ commit: GitObjectID) throws {
        guard global.directory.exists, rules.isEmpty, !Task.isCancelled else { return }
        let lock: DatasetLock
        do {
            lock = try DatasetLock(global.directory)
        } catch {
            Console.talk("weir: what was found is not kept in the dataset: \(error)")
            return
        }
        let catalog = try CatalogDatabase(writingTo: global.directory.catalog.path)
        let record = report.record(of: package, commit, at: .now, version: weirVersion)
        try PackageRecordStore.scans(global.directory).write(record, of: package, commit)
        try catalog.record(record)
        try catalog.close()
        _ = consume lock
    }

    private func write(_ report: ScanReport) throws {
        if let sarif {
            let data = Data(SARIFLog(report, version: weirVersion).json)
            do {
                try data.write(to: URL(filePath: sarif.expandingTilde))
            } catch {
                throw CommandFailure("the SARIF file cannot be written: \(error.localizedDescription)")
            }
        }
        switch form {
        case .json:
            var writer = JSONWriter()
            report.write(to: &writer, wantsParts: explain)
            try Console.data(writer.bytes + [UInt8(ascii: "\n")])
        case .sarif: try Console.data(SARIFLog(report, version: weirVersion).json)
        case .text, .markdown:
            if !global.quiet || report.worst != nil || report.hasErrors {
                try Console.data(ScanPage(report, explains: explain, isQuiet: global.quiet).text)
            }
        }
    }
}

extension Severity: ExpressibleByArgument {}
