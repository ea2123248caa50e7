/// Reads Core ML models (`Model.proto` and its kin in apple/coremltools, mlmodel/format): what a model takes and gives, its kind, and its weights, which an ML
/// Program keeps in files beside it.
struct CoreMLReader {
    private let source: any ByteSource
    private let limits: ReadLimits
    private var contents = ModelContents(.coreml)
    private var operators: [String: Int] = [:]

    static let kinds: [Int: String] = [
        200: "pipelineClassifier", 201: "pipelineRegressor", 202: "pipeline", 300: "glmRegressor", 301: "supportVectorRegressor",
        302: "treeEnsembleRegressor", 303: "neuralNetworkRegressor", 304: "bayesianProbitRegressor", 400: "glmClassifier",
        401: "supportVectorClassifier", 402: "treeEnsembleClassifier", 403: "neuralNetworkClassifier",
        404: "kNearestNeighborsClassifier",
        500: "neuralNetwork", 501: "itemSimilarityRecommender", 502: "mlProgram", 555: "customModel", 556: "linkedModel",
        560: "classConfidenceThresholding",
        600: "oneHotEncoder", 601: "imputer", 602: "featureVectorizer", 603: "dictVectorizer", 604: "scaler",
        606: "categoricalMapping",
        607: "normalizer", 609: "arrayFeatureExtractor", 610: "nonMaximumSuppression", 900: "identity", 2000: "textClassifier",
        2001: "wordTagger", 2002: "visionFeaturePrint", 2003: "soundAnalysisPreprocessing", 2004: "gazetteer",
        2005: "wordEmbedding",
        2006: "audioFeaturePrint", 3000: "serializedModel",
    ]

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var reader = CoreMLReader(source: source, limits: limits)
        do {
            try reader.model(0..<source.size, prefix: "", depth: 0)
        } catch let error as FormatError {
            reader.contents.problems.append(error)
        }
        if !reader.operators.isEmpty {
            reader.contents.metadata.append(MetadataMember("operators", .counts(reader.operators)))
        }
        return reader.contents
    }

    private init(source: any ByteSource, limits: ReadLimits) {
        self.source = source
        self.limits = limits
    }

    private mutating func model(_ range: Range<Int>, prefix: String, depth: Int) throws {
        guard depth < 8 else { throw FormatError(range.lowerBound, "models are in each other more than 8 deep") }
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            switch (field.number, field.value) {
            case (1, .varint(let version)):
                contents.header.append(MetadataMember(prefix + "version", Int(truncatingIfNeeded: version)))
            case (2, .bytes(let part)): try description(part, prefix)
            case (let number, .bytes(let part)):
                guard let kind = Self.kinds[number] else { continue }
                contents.metadata.append(MetadataMember(prefix + "kind", kind))
                switch number {
                case 303, 403, 500: try network(part, prefix)
                case 502: try program(part)
                case 200, 201, 202: try pipeline(part, isPlain: number == 202, prefix, depth)
                default: break
                }
            default: break
            }
        }
    }

    private mutating func description(_ range: Range<Int>, _ prefix: String) throws {
        var inputs: [MetadataValue] = []
        var outputs: [MetadataValue] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            switch field.number {
            case 1: inputs.append(.text(try firstText(part)))
            case 10: outputs.append(.text(try firstText(part)))
            case 100: try metadata(part)
            default: break
            }
        }
        contents.metadata.append(MetadataMember(prefix + "inputs", .list(inputs)))
        contents.metadata.append(MetadataMember(prefix + "outputs", .list(outputs)))
    }

    private func firstText(_ range: Range<Int>) throws -> String {
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            if field.number == 1, let text = field.value.range { return try source.text(text) }
        }
        return ""
    }

    private mutating func metadata(_ range: Range<Int>) throws {
        let names = [1: "shortDescription", 2: "versionString", 3: "author", 4: "license"]
        var own: [MetadataMember] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            if let name = names[field.number] {
                contents.metadata.append(MetadataMember(name, try source.text(part)))
            } else if field.number == 100 {
                own.append(try source.textEntry(part))
            }
        }
        if !own.isEmpty { contents.metadata.append(MetadataMember("userDefined", .map(own))) }
    }

    private mutating func pipeline(_ range: Range<Int>, isPlain: Bool, _ prefix: String, _ depth: Int) throws {
        var fields = ProtobufFields(source, range)
        var number = 0
        while let field = try fields.next() {
            guard field.number == 1, let part = field.value.range else { continue }
            if isPlain {
                try model(part, prefix: "\(prefix)models.\(number).", depth: depth + 1)
                number += 1
            } else {
                // A classifier or regressor wraps a plain pipeline.
                try pipeline(part, isPlain: true, prefix, depth + 1)
            }
        }
    }

    // MARK: Neural networks

    /// Where a layer keeps weights, by the layer's field number: the weights' field numbers and names.
    private static let weights: [Int: [Int: String]] = [
        100: [90: "weights", 91: "bias"], 140: [20: "weights", 21: "bias"], 150: [20: "weights", 21: "bias"],
        151: [20: "weights", 21: "bias"], 160: [15: "gamma", 16: "beta", 17: "mean", 18: "variance"],
        245: [2: "scale", 3: "shape"],
        290: [2: "data"], 1065: [20: "weights", 21: "bias"],
    ]

    private mutating func network(_ range: Range<Int>, _ prefix: String) throws {
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard field.number == 1, let layer = field.value.range else { continue }
            let name = prefix + (try firstText(layer))
            var inner = ProtobufFields(source, layer)
            while let part = try inner.next() {
                guard part.number >= 100, let parameters = part.value.range else { continue }
                operators["layer \(part.number)", default: 0] += 1
                guard let known = Self.weights[part.number] else { continue }
                var values = ProtobufFields(source, parameters)
                while let value = try values.next() {
                    if let weight = known[value.number], let place = value.value.range {
                        try add(weightParameters(place, "\(name).\(weight)"))
                    }
                }
            }
        }
    }

    private mutating func add(_ entry: TensorEntry?) throws {
        guard let entry else { return }
        guard contents.tensors.count < limits.tensors else {
            throw FormatError(0, "the model has more than \(limits.tensors) weights")
        }
        contents.tensors.append(entry)
    }

    /// `WeightParams`: a run of numbers, whose shape only the layer knows.
    private func weightParameters(_ range: Range<Int>, _ name: String) throws -> TensorEntry? {
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let bytes = field.value.range, !bytes.isEmpty else { continue }
            switch field.number {
            case 1: return TensorEntry(name: name, dtype: .f32, shape: [bytes.count / 4], range: bytes)
            case 2: return TensorEntry(name: name, dtype: .f16, shape: [bytes.count / 2], range: bytes)
            case 30: return TensorEntry(name: name, dtype: .u8, shape: [bytes.count], range: bytes)
            case 31: return TensorEntry(name: name, dtype: .i8, shape: [bytes.count], range: bytes)
            default: break
            }
        }
        return nil
    }

    // MARK: ML programs (MIL.proto)

    private mutating func program(_ range: Range<Int>) throws {
        // Program.functions, Function.block_specializations and Block.operations, each by its field number.
        for function in try messages(range, 2) {
            for body in try messages(function, 2) {
                for specialization in try messages(body, 3) {
                    for block in try messages(specialization, 2) { try self.block(block, depth: 0) }
                }
            }
        }
    }

    private func messages(_ range: Range<Int>, _ number: Int) throws -> [Range<Int>] {
        var found: [Range<Int>] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            if field.number == number, let part = field.value.range { found.append(part) }
        }
        return found
    }

    private mutating func block(_ range: Range<Int>, depth: Int) throws {
        guard depth < limits.depth else {
            throw FormatError(range.lowerBound, "blocks are in each other more than \(limits.depth) deep")
        }
        for operation in try messages(range, 3) {
            let type = try firstText(operation)
            operators[type, default: 0] += 1
            for nested in try messages(operation, 4) { try block(nested, depth: depth + 1) }
            guard type == "const", let output = try messages(operation, 3).first else { continue }
            let name = try firstText(output)
            for attribute in try messages(operation, 5) where try firstText(attribute) == "val" {
                for value in try messages(attribute, 2) { try add(constant(name, value)) }
            }
        }
    }

    /// A `Value` with a tensor type; only what is kept in a weights file counts, for the rest are settings of operations.
    private func constant(_ name: String, _ range: Range<Int>) throws -> TensorEntry? {
        guard let blob = try messages(range, 5).first, let type = try messages(range, 2).first,
            let tensor = try messages(type, 1).first
        else { return nil }
        var entry = TensorEntry(name: name, dtype: ElementType(rawValue: "UNKNOWN"), shape: [])
        var fields = ProtobufFields(source, tensor)
        while let field = try fields.next() {
            if field.number == 1, let number = field.value.integer {
                entry.dtype = Self.types[number] ?? ElementType(rawValue: "TYPE\(number)")
            }
            guard field.number == 3, let dimension = field.value.range, let constant = try messages(dimension, 1).first else {
                continue
            }
            var inner = ProtobufFields(source, constant)
            var length = 0
            while let value = try inner.next() {
                if value.number == 1, let number = value.value.integer { length = number }
            }
            entry.shape.append(length)
        }
        guard entry.elements != nil else {
            throw FormatError(range.lowerBound, "the constant \(quoted(name)) has the impossible shape \(entry.shape)")
        }
        var offset = 0
        var file = ""
        fields = ProtobufFields(source, blob)
        while let field = try fields.next() {
            if field.number == 1, let text = field.value.range { file = try source.text(text) }
            if field.number == 2, let number = field.value.integer { offset = number }
        }
        // The offset is that of a record of 64 bytes, behind which the bytes are (MIL's blob storage).
        guard offset >= 0, offset < Int.max - 64 else {
            throw FormatError(blob.lowerBound, "the constant \(quoted(name)) is said to be at \(offset)")
        }
        if file.hasPrefix("@model_path/") { file.removeFirst("@model_path/".count) }
        entry.external = TensorEntry.ExternalRange(
            file: file, offset: offset + 64, length: entry.elements.flatMap { entry.dtype.byteCount(elements: $0) })
        return entry
    }

    /// `DataType` of MIL.proto.
    private static let types: [Int: ElementType] = [
        1: .bool, 2: .string, 10: .f16, 11: .f32, 12: .f64, 13: .bf16, 21: .i8, 22: .i16, 23: .i32, 24: .i64,
        25: ElementType(rawValue: "I4"), 31: .u8, 32: .u16,
        33: .u32, 34: .u64, 35: ElementType(rawValue: "U4"), 36: ElementType(rawValue: "U2"), 37: ElementType(rawValue: "U1"),
        38: ElementType(rawValue: "U6"), 39: ElementType(rawValue: "U3"),
    ]
}
