import ModelFormats
import ModelPackage

/// Which files of a package are its weights, and which are those weights once more: in another format, in another precision, or the optimiser's.
struct WeightSets {
    /// Files that are one set of weights: a file, or the shards of one.
    struct WeightSet {
        var folder: String
        var stem: String
        var format: ModelFormat
        var files: [Int]
        var elements = 0
        var names: Set<String> = []

        /// Whether it is in the form of the model's makers, beside which a hub's own form may stand.
        var isOriginal: Bool { stem.hasPrefix("consolidated.") }
    }

    let files: [InspectedFile]
    /// The sets that together are the model, the first one the largest of the main folder.
    private(set) var chosen: [WeightSet] = []
    /// Sets that say the same again.
    private(set) var alternatives: [WeightSet] = []

    /// Files whose name says that they belong to training, not to the model.
    private static let ofTraining = [
        "optimizer", "scheduler", "training_args", "rng_state", "scaler", "random_states", "trainer_state", "optim",
    ]

    /// What is taken where a folder has several: the formats that say most, and most exactly.
    private static let preference: [ModelFormat] = [
        .safetensors, .pytorchZip, .pytorchLegacy, .torchscript, .gguf, .keras, .hdf5, .msgpack, .savedmodel, .graphdef, .onnx,
        .openvino, .coreml,
        .tflite, .npz, .joblib, .pickle, .npy,
    ]

    init(_ files: [InspectedFile]) {
        self.files = files
        var sets: [String: WeightSet] = [:]
        for (index, file) in files.enumerated() {
            guard let contents = file.contents, !contents.tensors.isEmpty else { continue }
            let isAlone = files.count == 1
            guard isAlone || !Self.ofTraining.contains(where: { file.name.lowercased().hasPrefix($0) }) else { continue }
            // A SavedModel keeps the index of its variables in a folder of its own.
            let isVariables =
                contents.format == .savedmodel && (file.folder == "variables" || file.folder.hasSuffix("/variables"))
            let folder = isVariables ? String(file.folder.dropLast("variables".count)).trimmingSlash : file.folder
            let stem = contents.format == .savedmodel ? "saved_model" : Self.stem(file.name)
            let key = "\(folder)\u{0}\(contents.format.rawValue)\u{0}\(stem)"
            var set = sets[key] ?? WeightSet(folder: folder, stem: stem, format: contents.format, files: [])
            set.files.append(index)
            for tensor in contents.tensors {
                set.elements = set.elements.addingSaturated(tensor.elements ?? 0)
                set.names.insert(tensor.name)
            }
            sets[key] = set
        }
        choose(Array(sets.values), parts: Self.pipelineParts(files))
    }

    /// The folder of the main weights.
    var folder: String { chosen.first?.folder ?? "" }

    /// The tensors of the model, with the number of their file.
    var tensors: [(file: Int, tensor: TensorEntry)] {
        chosen.flatMap { set in set.files.flatMap { file in (files[file].contents?.tensors ?? []).map { (file, $0) } } }
    }

    /// The tensors of the sets in a folder.
    func tensors(in folder: String) -> [TensorEntry] {
        chosen.filter { $0.folder == folder }.flatMap { set in set.files.flatMap { files[$0].contents?.tensors ?? [] } }
    }

    /// The name without the shard's number: `model-00001-of-00003.safetensors` is of `model.safetensors`.
    static func stem(_ name: String) -> String {
        // Meta's own shards are `consolidated.00.pth` and so on.
        if name.hasPrefix("consolidated.") { return "consolidated." + (name.split(separator: ".").last ?? "") }
        guard name.contains("-of-"), let match = name.firstMatch(of: /[-_.](\d{1,6})-of-(\d{1,6})/) else { return name }
        return String(name[..<match.range.lowerBound] + name[match.range.upperBound...])
    }

    /// The folders of a pipeline's parts, as its index names them; none where there is no pipeline.
    private static func pipelineParts(_ files: [InspectedFile]) -> Set<String> {
        let index = files.first { $0.path == "model_index.json" }?.contents?.metadata ?? []
        return Set(index.filter { $0.value.list != nil }.map(\.key))
    }

    private mutating func choose(_ sets: [WeightSet], parts: Set<String>) {
        let isPipeline = sets.contains { parts.contains($0.folder) }
        let ordered = sets.sorted { a, b in
            let left = (
                a.folder.split(separator: "/").count, a.isOriginal ? 1 : 0, Self.rank(a.format), -a.elements, a.folder + a.stem
            )
            let right = (
                b.folder.split(separator: "/").count, b.isOriginal ? 1 : 0, Self.rank(b.format), -b.elements, b.folder + b.stem
            )
            return left < right
        }
        var names: [String: Set<String>] = [:]
        var formats: [String: ModelFormat] = [:]
        let mainFolder = ordered.first?.folder
        for set in ordered {
            // Parts of a pipeline (text encoder, network, decoder) each have a folder; elsewhere other folders hold copies and checkpoints.
            let isPart = isPipeline ? parts.contains(set.folder) : set.folder == mainFolder
            let known = names[set.folder] ?? []
            let isNew =
                formats[set.folder].map { $0 == set.format } ?? true && known.intersection(set.names).count * 2 <= set.names.count
            // Arrays without names of their own say nothing of whether they are the same.
            let isUnnamed = set.names == [""]
            // What its makers first gave out stands beside the same weights under other names.
            let isCopy = set.isOriginal && formats[set.folder] != nil
            if isPart, !isCopy, isNew || isUnnamed && formats[set.folder] == set.format {
                chosen.append(set)
                names[set.folder, default: []].formUnion(set.names)
                formats[set.folder] = set.format
            } else {
                alternatives.append(set)
            }
        }
    }

    private static func rank(_ format: ModelFormat) -> Int { preference.firstIndex(of: format) ?? preference.count }
}

extension String {
    fileprivate var trimmingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
