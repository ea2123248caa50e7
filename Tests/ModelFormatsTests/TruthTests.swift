import Crypto
import Foundation
import ModelFormats
import Testing
import WeirTestSupport

/// Files that the formats' reference packages wrote, and what these packages themselves read from them, are made by `scripts/model-formats/make_truth.py`
/// when the test runs: names, types, shapes, places, bytes and metadata have to be equal.
@Suite struct TruthTests {
    private struct Difference: CustomStringConvertible {
        let path: String
        let note: String
        let text: String
        var description: String { "\(path) (\(note)): \(text)" }
    }

    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func readersSayWhatTheReferencePackagesSay() async throws {
        let folder = try TemporaryFolder()
        try await compare(folder, arguments: [], atLeast: 300)
    }

    /// Files of the heavy packages (torch, tensorflow and others): `make test-peers` makes their environment.
    @Test(.enabled(if: TestPlaces.heavyPython != nil, "there is no .venv-peers: run 'make test-peers'"))
    func readersSayWhatTheHeavyPackagesSay() async throws {
        let folder = try TemporaryFolder()
        try await compare(folder, arguments: ["--heavy"], atLeast: 1)
    }

    private func compare(_ folder: TemporaryFolder, arguments: [String], atLeast least: Int) async throws {
        let python = try #require(arguments.isEmpty ? TestPlaces.python : TestPlaces.heavyPython)
        let script = TestPlaces.project.appending(path: "scripts/model-formats/make_truth.py").path
        let made = try await runProgram(python, [script, folder.path] + arguments, environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        try #require(made.status == 0, "\(made.errors.suffix(2000))")
        let lines = try String(contentsOf: folder.url.appending(path: "truth.jsonl"), encoding: .utf8).split(separator: "\n")
        var differences: [Difference] = []
        for line in lines {
            let truth = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            differences += try self.differences(truth, folder.url)
        }
        #expect(lines.count >= least)
        for difference in differences.prefix(500) { print("difference: \(difference.description.prefix(300))") }
        #expect(differences.count == 0, "listed above")
    }

    private func differences(_ truth: [String: Any], _ folder: URL) throws -> [Difference] {
        let path = truth["path"] as? String ?? ""
        let file = folder.appending(path: path)
        var found: [Difference] = []
        func differs(_ text: String) { found.append(Difference(path: path, note: truth["note"] as? String ?? "", text: text)) }
        guard var contents = try ModelFile.read(FileSource(path: file.path), name: path) else {
            differs("is not known as a model file")
            return found
        }
        // The same file by the ranges that a distant reader would ask for says the same.
        let distant = try readInPieces(Data(contentsOf: file), name: path)
        if distant?.tensors != contents.tensors { differs("a distant file has other tensors") }
        if contents.format.rawValue != truth["format"] as? String {
            differs("is \(contents.format.rawValue), not \(truth["format"] ?? "")")
        }
        if !Self.oddFiles.contains(path), !contents.problems.isEmpty { differs("problems \(contents.problems.prefix(3))") }
        let bytes = try Data(contentsOf: file)
        let wanted = truth["tensors"] as? [[String: Any]] ?? []
        if path.hasSuffix("saved_model.pb") {
            let index = "variables/variables.index"
            let file = file.deletingLastPathComponent().appending(path: index)
            if FileManager.default.fileExists(atPath: file.path) {
                contents.tensors += try ModelFile.read(FileSource(path: file.path), name: index)?.tensors ?? []
            }
        }
        if path.hasSuffix(".index.json") {
            // The tensors are in the files beside it, and belong to these.
            let named = contents.metadata.first { $0.key == "weight_map" }?.value.members?.map(\.key) ?? []
            if Set(named) != Set(wanted.compactMap { $0["name"] as? String }) { differs("has other tensors") }
            return found
        }
        var tensors: [String: [TensorEntry]] = [:]
        for tensor in contents.tensors { tensors[tensor.name, default: []].append(tensor) }
        for tensor in wanted {
            var name = tensor["name"] as? String ?? ""
            if path.hasPrefix("pytorch") {
                // A whole module's tensors are named as in its state_dict, without the module's own tables.
                for table in ["_modules.", "_parameters.", "_buffers."] { name = name.replacing(table, with: "") }
            }
            if Self.notCompared.contains("\(path): \(name)") || name.hasPrefix("immediate") {
                tensors[name] = nil
                continue
            }
            guard var candidates = tensors[name], !candidates.isEmpty else {
                differs("lacks \(name)")
                continue
            }
            let entry = candidates.removeFirst()
            tensors[name] = candidates
            if let dtype = tensor["dtype"] as? String, entry.dtype.rawValue != Self.names[dtype] ?? dtype {
                differs("\(name) is \(entry.dtype), not \(tensor["dtype"] ?? "")")
            }
            if let shape = tensor["shape"] as? [Int], entry.shape != shape {
                differs("\(name) has shape \(entry.shape), not \(shape)")
            }
            // Where an empty array is, is no fact; and of pickled ones the package does not always say it.
            if let offset = tensor["offset"], entry.elements != 0,
                !(path.hasPrefix("pickle") && (offset is NSNull || entry.range == nil))
            {
                if entry.range?.lowerBound != offset as? Int {
                    differs("\(name) is at \(entry.range.map { "\($0)" } ?? "nil"), not \(offset)")
                }
                // An expanded view has fewer bytes than elements.
                if entry.strides == nil, entry.range?.count != tensor["length"] as? Int {
                    differs("\(name) has \(entry.range?.count ?? -1) bytes, not \(tensor["length"] ?? "")")
                }
            }
            if let hash = tensor["sha256"] as? String, let range = entry.range, range.upperBound <= bytes.count {
                let own = SHA256.hash(data: bytes[range]).map { String(format: "%02x", $0) }.joined()
                if own != hash { differs("\(name) has other bytes") }
            }
            if let external = tensor["external"] as? [String: Any] {
                let file = external["file"] as? String ?? ""
                if entry.external.map({ file == $0.file || file.hasSuffix("/" + $0.file) }) != true
                    || entry.external?.offset != external["offset"] as? Int
                {
                    differs("\(name) is in \(String(describing: entry.external)), not \(external)")
                }
            }
            if let strides = tensor["strides"] as? [Int], entry.strides != strides {
                differs("\(name) has strides \(entry.strides ?? []), not \(strides)")
            }
        }
        // Constants of its graph are listed too, beside the variables that the package names.
        if contents.format == .savedmodel { tensors = [:] }
        for (name, left) in tensors
        where !left.isEmpty && !name.hasPrefix("_random_state.")
            && !(contents.format == .torchscript && name.hasPrefix("constants."))
            && !Self.notCompared.contains("\(path): \(name)")
        {
            differs("has \(name), which is not there")
        }
        let properties = contents.metadata.first { $0.key == "metadata_props" }?.value.members
        for (key, value) in truth["metadata"] as? [String: Any] ?? [:] {
            if (value as? String)?.isEmpty ?? (value as? [String: Any])?.isEmpty ?? false { continue }
            guard let own = (properties ?? contents.metadata).first(where: { $0.key.utf8.elementsEqual(key.utf8) })?.value else {
                differs("has no metadata \(key)")
                continue
            }
            if !isEqual(own, value) { differs("metadata \(key) is \("\(own)".prefix(200)), not \("\(value)".prefix(200))") }
        }
        for (key, value) in truth["header"] as? [String: Any] ?? [:] {
            // What the reference gives as empty or absent is not there; what it gives otherwise has to be.
            guard Self.compared.contains(key),
                !(value as? String == "" || value is NSNull || value as? Int == 0 || (value as? [Any])?.isEmpty == true)
            else { continue }
            guard let own = (contents.header + contents.metadata).first(where: { $0.key == key })?.value else {
                differs("has no header \(key)")
                continue
            }
            if !isEqual(own, value) { differs("header \(key) is \("\(own)".prefix(200)), not \("\(value)".prefix(200))") }
        }
        return found
    }

    /// Facts of the header that both sides give under one name.
    private static let compared: Set<String> = [
        "version", "byteorder", "data_start", "ir_version", "producer_name", "producer_version", "domain", "model_version",
        "doc_string", "opset_import",
        "graph", "inputs", "outputs", "fortran_order", "descr", "superblock_version",
    ]
    /// Files that their packages read, and of which Weir has something to say: bytes that belong to none, tensors that overlap, no graph.
    private static let oddFiles: Set<String> = [
        "npz/prefixed.npz", "onnx/no-graph.onnx", "gguf/shared.gguf",
        "npy/more-behind.npy", "npy/two.npy",
    ]
    /// What only a look at another file, or into the message itself, would tell.
    private static let notCompared: Set<String> = [
        "joblib/split/model.pkl: w", "pytorch-zip/meta.pt: meta", "pytorch-zip/torch/meta.pt: meta",
    ]
    private static let names = [
        "F4E2M1": "F4", "FLOAT4E2M1": "F4", "INT4": "I4", "UINT4": "U4", "INT2": "I2", "UINT2": "U2",
        "FLOAT8E4M3FNUZ": "F8_E4M3FNUZ", "FLOAT8E5M2FNUZ": "F8_E5M2FNUZ", "FLOAT8E8M0": "F8_E8M0", "FLOAT6E2M3": "F6_E2M3",
        "FLOAT6E3M2": "F6_E3M2",
    ]

    /// Reads as over a network: what is missing is given in pieces of eight kilobytes.
    private func readInPieces(_ data: Data, name: String) throws -> ModelContents? {
        var source = SparseSource(size: data.count)
        for _ in 0..<100_000 {
            do {
                return try ModelFile.read(source, name: name)
            } catch let missing as BytesMissing {
                let range =
                    missing.range.lowerBound..<min(data.count, max(missing.range.upperBound, missing.range.lowerBound + 8192))
                source = source.adding(ByteWindow(start: range.lowerBound, bytes: Array(data[range])[...]))
            }
        }
        Issue.record("\(name): reading does not come to an end")
        return nil
    }

    private func isEqual(_ own: MetadataValue, _ value: Any) -> Bool {
        switch own {
        // A reference to an object is told by no value.
        case .null: return value is NSNull || value is [String: Any]
        case .text(let text):
            // What is no UTF-8 cannot be told as text.
            if value is [String: Any] { return text.contains("\u{FFFD}") }
            return (value as? String).map { (Self.names[$0] ?? $0).utf8.elementsEqual(text.utf8) } ?? false
        case .bool(let bool): return value as? Bool == bool
        case .integer, .unsigned, .real:
            if let named = value as? String {
                return own.number.map {
                    $0.isNaN ? "NaN" : $0 == .infinity ? "Infinity" : $0 == -.infinity ? "-Infinity" : "\($0)"
                } == named
            }
            guard let a = own.number, let b = (value as? NSNumber)?.doubleValue else { return false }
            return a == b || (a.isNaN && b.isNaN) || abs(a - b) <= 1e-6 * max(abs(a), abs(b))
        case .list(let list):
            guard let values = value as? [Any], values.count == list.count else { return false }
            return zip(list, values).allSatisfy { isEqual($0, $1) }
        case .map(let members):
            guard let values = value as? [String: Any], values.count <= members.count else { return false }
            // What is no text is told by its length.
            if values["hex"] is String { return members.map(\.key) == ["length"] }
            return values.allSatisfy { key, value in members.first { $0.key == key }.map { isEqual($0.value, value) } ?? false }
        }
    }
}
