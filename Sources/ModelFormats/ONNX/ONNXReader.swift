/// Reads an ONNX model (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) field by field: weights are passed, not read, so a model of ten
/// gigabytes costs as much as its graph.
struct ONNXReader {
    private let source: any ByteSource
    private let limits: ReadLimits
    private var contents = ModelContents(.onnx)
    private var operators: [String: Int] = [:]
    private var nodeCount = 0
    private var functionCount = 0
    private var opsets: [MetadataMember] = []
    private var properties: [MetadataMember] = []
    private var inputs: [MetadataValue] = []
    private var outputs: [MetadataValue] = []
    private var hasGraph = false
    private var unknownFields = 0

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var reader = ONNXReader(source: source, limits: limits)
        do {
            try reader.readModel()
        } catch let error as FormatError {
            reader.contents.problems.append(error)
        }
        return reader.finished()
    }

    private init(source: any ByteSource, limits: ReadLimits) {
        self.source = source
        self.limits = limits
    }

    private mutating func readModel() throws {
        var fields = ProtobufFields(source)
        while let field = try fields.next() {
            switch (field.number, field.value) {
            case (1, .varint(let version)): contents.metadata.set("ir_version", .integer(Int64(truncatingIfNeeded: version)))
            case (2, .bytes(let range)): try note("producer_name", range)
            case (3, .bytes(let range)): try note("producer_version", range)
            case (4, .bytes(let range)): try note("domain", range)
            case (5, .varint(let version)): contents.metadata.set("model_version", .integer(Int64(truncatingIfNeeded: version)))
            case (6, .bytes(let range)): try note("doc_string", range)
            case (7, .bytes(let range)):
                hasGraph = true
                try readGraph(range, depth: 0)
            case (8, .bytes(let range)): try readOpset(range)
            case (14, .bytes(let range)): properties.append(try source.textEntry(range))
            case (25, .bytes(let range)): try readFunction(range)
            case (20, .bytes(let range)): try readTraining(range)
            default: unknownFields += 1
            }
        }
        if !hasGraph { throw FormatError(0, "the model has no graph") }
    }

    private mutating func finished() -> ModelContents {
        contents.metadata.append(MetadataMember("inputs", .list(inputs)))
        contents.metadata.append(MetadataMember("outputs", .list(outputs)))
        contents.metadata.append(MetadataMember("opset_import", .map(opsets)))
        contents.metadata.append(MetadataMember("nodes", nodeCount))
        contents.metadata.append(MetadataMember("operators", .counts(operators)))
        let known: Set<String> = ["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training"]
        let custom = opsets.map(\.key).filter { !known.contains($0) }.map { MetadataValue.text($0) }
        contents.metadata.append(MetadataMember("custom_domains", .list(custom)))
        if unknownFields > 0 { contents.metadata.append(MetadataMember("unknown_fields", unknownFields)) }
        if functionCount > 0 { contents.metadata.append(MetadataMember("functions", functionCount)) }
        if !properties.isEmpty { contents.metadata.append(MetadataMember("metadata_props", .map(properties))) }
        return contents
    }

    private mutating func note(_ key: String, _ range: Range<Int>) throws {
        contents.metadata.set(key, .text(try source.text(range)))
    }

    private mutating func readOpset(_ range: Range<Int>) throws {
        var domain = ""
        var version = 0
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            if field.number == 1, let text = field.value.range { domain = try source.text(text) }
            if field.number == 2, let number = field.value.integer { version = number }
        }
        guard opsets.count < 1000 else { throw FormatError(range.lowerBound, "the model imports more than 1,000 operator sets") }
        if opsets[domain] != nil {
            contents.problems.append(FormatError(range.lowerBound, "the operator set \(quoted(domain)) is imported twice"))
        }
        opsets.append(MetadataMember(domain, version))
    }

    private mutating func readGraph(_ range: Range<Int>, depth: Int) throws {
        guard depth < limits.depth else {
            throw FormatError(range.lowerBound, "graphs are in each other more than \(limits.depth) deep")
        }
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            switch field.number {
            case 1: try readNode(part, depth: depth)
            case 2: if depth == 0 { try note("graph", part) }
            case 5: try add(tensor(part))
            case 11: if depth == 0 { inputs.append(try valueInfo(part)) }
            case 12: if depth == 0 { outputs.append(try valueInfo(part)) }
            case 15: try add(sparseTensor(part))
            default: break
            }
        }
    }

    /// A `TrainingInfoProto`: two graphs more.
    private mutating func readTraining(_ range: Range<Int>) throws {
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            if field.number <= 2, let graph = field.value.range { try readGraph(graph, depth: 1) }
        }
    }

    private mutating func readFunction(_ range: Range<Int>) throws {
        functionCount += 1
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            if field.number == 7, let node = field.value.range { try readNode(node, depth: 1) }
        }
    }

    private mutating func readNode(_ range: Range<Int>, depth: Int) throws {
        guard nodeCount < limits.entries else {
            throw FormatError(range.lowerBound, "the graph has more than \(limits.entries) nodes")
        }
        nodeCount += 1
        var name = ""
        var domain = ""
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            switch field.number {
            case 4: name = try source.text(part)
            case 5: try readAttribute(part, depth: depth)
            case 7: domain = try source.text(part)
            default: break
            }
        }
        operators[domain.isEmpty || domain == "ai.onnx" ? name : "\(domain).\(name)", default: 0] += 1
    }

    private mutating func readAttribute(_ range: Range<Int>, depth: Int) throws {
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            // Graphs in attributes (the branches of If, the body of Loop) hold initialisers of their own.
            if field.number == 6 || field.number == 11 { try readGraph(part, depth: depth + 1) }
        }
    }

    private mutating func add(_ tensor: TensorEntry) throws {
        guard contents.tensors.count < limits.tensors else {
            throw FormatError(0, "the graph has more than \(limits.tensors) initialisers")
        }
        contents.tensors.append(tensor)
    }

    private mutating func tensor(_ range: Range<Int>) throws -> TensorEntry {
        var entry = TensorEntry(name: "", dtype: ElementType(rawValue: "UNDEFINED"), shape: [])
        var externals: [MetadataMember] = []
        var isExternal = false
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            switch (field.number, field.value) {
            case (1, let value):
                entry.shape += try value.integers(in: source, limit: 1024)
                guard entry.shape.count <= 1024 else { throw FormatError(field.place, "a tensor has more than 1,024 dimensions") }
            case (2, .varint(let type)):
                guard let known = ONNXElementType.named(Int(truncatingIfNeeded: type)) else {
                    contents.problems.append(FormatError(field.place, "a tensor has the unknown type \(type)"))
                    entry.dtype = ElementType(rawValue: "TYPE\(type)")
                    continue
                }
                entry.dtype = known
            case (8, .bytes(let text)): entry.name = try source.text(text)
            case (9, .bytes(let data)): entry.range = data
            case (13, .bytes(let part)): externals.append(try source.textEntry(part))
            case (14, .varint(let place)): isExternal = place == 1
            default: break
            }
        }
        if isExternal { entry.external = external(externals, range.lowerBound, entry) }
        check(&entry, range.lowerBound)
        return entry
    }

    private mutating func external(_ members: [MetadataMember], _ place: Int, _ entry: TensorEntry) -> TensorEntry.ExternalRange?
    {
        guard let file = members["location"]?.text else {
            contents.problems.append(
                FormatError(place, "the tensor \(quoted(entry.name)) is kept elsewhere, and it is not said where"))
            return nil
        }
        func number(_ key: String) -> Int? {
            guard let text = members[key]?.text else { return nil }
            guard let number = Int(text), number >= 0 else {
                contents.problems.append(
                    FormatError(place, "the tensor \(quoted(entry.name)) has the external \(key) \(quoted(text))"))
                return nil
            }
            return number
        }
        return TensorEntry.ExternalRange(file: file, offset: number("offset") ?? 0, length: number("length"))
    }

    private mutating func check(_ entry: inout TensorEntry, _ place: Int) {
        guard let elements = entry.elements else {
            contents.problems.append(
                FormatError(place, "the tensor \(quoted(entry.name)) has the impossible shape \(entry.shape)"))
            entry.shape = []
            entry.range = nil
            return
        }
        guard let range = entry.range, let expected = entry.dtype.byteCount(elements: elements), expected != range.count else {
            return
        }
        contents.problems.append(
            FormatError(
                place,
                "the tensor \(quoted(entry.name)) has \(range.count) bytes, and \(entry.dtype) of shape \(entry.shape) has \(expected)"
            ))
    }

    /// A `SparseTensorProto`: its values tensor has the name, its own shape is the dense one.
    private mutating func sparseTensor(_ range: Range<Int>) throws -> TensorEntry {
        var entry = TensorEntry(name: "", dtype: ElementType(rawValue: "UNDEFINED"), shape: [])
        var shape: [Int] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            if field.number == 1, let part = field.value.range { entry = try tensor(part) }
            if field.number == 3 { shape += try field.value.integers(in: source, limit: 1024) }
        }
        entry.storedElements = entry.elements
        entry.range = nil
        entry.shape = elementCount(shape) == nil ? [] : shape
        return entry
    }

    /// A `ValueInfoProto`: name, type and shape of an input or output.
    private func valueInfo(_ range: Range<Int>) throws -> MetadataValue {
        var name = ""
        var type = [MetadataMember("kind", .null)]
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            if field.number == 1 { name = try source.text(part) }
            if field.number == 2 { type = try self.type(part, depth: 0) }
        }
        return .map([MetadataMember("name", name)] + type)
    }

    private func type(_ range: Range<Int>, depth: Int) throws -> [MetadataMember] {
        guard depth < 16 else { throw FormatError(range.lowerBound, "types are in each other more than 16 deep") }
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard let part = field.value.range else { continue }
            switch field.number {
            case 1: return try tensorType(part)
            case 8: return [MetadataMember("kind", "sparse_tensor")] + (try tensorType(part))
            case 4, 9:
                var inner = ProtobufFields(source, part)
                while let element = try inner.next() {
                    if element.number == 1, let nested = element.value.range {
                        return [
                            MetadataMember("kind", field.number == 4 ? "sequence" : "optional"),
                            MetadataMember("element", .map(try type(nested, depth: depth + 1))),
                        ]
                    }
                }
            case 5: return [MetadataMember("kind", "map")] + (try mapTypes(part, depth: depth))
            default: break
            }
        }
        return [MetadataMember("kind", .null)]
    }

    private func mapTypes(_ range: Range<Int>, depth: Int) throws -> [MetadataMember] {
        var members: [MetadataMember] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            if field.number == 1, let key = field.value.integer {
                members.append(MetadataMember("key", ONNXElementType.named(key)?.rawValue ?? "TYPE\(key)"))
            }
            if field.number == 2, let value = field.value.range {
                members.append(MetadataMember("value", .map(try type(value, depth: depth + 1))))
            }
        }
        return members
    }

    private func tensorType(_ range: Range<Int>) throws -> [MetadataMember] {
        var members: [MetadataMember] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            if field.number == 1, let number = field.value.integer {
                members.append(MetadataMember("dtype", ONNXElementType.named(number)?.rawValue ?? "TYPE\(number)"))
            }
            if field.number == 2, let shape = field.value.range {
                members.append(MetadataMember("shape", .list(try dimensions(shape))))
            }
        }
        // No shape is another thing than the shape of a scalar.
        if !members.contains(where: { $0.key == "shape" }) { members.append(MetadataMember("shape", .null)) }
        return members
    }

    private func dimensions(_ range: Range<Int>) throws -> [MetadataValue] {
        var lengths: [MetadataValue] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard field.number == 1, let part = field.value.range else { continue }
            var length = MetadataValue.null
            var inner = ProtobufFields(source, part)
            while let value = try inner.next() {
                if value.number == 1, let number = value.value.integer { length = .integer(Int64(number)) }
                if value.number == 2, let name = value.value.range { length = .text(try source.text(name)) }
            }
            lengths.append(length)
        }
        return lengths
    }
}
