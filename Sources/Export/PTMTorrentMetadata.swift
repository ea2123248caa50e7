import Catalog
import Documents
import Foundation
import ModelPackage

/// The metadata objects that PTMTorrent keeps beside the uniform records, a form for each hub, made from the hub's records.
final class PTMTorrentMetadata {
    private let layout: PTMTorrentLayout
    private let root: URL
    /// ModelZoo.co: the entries of the list. ONNX: the classes met so far, by name.
    private var listEntries: [[UInt8]] = []
    private var classes: [String: [UInt8]] = [:]
    private var classOrder: [String] = []

    init(layout: PTMTorrentLayout, root: URL) {
        self.layout = layout
        self.root = root
    }

    /// The object of one package. `number` is its place in the file.
    func object(for entry: CatalogPackage, record: ArraySlice<UInt8>, number: Int) throws -> [UInt8] {
        let value = try JSONDocument(record).root
        var writer = JSONWriter()
        switch layout.hub {
        case .huggingface: Self.writeHuggingFace(value["id"] == nil ? value["model"] ?? value : value, to: &writer)
        case .modelhub:
            writer.raw((value["index"] ?? value).source)
        case .modelzoo: try writeModelZoo(value, number: number, slug: entry.package.id.name, to: &writer)
        case .onnx: writeONNX(entry.package, value, number: number, to: &writer)
        case .pytorch: Self.writePyTorch(entry.package, number: number, to: &writer)
        }
        return writer.bytes
    }

    /// Writes the files that stand beside the objects.
    func finish() throws {
        let folder = "\(layout.folder)/json/metadata"
        switch layout.hub {
        case .modelzoo:
            let file = try OutputFile(root.appending(path: "\(folder)/mz_metadata.json"))
            try file.write("{\"models\":[")
            for (index, entry) in listEntries.enumerated() { try file.write((index > 0 ? Array(",\n".utf8) : []) + entry) }
            try file.write("]}\n")
            try file.finish()
        case .onnx:
            let file = try OutputFile(root.appending(path: "\(folder)/omz_metadata.json"))
            try file.write("[")
            for (index, name) in classOrder.enumerated() {
                try file.write((index > 0 ? Array(",\n".utf8) : []) + (classes[name] ?? []))
            }
            try file.write("]\n")
            try file.finish()
        default: break
        }
    }

    private static func writeHuggingFace(_ model: JSONValue, to writer: inout JSONWriter) {
        func copy(_ keys: [StaticString], _ object: JSONValue, _ target: inout JSONWriter) {
            for key in keys {
                guard let value = object[key] else { continue }
                target.key("\(key)")
                target.raw(value.source)
            }
        }
        writer.object { object in
            copy(
                [
                    "_id", "id", "modelId", "author", "sha", "lastModified", "private", "tags", "pipeline_tag", "library_name",
                    "downloads",
                    "likes",
                ], model, &object)
            object.key("securityStatus")
            object.null()
            if let siblings = model.present("siblings") {
                object.key("siblings")
                object.array { list in
                    for sibling in siblings.elements {
                        list.object { file in
                            copy(["rfilename"], sibling, &file)
                            for key in ["size", "blob_id", "lfs"] {
                                file.key(key)
                                file.null()
                            }
                        }
                    }
                }
            }
            if let config = model.present("config") {
                object.key("config")
                object.object { copy(["architectures", "model_type"], config, &$0) }
            }
            if let card = model.present("cardData") {
                object.key("cardData")
                object.object { copy(["tags", "language", "license", "datasets"], card, &$0) }
            }
        }
    }

    private func writeModelZoo(_ record: JSONValue, number: Int, slug: String, to writer: inout JSONWriter) throws {
        if let entry = record["entry"] { listEntries.append(Array(entry.source)) }
        let model = record["model"] ?? record["entry"] ?? record
        var single = JSONWriter()
        for isJoined in [false, true] {
            var target = JSONWriter()
            target.object { object in
                if isJoined { object.member("id", Int64(number)) }
                for (key, value) in model.members where key != "slug" && !(isJoined && key == "id") {
                    object.key(key)
                    object.raw(value.source)
                }
            }
            if isJoined { writer.raw(target.bytes) } else { single = target }
        }
        let name = slug.replacing("/", with: "_")
        let file = try OutputFile(root.appending(path: "\(layout.folder)/json/metadata/models/\(name)_metadata.json"))
        try file.write(single.bytes)
        try file.finish()
    }

