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

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read every stored content again and compare it with its hash.",
        discussion: """
            Reports contents that are damaged, missing, or needed by no snapshot. All cores are used. A run that was cut off is gone on
            with by the next one. --repair fetches what is damaged or missing again.

            EXAMPLES
              weir verify
              weir verify --sample 0.05
              weir verify --repair

            With --json: {"checked_files","checked_bytes","resumed_after","damaged":[{"sha256","size","file","reason"}],"missing":[…],
            "surplus":[{"path","size"}],"damaged_manifests":[…],"repaired","seconds"}. Exit code 1 when something is damaged or missing, and not repaired.
            """)

    @Option(help: ArgumentHelp("The share of the contents to read, above 0 and up to 1.", valueName: "fraction"))
    var sample = 1.0

    @Flag(help: "Fetch what is damaged or missing again.")
    var repair = false

    @OptionGroup var network: NetworkOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if !(sample > 0 && sample <= 1) { throw ValidationError("--sample should be above 0 and up to 1, not \(sample)") }
    }

    func run() async throws {
        let directory = global.directory
        guard directory.exists else {
            throw CommandFailure("there is no dataset at \(directory.root.path): name one with --dataset")
        }
        let started = ContinuousClock.now
        let display = ProgressDisplay(isQuiet: global.quiet)
        var report = try await Verification(directory).run(
            sample: sample, jobs: ProcessInfo.processInfo.activeProcessorCount
        ) { done, total in
            display.show(done: done, of: total, bytes: done, what: "bytes")
        }
        display.finish()
        let faults = report.damaged.count + report.missing.count
        if repair, faults > 0 { report = try await repaired(report) }
        let left = report.damaged.count + report.missing.count
        let seconds = started.duration(to: .now) / .seconds(1)
        if global.json {
            try Console.data(json(report, repaired: faults - left, seconds: seconds) + [UInt8(ascii: "\n")])
        } else {
            try show(report, repaired: faults - left, seconds: seconds)
        }
        if left > 0 || !report.damagedManifests.isEmpty { throw ExitCode(1) }
    }

    /// Fetches the faulty contents again. Returns what could not be repaired.
    private func repaired(_ report: VerificationReport) async throws -> VerificationReport {
        let directory = global.directory
        let lock = try DatasetLock(directory)
        let client = network.client()
        let catalog = try CatalogDatabase(writingTo: directory.catalog.path)
        let repair = SnapshotRepair(directory, jobs: network.jobs, logger: global.logger) { source in
            guard let url = NetworkOptions.webAddress(source) else { return nil }
            // A manifest may name any host; the token is for the hub that this user has chosen.
            let transport = network.transport(
                client, tokenFor: NetworkOptions.webAddress(NetworkOptions.hubAddress(nil)), global)
            return (HuggingFaceRevisions(endpoint: url, transport: transport), transport)
        } takeAgain: { manifest in
            let run = SnapshotRun(
                directory, catalog, from: nil, location: manifest.source,
                transport: network.transport(client, tokenFor: nil, global), logger: global.logger)
            var next: RevisionID? = RevisionID(manifest.package, revision: manifest.commit.hex)
            let report = try await run.run({ next.take() }, .all, asksAgain: true)
            if let failure = report.failures.first(where: { $0.path == nil }) {
                throw HubError(manifest.package.hub, .unavailable, failure.reason)
            }
        }
        let failures: [SHA256Hash: String]
        do {
            failures = try await repair.run((report.damaged + report.missing).map(\.hash))
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
        _ = consume lock
        var rest = report
        rest.damaged.removeAll { failures[$0.hash] == nil }
        rest.missing.removeAll { failures[$0.hash] == nil }
        for (hash, reason) in failures { Console.talk("weir: not repaired: \(hash.hex): \(reason)") }
        return rest
    }

    private func show(_ report: VerificationReport, repaired: Int, seconds: Double) throws {
        let rate = Format.bytes(Int64(Double(report.checkedBytes) / max(seconds, 0.001)))
        var lines = [
            "\(Format.count(Int64(report.checkedFiles), "content")) read, \(Format.bytes(report.checkedBytes)) in \(Format.duration(seconds)) (\(rate)/s)"
        ]
        if report.resumedAfter > 0 { lines[0] += "; \(Format.count(Int64(report.resumedAfter))) were read before" }
        for (title, faults) in [("damaged", report.damaged), ("missing", report.missing)] {
            for fault in faults {
                lines.append(
                    "\(title): \(fault.hash.hex) \(fault.reason)\(fault.use.map { " (\(TextTable.oneLine($0)))" } ?? "")")
            }
        }
        for manifest in report.damagedManifests { lines.append("manifest: \(manifest): take the snapshot again") }
        if !report.surplus.isEmpty {
            let bytes = report.surplus.reduce(0) { $0 + $1.size }
            lines.append(
                "surplus: \(Format.count(Int64(report.surplus.count))) files that no snapshot needs, \(Format.bytes(bytes)): 'weir gc' removes them"
            )
        }
        if repaired > 0 { lines.append("repaired: \(Format.count(Int64(repaired)))") }
        if report.isClean { lines.append("nothing is damaged or missing") }
        if !global.quiet || !report.isClean { try Console.data(lines.joined(separator: "\n") + "\n") }
    }

    private func json(_ report: VerificationReport, repaired: Int, seconds: Double) -> [UInt8] {
        var writer = JSONWriter()
        func list(_ key: String, _ faults: [VerificationReport.Fault], _ object: inout JSONWriter) {
            object.key(key)
            object.array { list in
                for fault in faults {
                    list.object { entry in
                        entry.member("sha256", fault.hash.hex)
                        entry.member("size", fault.size)
                        entry.member("file", fault.use)
                        entry.member("reason", fault.reason)
                    }
                }
            }
        }
        writer.object { object in
            object.member("checked_files", Int64(report.checkedFiles))
            object.member("checked_bytes", report.checkedBytes)
            object.member("resumed_after", Int64(report.resumedAfter))
            list("damaged", report.damaged, &object)
            list("missing", report.missing, &object)
            object.key("surplus")
            object.array { list in
                for file in report.surplus {
                    list.object { entry in
                        entry.member("path", file.path)
                        entry.member("size", file.size)
                    }
                }
            }
            object.member("damaged_manifests", report.damagedManifests)
            object.member("repaired", Int64(repaired))
            object.key("seconds")
            object.raw(String(format: "%.3f", seconds).utf8)
        }
        return writer.bytes
    }
}
