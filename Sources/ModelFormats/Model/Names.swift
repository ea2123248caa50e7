/// What a file's name promises.
public enum Names {
    /// The file's own name: the last part of its path.
    public static func last(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The formats that a name promises, for people; nil where it promises none, or keeps what it promises.
    public static func brokenPromise(_ name: String, _ format: ModelFormat) -> String? {
        let expected = expected(name)
        guard !expected.isEmpty, !expected.contains(format) else { return nil }
        return ModelFormat.allCases.filter { expected.contains($0) }.map(\.rawValue).joined(separator: " or ")
    }

    /// The formats that a file of this name may honestly have; empty for a name that promises none.
    public static func expected(_ name: String) -> Set<ModelFormat> {
        let last = last(of: name).lowercased()
        let parts = last.split(separator: ".").map(String.init)
        guard parts.count > 1, var suffix = parts.last else { return [] }
        if ["gz", "bz2", "xz", "lzma", "z", "lz4", "zst"].contains(suffix), parts.count > 2 { suffix = parts[parts.count - 2] }
        switch suffix {
        case "safetensors": return [.safetensors]
        case "gguf": return [.gguf]
        case "onnx": return [.onnx]
        case "pt", "pth", "ckpt", "ptl": return [.pytorchZip, .pytorchLegacy, .torchscript, .pickle]
        case "bin":
            return last.hasPrefix("pytorch_model") || last.hasPrefix("adapter_model") || last.hasPrefix("training_args")
                || last.hasPrefix("optimizer")
                || last.hasPrefix("diffusion_pytorch_model") || last.hasPrefix("scheduler")
                ? [.pytorchZip, .pytorchLegacy, .torchscript, .pickle] : []
        case "pkl", "pickle", "dill": return [.pickle, .joblib, .pytorchZip, .pytorchLegacy]
        case "joblib": return [.joblib, .pickle]
        case "npy": return [.npy]
        case "npz": return [.npz]
        case "keras": return [.keras]
        case "h5", "hdf5": return [.hdf5]
        case "pb":
            return last == "saved_model.pb"
                ? [.savedmodel] : last.contains("model") || last.contains("graph") ? [.graphdef, .savedmodel, .onnx] : []
        case "tflite": return [.tflite]
        case "msgpack": return [.msgpack]
        case "mlmodel": return [.coreml]
        case "xml": return last.contains("model") ? [.openvino] : []
        case "json": return [.json]
        default: return []
        }
    }

    /// Whether a file of this name may be a model file, so that a look at its first bytes is worth a request.
    public static func mayBeModel(_ name: String) -> Bool {
        let last = last(of: name).lowercased()
        return !expected(name).isEmpty
            || [".bin", ".index", ".model", ".pb", ".xml", ".params", ".weights"].contains { last.hasSuffix($0) }
    }

    static func mayBePacked(_ name: String) -> Bool {
        let last = name.lowercased()
        return [".pkl", ".pickle", ".joblib", ".gz", ".bz2", ".xz", ".lzma", ".z", ".lz4", ".zst"].contains { last.hasSuffix($0) }
    }
}

extension Set<ModelFormat> {
    /// The same one of several each time, which `first` is not.
    var leading: ModelFormat? { ModelFormat.allCases.first { contains($0) } }
}
