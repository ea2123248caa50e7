/// Reads a model file of any format that Weir knows.
public enum ModelFile {
    /// Reads what a file holds, without its weights.
    ///
    /// - Parameters:
    ///   - source: the bytes.
    ///   - name: the file's name or path, which tells what its content leaves open, and is held against it.
    /// - Returns: nil where neither content nor name say that this is a model file.
    /// - Throws: ``BytesMissing`` where the source has to fetch bytes first. What is wrong with the file is no error here but in
    ///   ``ModelContents/problems``.
    public static func read(_ source: any ByteSource, name: String, limits: ReadLimits = ReadLimits()) throws -> ModelContents? {
        let expected = Names.expected(name)
        let found: FormatDetection.Found?
        do {
            found = try FormatDetection.detect(source, name: name, limits: limits)
        } catch let error as FormatError {
            guard let format = expected.leading else { return nil }
            return broken(format, error)
        }
        guard let found else { return nil }
        // Archives and packed files of other kinds are everywhere: without a model in them, and without a name that promises one, they are none.
        if case .unknownZip = found, expected.isEmpty { return nil }
        var contents: ModelContents
        do {
            contents = try read(found, source, name: name, limits: limits)
        } catch let error as FormatError {
            if case .packed = found, expected.isEmpty { return nil }
            contents = broken(format(of: found, expected), error)
        }
        if case .packed = found, expected.isEmpty, contents.pickles.allSatisfy({ $0.program.problem != nil }) { return nil }
        if let names = Names.brokenPromise(name, contents.format) {
            contents.problems.append(FormatError(0, "the name says \(names), and the content is \(contents.format.rawValue)"))
        }
        return contents
    }

    private static func broken(_ format: ModelFormat, _ error: FormatError) -> ModelContents {
        var contents = ModelContents(format)
        contents.problems = [error]
        return contents
    }

    private static func format(of found: FormatDetection.Found, _ expected: Set<ModelFormat>) -> ModelFormat {
        switch found {
        case .plain(let format), .zip(let format, _): format
        case .packed: .joblib
        case .tensorBundle: .savedmodel
        case .tar: .pytorchLegacy
        case .unknownZip: expected.leading ?? .pytorchZip
        }
    }

    private static func read(_ found: FormatDetection.Found, _ source: any ByteSource, name: String, limits: ReadLimits) throws
        -> ModelContents
    {
        switch found {
        case .zip(.npz, let archive): return try NPZReader.read(archive, limits: limits)
        case .zip(.keras, let archive): return try KerasReader.read(archive, limits: limits)
        case .zip(_, let archive): return try TorchZipReader.read(archive, limits: limits)
        case .unknownZip(let archive):
            throw FormatError(0, "the archive holds no model that is known (\(archive.entries.count) members)")
        case .packed(let compression): return try PickleReader.readPacked(source, compression, name: name, limits: limits)
        case .tensorBundle: return try TensorBundleReader.read(source, name: name, limits: limits)
        case .tar: return try TorchTarReader.read(source, limits: limits)
        case .plain(let format):
            switch format {
            case .safetensors: return try SafetensorsReader.read(source, limits: limits)
            case .gguf: return try GGUFReader.read(source, limits: limits)
            case .onnx: return try ONNXReader.read(source, limits: limits)
            case .pytorchLegacy: return try TorchLegacyReader.read(source, limits: limits)
            case .pytorchZip, .torchscript: return try TorchZipReader.read(ZipArchive(source, limits: limits), limits: limits)
            case .pickle, .joblib: return try PickleReader.read(source, name: name, limits: limits)
            case .npy: return try NPYReader.read(source, limits: limits)
            case .npz: return try NPZReader.read(ZipArchive(source, limits: limits), limits: limits)
            case .keras: return try KerasReader.read(ZipArchive(source, limits: limits), limits: limits)
            case .hdf5: return try HDF5Reader.read(source, limits: limits)
            case .savedmodel: return try GraphDefReader.readSavedModel(source, limits: limits)
            case .graphdef: return try GraphDefReader.readGraph(source, limits: limits)
            case .tflite: return try TFLiteReader.read(source, limits: limits)
            case .msgpack: return try FlaxReader.read(source, limits: limits)
            case .coreml: return try CoreMLReader.read(source, limits: limits)
            case .openvino: return try OpenVINOReader.read(source, name: name, limits: limits)
            case .json: return try JSONReader.read(source, limits: limits)
            }
        }
    }
}
