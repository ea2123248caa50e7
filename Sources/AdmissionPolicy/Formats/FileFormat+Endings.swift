extension FileFormat {
    /// What names of files of the format end in, in lower case, without the first dot.
    var endings: [String] {
        switch self {
        case .safetensors: ["safetensors"]
        case .gguf: ["gguf"]
        case .ggml: ["ggml"]
        case .onnx: ["onnx", "onnx_data", "onnx.data", "ort"]
        case .pytorch: ["pt", "pth", "bin", "ckpt", "pt2", "ptl", "torchscript", "distcp", "mar", "nemo"]
        case .pickle: ["pkl", "pickle", "joblib", "dill", "p", "pk", "pkl5", "pickle5", "cloudpickle", "sav"]
        case .numpy: ["npy", "npz"]
        case .keras: ["keras", "h5", "hdf5"]
        case .tensorflow: ["pb", "pbtxt", "ckpt.index", "ckpt.meta"]
        case .tflite: ["tflite"]
        case .coreml: ["mlmodel", "mlpackage"]
        case .openvino: ["xml"]
        case .flax: ["msgpack"]
        case .json: ["json"]
        case .python: ["py", "pyw", "pyi", "pyx", "pyc", "pyo"]
        case .notebook: ["ipynb"]
        case .archive:
            [
                "zip", "tar", "gz", "tgz", "bz2", "tbz2", "xz", "txz", "zst", "lz4", "lzma", "z", "7z", "rar", "jar", "war",
                "whl",
                "egg", "cab", "iso",
            ]
        case .executable:
            [
                "exe", "dll", "so", "dylib", "pyd", "node", "com", "msi", "scr", "elf", "run", "appimage", "apk", "deb", "rpm",
                "wasm",
                "o", "a", "lib", "class", "sh", "bash", "bat", "cmd", "ps1", "vbs",
            ]
        }
    }

    /// The formats by their endings. An ending belongs to one format: a test sees to it.
    static let byEnding: [String: FileFormat] = {
        var table: [String: FileFormat] = [:]
        for format in allCases { for ending in format.endings { table[ending] = format } }
        return table
    }()

    /// The format that an inspection names, by the names of `ModelFormats`; nil for a name that is not known here.
    init?(inspected name: String) {
        switch name.lowercased() {
        case "safetensors": self = .safetensors
        case "gguf": self = .gguf
        case "onnx": self = .onnx
        // TorchScript's archives hold pickles too, besides code of their own.
        case "pytorch-zip", "pytorch-legacy", "torchscript": self = .pytorch
        case "pickle", "joblib": self = .pickle
        case "npy", "npz": self = .numpy
        case "keras", "hdf5": self = .keras
        case "savedmodel", "graphdef": self = .tensorflow
        case "tflite": self = .tflite
        case "msgpack": self = .flax
        case "coreml": self = .coreml
        case "openvino": self = .openvino
        case "json": self = .json
        default: return nil
        }
    }
}
