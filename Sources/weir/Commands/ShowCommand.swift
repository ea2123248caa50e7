import ArgumentParser
import Catalog
import Documents
import Export
import ModelPackage
import Storage

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known of one package, each value with its evidence.",
        discussion: """
            EXAMPLES
              weir show huggingface:google-bert/bert-base-uncased
              weir show onnx:validated/vision/classification/resnet/model/resnet50-v1-7
              weir show pytorch:pytorch_vision_resnet --json
              weir show hf:gpt2 --record                  the hub's own record, verbatim

            Evidence is a field of the record (cardData.license) or a file and line (README.md:30); 'derived' follows from it by a
            rule, 'found' was found in running text.
            """)

    @Argument(help: "The package, as HUB:NAME.")
    var package: String

    @Flag(help: "Print the hub's own record as it was kept.")
    var record = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let id: PackageID
        do throws(InvalidPackageName) {
            id = try PackageID(parsing: package)
        } catch {
            throw ValidationError("\(error)")
        }
        let catalog = try global.openCatalog()
        guard let entry = try catalog.package(id) else {
            let like = try catalog.namesLike(id.name)
            let hint = like.isEmpty ? "" : "; did you mean \(like.joined(separator: ", "))?"
            throw CommandFailure("the dataset does not hold \(id)\(hint)")
        }
        if record {
            try Console.data(Array(try RecordLookup(global.directory).record(of: entry)) + [UInt8(ascii: "\n")])
            return
        }
        let observations = try catalog.observations(of: id)
        let snapshots = try catalog.snapshots(of: id)
        let scans = try catalog.scans(of: id)
        if global.json {
            try Console.data(json(entry, observations, snapshots, scans))
        } else {
            try show(entry, observations)
            try show(snapshots)
            try show(scans)
        }
    }

    private func json(
        _ entry: CatalogPackage, _ observations: [Observation], _ snapshots: [SnapshotSummary], _ scans: [ScanSummary]
    ) -> [UInt8] {
        var package = JSONWriter()
        PackageJSON.write(entry, to: &package)
        var more = JSONWriter()
        more.object { object in
            object.key("observations")
            object.array { list in
                for observation in observations {
                    list.object { entry in
                        entry.member("crawl", observation.crawl)
                        entry.member("at", observation.at.description)
                        entry.member("revision", observation.revision)
                        entry.member("downloads", observation.downloads)
                        entry.member("likes", observation.likes)
                    }
                }
            }
            if !scans.isEmpty { Self.write(scans, to: &object) }
            guard !snapshots.isEmpty else { return }
            object.key("snapshots")
            object.array { list in
                for snapshot in snapshots {
                    list.object { entry in
                        entry.member("revision", snapshot.revision.hex)
                        entry.member("at", snapshot.at.description)
                        entry.member("files", snapshot.files)
                        entry.member("bytes", snapshot.bytes)
                        entry.member("left_out", snapshot.leftOut)
                        entry.member("failed", snapshot.failed)
                    }
                }
            }
        }
        // Both are objects: the second continues the first.
        return Array(package.bytes.dropLast()) + [UInt8(ascii: ",")] + more.bytes.dropFirst() + [UInt8(ascii: "\n")]
    }

    private func show(_ entry: CatalogPackage, _ observations: [Observation]) throws {
        let package = entry.package
        try Console.data("\(package.id)\n")
        if let removed = entry.removedAt { try Console.data("No longer listed by its hub since \(removed).\n") }
        var table = TextTable(["", "value", "evidence"])
        func add<Value>(_ name: String, _ value: Sourced<Value>?, _ text: (Value) -> String = { "\($0)" }) {
            guard let value else { return }
            table.add([name, text(value.value), value.evidence.description])
        }
        add("title", package.title)
        add("summary", package.summary)
        add("owner", package.owner)
        add("url", package.url)
        add("owner url", package.ownerURL)
        add("task", package.task)
        add("library", package.library)
        add("architecture", package.architecture)
        for license in package.licenses {
            add("license", license) { [$0.id, $0.name.map { "“\($0)”" }, $0.link].compactMap { $0 }.joined(separator: " ") }
        }
        add("revision", package.revision)
        add("downloads", package.downloads) { Format.count($0) }
        add("likes", package.likes) { Format.count($0) }
        add("gated", package.gated) { $0 == .open ? "no" : $0.rawValue }
        add("private", package.isPrivate) { $0 ? "yes" : "no" }
        add("disabled", package.isDisabled) { $0 ? "yes" : "no" }
        add("created", package.createdAt)
        add("modified", package.modifiedAt)
        if let first = package.tags.first {
            table.add(["tags", package.tags.map(\.value).joined(separator: ", "), first.evidence.description])
        }
        for language in package.languages { add("language", language) }
        for dataset in package.datasets {
            add("dataset", dataset) { [$0.name, $0.url].compactMap { $0 }.joined(separator: " ") }
        }
        for paper in package.papers { add("paper", paper) { $0.url } }
        for base in package.baseModels {
            add("base model", base) { [$0.name, $0.relation?.rawValue].compactMap { $0 }.joined(separator: " ") }
        }
        for count in package.parameters { add("parameters", count) { "\(Format.count($0.count)) \($0.dataType)" } }
        for point in package.entryPoints {
            add("entry point", point) { point in
                let place = [point.repository, point.ref].compactMap { $0 }.joined(separator: ":")
                return "\(place) \(point.name ?? "(computed)") \(point.variants.joined(separator: " "))"
            }
        }
        for evaluation in package.evaluations {
            add("result", evaluation) {
                [$0.metric, "=", $0.value, $0.dataset.map { "on \($0)" }].compactMap { $0 }.joined(separator: " ")
            }
        }
        for fact in package.facts { table.add([fact.name, fact.json, fact.evidence.description]) }
        try Console.data(table.text(width: Console.width))
        try showFiles(package)
        try showHistory(entry, observations)
    }

    private func showFiles(_ package: Package) throws {
        guard !package.files.isEmpty else { return }
        let shown = package.files.prefix(40)
        var table = TextTable(["file", "size", "sha256 or git id"], rightAligned: [1])
        for file in shown {
            table.add([file.path, file.size.map { Format.bytes($0) } ?? "", file.sha256?.hex ?? file.gitObjectID?.hex ?? ""])
        }
        try Console.data("\n" + table.text(width: Console.width))
        if package.files.count > shown.count { try Console.data("… and \(package.files.count - shown.count) more files\n") }
    }

    private func showHistory(_ entry: CatalogPackage, _ observations: [Observation]) throws {
        for reference in entry.package.references {
            try Console.data("\(reference.kind.rawValue) \(reference.name) → \(reference.target)\n")
        }
        if let newest = entry.package.commits.first {
            try Console.data(
                "\(Format.count(Int64(entry.package.commits.count))) commits, the newest of \(newest.date): \(TextTable.oneLine(newest.title))\n"
            )
        }
        guard let last = observations.last else { return }
        try Console.data(
            "\nSeen in \(observations.count) crawl\(observations.count == 1 ? "" : "s"), first \(entry.firstSeen?.description ?? "?"), last \(last.at)\n"
        )
    }

    private static func write(_ scans: [ScanSummary], to object: inout JSONWriter) {
        object.key("scans")
        object.array { list in
            for scan in scans {
                list.object { entry in
                    entry.member("revision", scan.revision)
                    entry.member("at", scan.at)
                    entry.member("files", scan.files)
                    entry.member("errors", scan.errors)
                    entry.key("findings")
                    entry.array { findings in
                        for finding in scan.findings {
                            findings.object { item in
                                item.member("path", finding.path)
                                item.member("member", finding.member)
                                item.member("rule", finding.rule)
                                item.member("severity", finding.severity)
                                item.member("message", finding.message)
                                item.member("offset", finding.offset)
                                item.member("line", finding.line)
                                item.member("snippet", finding.snippet)
                            }
                        }
                    }
                }
            }
        }
    }

    private func show(_ scans: [ScanSummary]) throws {
        for scan in scans {
            let told = scan.findings.filter { $0.severity != "info" }
            let count = told.isEmpty ? "nothing found" : Format.count(Int64(told.count), "finding")
            try Console.data(
                "Scanned \(scan.revision.prefix(12)) (\(scan.at)): \(Format.count(scan.files, "file")), \(count)\(scan.errors > 0 ? ", \(scan.errors) not scanned" : "")\n"
            )
            for finding in told.prefix(20) {
                let place = finding.member.map { "\(finding.path)!\($0)" } ?? finding.path
                try Console.data("  \(finding.severity) \(place): \(TextTable.oneLine(finding.message)) [\(finding.rule)]\n")
            }
        }
    }

    private func show(_ snapshots: [SnapshotSummary]) throws {
        for snapshot in snapshots {
            var parts = ["\(Format.count(snapshot.files, "file")), \(Format.bytes(snapshot.bytes))"]
            if snapshot.leftOut > 0 { parts.append("\(Format.count(snapshot.leftOut)) left out") }
            if snapshot.failed > 0 { parts.append("\(Format.count(snapshot.failed)) failed") }
            try Console.data(
                "Files of \(snapshot.revision.hex.prefix(12)) are here: \(parts.joined(separator: ", ")) (\(snapshot.at))\n")
        }
    }
}
