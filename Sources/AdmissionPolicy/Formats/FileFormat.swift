/// A format of files, as rules name it.
enum FileFormat: String, CaseIterable, Sendable {
    case safetensors, gguf, ggml, onnx, pytorch, pickle, numpy, keras, tensorflow, tflite, coreml, openvino, flax, json, python,
        notebook,
        archive, executable

    /// Reads a name as people write it: any case, and what two formats are called besides.
    init?(argument: String) {
        switch argument.lowercased() {
        case "h5", "hdf5": self = .keras
        case "library": self = .executable
        case let name: self.init(rawValue: name)
        }
    }

    /// Whether a rule that names this format means files of the other: PyTorch's files are pickles, or archives of pickles.
    func covers(_ other: FileFormat) -> Bool {
        self == other || self == .pickle && other == .pytorch
    }

    /// What follows "the file is".
    var phrase: String {
        switch self {
        case .safetensors: "safetensors"
        case .gguf: "GGUF"
        case .ggml: "GGML"
        case .onnx: "an ONNX model"
        case .pytorch: "a PyTorch file"
        case .pickle: "a pickle"
        case .numpy: "a NumPy array"
        case .keras: "a Keras or HDF5 file"
        case .tensorflow: "a TensorFlow file"
        case .tflite: "a TFLite model"
        case .coreml: "a Core ML model"
        case .openvino: "an OpenVINO model"
        case .flax: "Flax msgpack"
        case .json: "JSON"
        case .python: "Python code"
        case .notebook: "a notebook"
        case .archive: "an archive"
        case .executable: "a program or library"
        }
    }
}
