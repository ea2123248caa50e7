/// A format that Weir reads.
public enum ModelFormat: String, Sendable, CaseIterable {
    case safetensors, gguf, onnx
    case pytorchZip = "pytorch-zip"
    case pytorchLegacy = "pytorch-legacy"
    case torchscript, pickle, joblib, npy, npz, keras, hdf5, savedmodel, graphdef, tflite, msgpack, coreml, openvino, json
}
