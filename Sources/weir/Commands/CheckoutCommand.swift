import ArgumentParser
import Documents
import Foundation
import ModelPackage
import Storage

struct CheckoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkout",
        abstract: "Lay a snapshot out as plain files, or as the cache of the Hub's Python client.",
        discussion: """
            DIR must be empty or not there; it appears when it is whole. With --format hf-cache DIR is the client's cache and may hold
            other models: HF_HUB_CACHE=DIR HF_HUB_OFFLINE=1 then finds the model without a network.

            EXAMPLES
              weir checkout hf:google-bert/bert-base-uncased ./bert
              weir checkout hf:openai-community/gpt2@main ./gpt2 --link copy
              weir checkout hf:openai-community/gpt2 ~/.cache/huggingface/hub --format hf-cache

            With --json: {"package","commit","dir","format","files","bytes","reflinked","hardlinked","copied","links",
            "problems":[{"path","reason"}]}. Exit code 1 when files were not written.
            """)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case plain
        case hfCache = "hf-cache"
    }

    @Argument(help: "HUB:NAME, the newest snapshot; or HUB:NAME@REVISION.", transform: PackageArgument.parse)
    var package: RevisionID

    @Argument(help: "Where to write.")
    var dir: String

    @Option(help: "How to lay the files out.")
    var format = Form.plain

    @Option(
        help: ArgumentHelp(
            "How files get their bytes: shared with the store (reflink), or the stored file itself (hardlink: never write to it), or a copy. auto shares where the file system can, else copies.",
            valueName: "kind"),
        transform: { text in
            guard let kind = Checkout.LinkKind(rawValue: text) else {
                throw ValidationError("--link should be auto, reflink, hardlink or copy, not '\(text)'")
            }
            return kind
        })
    var link = Checkout.LinkKind.auto

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if dir.isEmpty { throw ValidationError("DIR should name a folder") }
    }

    func run() throws {
        guard let manifest = try SnapshotStore(global.directory).manifest(naming: package) else {
            throw CommandFailure("the dataset has no snapshot of \(package): take one with 'weir snapshot \(package)'")
        }
        let checkout = Checkout(BlobStore(global.directory), link: link)
        let folder = URL(filePath: dir.expandingTilde, directoryHint: .isDirectory)
        let report =
            switch format {
            case .plain: try checkout.writeFiles(of: manifest, to: folder)
            case .hfCache: try checkout.writeClientCache(of: manifest, to: folder)
            }
        if global.json {
            try Console.data(json(report, manifest, folder) + [UInt8(ascii: "\n")])
        } else if !global.quiet {
            let kinds = [
                ("shared", report.reflinked), ("hard-linked", report.hardlinked), ("copied", report.copied),
                ("links", report.links),
            ]
            .filter { $0.1 > 0 }.map { "\(Format.count(Int64($0.1))) \($0.0)" }
            try Console.data(
                "\(folder.path): \(Format.count(Int64(report.files), "file")), \(Format.bytes(report.bytes))"
                    + (kinds.isEmpty ? "" : " (\(kinds.joined(separator: ", ")))") + "\n")
        }
        let failed = manifest.absences.count { $0.cause == .failed }
        if failed > 0 {
            Console.talk(
                "weir: \(failed) files of this revision could not be fetched and are not in the snapshot: run 'weir snapshot \(package)' again"
            )
        }
        for problem in report.problems { Console.talk("weir: not written: \(printable(problem.path)): \(problem.reason)") }
        if !report.problems.isEmpty { throw ExitCode(1) }
    }

    private func json(_ report: CheckoutReport, _ manifest: SnapshotManifest, _ folder: URL) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("package", manifest.package.description)
            object.member("commit", manifest.commit.hex)
            object.member("dir", folder.path)
            object.member("format", format.rawValue)
            object.member("files", Int64(report.files))
            object.member("bytes", report.bytes)
            object.member("reflinked", Int64(report.reflinked))
            object.member("hardlinked", Int64(report.hardlinked))
            object.member("copied", Int64(report.copied))
            object.member("links", Int64(report.links))
            object.key("problems")
            object.array { list in
                for problem in report.problems {
                    list.object { entry in
                        entry.member("path", problem.path)
                        entry.member("reason", problem.reason)
                    }
                }
            }
        }
        return writer.bytes
    }
}
