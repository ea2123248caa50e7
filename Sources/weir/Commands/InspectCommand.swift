import ArgumentParser
import Documents
import Foundation
import Hubs
import Inspection
import ModelFormats
import ModelPackage
import Pipeline
import Storage
import Transport

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what a model file, a folder or a package really holds, from its headers alone.",
        discussion: """
            TARGET is a file, a folder, a package (HUB:NAME or HUB:NAME@REVISION) or the address of a file. A package whose snapshot is
            in the dataset is read from there; else its files are looked at on the hub, by the ranges that hold their headers: weights
            are never fetched. Nothing is executed: pickles are read by a machine that only notes what a loader would do.

            Formats: safetensors, GGUF, ONNX, PyTorch (zip, TorchScript, legacy), pickle, joblib, .npy, .npz, Keras, HDF5, SavedModel,
            GraphDef, TFLite, Flax msgpack, Core ML, OpenVINO, and JSON configurations. The content tells which one a file is.

            EXAMPLES
              weir inspect model.safetensors
              weir inspect ./my-model --tensors
              weir inspect hf:google-bert/bert-base-uncased
              weir inspect https://huggingface.co/gpt2/resolve/main/model.safetensors --json

            With --json: {"target","files":[{"path","format","size","bytes_read","metadata","header","tensors":[{"name","dtype",
            "shape","offset","length"}]}],"totals":{"parameters","tensors","by_dtype","buffers","tied_tensors"},"architecture",
            "contradictions":[{"about","claims":[{"value","source"}]}],"errors":[{"path","message","offset"}],
            "transfer":{"bytes_read","bytes_total","requests"}}.
            Exit code 1 when something in a file was not understood; 2 when the target cannot be read, or is no model.
            """)

    @Argument(help: "A file, a folder, HUB:NAME[@REVISION], or an address.")
    var target: String

    @Flag(help: "List every tensor.")
    var tensors = false

    @Flag(help: "Show the tensors as a tree, by the parts of their names.")
    var tree = false

    @Flag(help: "Hash the bytes of every tensor (SHA-256); for files that are here.")
    var hashTensors = false

    @Option(help: ArgumentHelp("Where the hub is: takes the place of its own address.", valueName: "url"))
    var from: String?

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if target.isEmpty { throw ValidationError("TARGET should name a file, a folder, a package or an address") }
        if let from, NetworkOptions.webAddress(from) == nil {
            throw ValidationError("--from should be a web address, not '\(from)'")
        }
        if selection.maxFileSize != nil { throw ValidationError("--max-file-size is of no use here: only headers are read") }
    }

    func run() async throws {
        let inspection = try await inspect()
        if global.json {
            var writer = JSONWriter()
            inspection.write(to: &writer)
            try Console.data(writer.bytes + [UInt8(ascii: "\n")])
        } else if !global.quiet {
            try Console.data(InspectionPage(inspection, showsTensors: tensors, showsTree: tree).text(width: Console.width))
        }
        if !inspection.problems.isEmpty { throw ExitCode(1) }
    }

    private func inspect() async throws -> Inspection {
        if FileManager.default.fileExists(atPath: target) { return try await inspectLocally() }
        if target.hasPrefix("http://") || target.hasPrefix("https://") {
            guard let url = NetworkOptions.webAddress(target) else { throw CommandFailure("'\(target)' is not a web address") }
            if hashTensors { throw CommandFailure("--hash-tensors reads every byte: fetch the file first") }
            return try await withTransport(tokenFor: NetworkOptions.webAddress(NetworkOptions.hubAddress(from))) { transport in
                try await DistantInspection(transport, jobs: network.jobs).inspect(url)
            }
        }
        let id = try RevisionID(target: target)
        if let manifest = try SnapshotStore(global.directory).manifest(naming: id) {
            return await StoredInspection(global.directory, wantsHashes: hashTensors).inspect(manifest, target: target)
        }
        if hashTensors {
            throw CommandFailure("--hash-tensors reads every byte: take a snapshot first with 'weir snapshot \(id)'")
        }
        return try await inspectOnHub(id)
    }

    private func inspectLocally() async throws -> Inspection {
        let inspection: Inspection
        do {
            inspection = try await LocalInspection(wantsHashes: hashTensors).inspect(target)
        } catch let error as FileSourceError {
            throw CommandFailure(error.description)
        }
        if inspection.files.count == 1, let file = inspection.files.first, file.contents == nil, file.failure == nil {
            throw CommandFailure("\(target) is no model file that Weir knows")
        }
        return inspection
    }

    private func inspectOnHub(_ id: RevisionID) async throws -> Inspection {
        guard id.package.hub == .huggingface else {
            throw CommandFailure(
                "the files of \(id.package.hub.rawValue) are in git repositories: take a snapshot first with 'weir snapshot \(id)'"
            )
        }
        let endpoint = try NetworkOptions.hubEndpoint(from)
        return try await withTransport(tokenFor: endpoint) { transport in
            let source = HuggingFaceRevisions(endpoint: endpoint, transport: transport)
            let listing = try await source.listing(of: id.package, revision: id.revision)
            return try await DistantInspection(transport, jobs: network.jobs).inspect(
                listing, from: source, target: target, requests: 1, selection.selection())
        }
    }

    private func withTransport<Result>(tokenFor hub: URL?, _ body: (PoliteTransport) async throws -> Result) async throws
        -> Result
    {
        do {
            return try await network.withTransport(tokenFor: hub, global, body)
        } catch let error as InspectionFailure {
            throw CommandFailure(error.reason)
        }
    }
}
