import ModelFormats

/// Model formats that are protobuf messages and so have no mark.
enum ProtobufMessages {
    /// Whether the fields of the outermost message are those of a model format.
    static func isKnown(_ source: any ByteSource) throws -> Bool {
        var limits = ReadLimits()
        limits.entries = 1000
        limits.tensors = 1000
        guard let contents = try ModelFile.read(source, name: "model", limits: limits) else { return false }
        return [.onnx, .savedmodel, .graphdef, .coreml].contains(contents.format)
    }
}