    private func writeONNX(_ package: Package, _ record: JSONValue, number: Int, to writer: inout JSONWriter) {
        func text(_ fact: String) -> String? {
            package.facts.first { $0.name == fact }.map { $0.json.trimmingCharacters(in: CharacterSet(charactersIn: "\"")) }
        }
        func evaluation(_ parts: [String]) -> String {
            package.evaluations.first { entry in
                parts.allSatisfy { entry.value.metric.lowercased().contains($0) }
            }?.value.value ?? "N/A"
        }
        let archive = package.files.first { $0.path.hasSuffix(".tar.gz") }
        writer.object { object in
            object.member("id", Int64(number))
            object.member("Model", package.title?.value ?? package.id.name)
            object.member(
                "ModelSize", package.files.first { $0.path == record["path"]?.string }?.size.map { String($0) } ?? "N/A")
            object.member("ModelPath", record["path"]?.string ?? "N/A")
            object.member("ONNXVersion", text("onnx_version") ?? "N/A")
            object.member("OpsetVersion", text("opset_version") ?? "N/A")
            object.member("Top-1% Accuracy", evaluation(["top-1", "acc"]))
            object.member("Top-5% Accuracy", evaluation(["top-5", "acc"]))
            object.member("Top-1 Error (%)", evaluation(["top-1", "error"]))
            object.member(
                "Accuracy", package.evaluations.first { $0.value.metric.lowercased() == "accuracy" }?.value.value ?? "N/A")
            object.member("mAP", evaluation(["map"]))
            object.member("mIOU", evaluation(["miou"]))
            object.member("Mean IoU", evaluation(["mean iou"]))
            for test in ["LFW", "CFP-FF", "CFP-FP", "AgeDB-30"] {
                object.member("\(test) * accuracy (%)", evaluation([test.lowercased()]))
            }
            object.member("Dataset", package.datasets.first?.value.name ?? "N/A")
            object.member("Category", package.task?.value ?? "N/A")
            object.member("GitHub URL", package.url?.value ?? "N/A")
            object.member("ModelSampleSize", archive?.size.map { String($0) } ?? "N/A")
            object.member("ModelSamplePath", archive?.path ?? "N/A")
        }
        noteClass(record)
    }

    private func noteClass(_ record: JSONValue) {
        guard let row = record.present("class"), let name = row["name"]?.string, classes[name] == nil else { return }
        var writer = JSONWriter()
        writer.object { object in
            object.member("id", Int64(classOrder.count))
            object.member("ModelClass", name)
            object.member("ModelREADMEPath", record["readme"]?["path"]?.string)
            object.member("RepoREADMEPath", "README.md")
            object.member("Paper", row["paper"]?.string)
            object.member("Description", row["description"]?.string)
            object.member("HFSpaceURL", row["space"]?.string)
            object.member("Category", row["section"]?.string)
        }
        classes[name] = writer.bytes
        classOrder.append(name)
    }

    private static func writePyTorch(_ package: Package, number: Int, to writer: inout JSONWriter) {
        writer.object { object in
            object.member("id", Int64(number))
            object.member("ModelName", package.title?.value ?? package.id.name)
            object.member("ModelAuthor", package.owner?.value)
            object.member("ModelDescription", package.summary?.value)
            object.member("ModelURL", "")
            object.member("GitHubURL", package.fact("repository"))
            object.member(
                "ColabURL",
                "https://colab.research.google.com/github/pytorch/pytorch.github.io/blob/master/assets/hub/\(package.id.name).ipynb"
            )
            object.key("DemoURL")
            if let demo = package.fact("demo") { object.string(demo) } else { object.null() }
        }
    }
}
