/// Reads TensorFlow graphs: a frozen `GraphDef` (graph.proto), and `saved_model.pb` (saved_model.proto), which holds such graphs with their signatures.
struct GraphDefReader {
    private let source: any ByteSource
    private let limits: ReadLimits
    private var contents: ModelContents
    private var operators: [String: Int] = [:]
    private var nodes = 0
    private var functions = 0

    static func readGraph(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        try read(source, .graphdef, limits) { reader in try reader.graph(0..<source.size) }
    }

    static func readSavedModel(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        try read(source, .savedmodel, limits) { reader in try reader.savedModel() }
    }

    private static func read(
        _ source: any ByteSource, _ format: ModelFormat, _ limits: ReadLimits, _ body: (inout GraphDefReader) throws -> Void
    ) throws -> ModelContents {
        var reader = GraphDefReader(source: source, limits: limits, contents: ModelContents(format))
        do {
            try body(&reader)
        } catch let error as FormatError {
            reader.contents.problems.append(error)
        }
        reader.contents.metadata.append(MetadataMember("nodes", reader.nodes))
        if reader.functions > 0 { reader.contents.metadata.append(MetadataMember("functions", reader.functions)) }
        reader.contents.metadata.append(MetadataMember("operators", .counts(reader.operators)))
        return reader.contents
    }

    private init(source: any ByteSource, limits: ReadLimits, contents: ModelContents) {
        self.source = source
        self.limits = limits
        self.contents = contents
    }

    private mutating func savedModel() throws {
        var fields = ProtobufFields(source)
        while let field = try fields.next() {
            if field.number == 1, let version = field.value.integer {
                contents.metadata.append(MetadataMember("saved_model_schema_version", version))
            }
            if field.number == 2, let part = field.value.range { try metaGraph(part) }
        }
    }

    private mutating func metaGraph(_ range: Range<Int>) throws {
        var signatures: [MetadataMember] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            switch field.number {
            case 1: try info(part)
            case 2: try graph(part)
            case 5:
                var key = ""
                var inner = ProtobufFields(source, part)
                while let value = try inner.next() {
                    if value.number == 1, let text = value.value.range { key = try source.text(text) }
                    if value.number == 2, let signature = value.value.range {
                        signatures.append(MetadataMember(key, try self.signature(signature)))
                    }
                }
            default: break
            }
        }
        contents.metadata.append(MetadataMember("signatures", .map(signatures)))
    }

    private mutating func info(_ range: Range<Int>) throws {
        var tags: [MetadataValue] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            if field.number == 4 { tags.append(.text(try source.text(part))) }
            if field.number == 5 { contents.metadata.append(MetadataMember("tensorflow_version", try source.text(part))) }
        }
        contents.metadata.append(MetadataMember("tags", .list(tags)))
    }

    /// `SignatureDef`: names, types and shapes of inputs and outputs.
    private func signature(_ range: Range<Int>) throws -> MetadataValue {
        var inputs: [MetadataMember] = []
        var outputs: [MetadataMember] = []
        var method = ""
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            switch field.number {
            case 1: inputs.append(try tensorInfo(part))
            case 2: outputs.append(try tensorInfo(part))
            case 3: method = try source.text(part)
            default: break
            }
        }
        return .map([
            MetadataMember("inputs", .map(inputs)), MetadataMember("outputs", .map(outputs)), MetadataMember("method", method),
        ])
    }

    private func tensorInfo(_ range: Range<Int>) throws -> MetadataMember {
        var key = ""
        var members: [MetadataMember] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            if field.number == 1 { key = try source.text(part) }
            guard field.number == 2 else { continue }
            var inner = ProtobufFields(source, part)
            while let value = try inner.next() {
                if value.number == 2, let type = value.value.integer {
                    members.append(MetadataMember("dtype", TensorFlowType.named(type).rawValue))
                }
                if value.number == 3, let shape = value.value.range {
                    members.append(
                        MetadataMember(
                            "shape", try tensorFlowShape(source, shape).map { .list($0.map { .integer(Int64($0)) }) } ?? .null))
                }
            }
        }
        return MetadataMember(key, .map(members))
    }

    private mutating func graph(_ range: Range<Int>) throws {
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            if field.number == 1 { try node(part) }
            if field.number == 2 { try library(part) }
        }
    }

    private mutating func library(_ range: Range<Int>) throws {
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard field.number == 1, let function = field.value.range else { continue }
            functions += 1
            var inner = ProtobufFields(source, function)
            while let part = try inner.next() {
                if part.number == 3, let body = part.value.range { try node(body) }
            }
        }
    }

    private mutating func node(_ range: Range<Int>) throws {
        nodes += 1
        guard nodes <= limits.entries else {
            throw FormatError(range.lowerBound, "the graph has more than \(limits.entries) nodes")
        }
        var name = ""
        var operation = ""
        var value: Range<Int>?
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            switch field.number {
            case 1: name = try source.text(part)
            case 2: operation = try source.text(part)
            case 5:
                var isValue = false
                var inner = ProtobufFields(source, part)
                while let entry = try inner.next() {
                    if entry.number == 1, let key = entry.value.range {
                        isValue = try key.count == 5 && source.text(key) == "value"
                    }
                    if entry.number == 2, isValue { value = entry.value.range }
                }
            default: break
            }
        }
        operators[operation, default: 0] += 1
        guard operation == "Const", let value else { return }
        var attribute = ProtobufFields(source, value)
        while let field = try attribute.next() {
            guard field.number == 8, let tensor = field.value.range else { continue }
            guard contents.tensors.count < limits.tensors else {
                throw FormatError(range.lowerBound, "the graph has more than \(limits.tensors) constants")
            }
            contents.tensors.append(try self.tensor(name, tensor))
        }
    }

    /// `TensorProto` of tensor.proto.
    private mutating func tensor(_ name: String, _ range: Range<Int>) throws -> TensorEntry {
        var entry = TensorEntry(name: name, dtype: ElementType(rawValue: "TYPE0"), shape: [])
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            switch field.number {
            case 1: entry.dtype = TensorFlowType.named(field.value.integer ?? 0)
            case 2: entry.shape = try field.value.range.flatMap { try tensorFlowShape(source, $0) } ?? []
            case 4: entry.range = field.value.range.flatMap { $0.isEmpty ? nil : $0 }
            default: break
            }
        }
        guard let elements = entry.elements else {
            contents.problems.append(
                FormatError(range.lowerBound, "the constant \(quoted(name)) has the impossible shape \(entry.shape)"))
            entry.shape = []
            return entry
        }
        if let bytes = entry.range, let expected = entry.dtype.byteCount(elements: elements), bytes.count != expected,
            entry.dtype.bits ?? 0 >= 8
        {
            contents.problems.append(
                FormatError(range.lowerBound, "the constant \(quoted(name)) has \(bytes.count) bytes instead of \(expected)"))
        }
        return entry
    }
}
