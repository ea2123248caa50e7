/// Reads TensorFlow Lite models (tensorflow/lite/schema/schema.fbs): the tensors that have bytes, and what the graph uses.
enum TFLiteReader {
    private static let types: [ElementType] = [
        .f32, .f16, .i32, .u8, .i64, .string, .bool, .i16, .c64, .i8, .f64, .c128, .u64, ElementType(rawValue: "RESOURCE"),
        ElementType(rawValue: "VARIANT"),
        .u32, .u16, ElementType(rawValue: "I4"), .bf16, ElementType(rawValue: "I2"),
        ElementType(rawValue: "U4"),
    ]

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.tflite)
        guard source.size >= 8, try source.bytes(4..<8).elementsEqual("TFL3".utf8) else {
            throw FormatError(4, "the file has not the name 'TFL3'")
        }
        let model = try FlatTable(root: source)
        do {
            contents.header.append(MetadataMember("version", Int(try model.integer(0, UInt32.self) ?? 0)))
            if let description = try model.text(3) { contents.header.append(MetadataMember("description", description)) }
            try operators(model, &contents)
            let buffers = try model.tables(4)
            var activations = 0
            // Tables may lie on each other: as many are looked at as could stand side by side.
            var visited = 0
            for (number, graph) in try model.tables(2).enumerated() {
                let prefix = number == 0 ? "" : "\(try graph.text(4) ?? "subgraph\(number)")/"
                let tensors = try graph.tables(0)
                contents.header.append(MetadataMember(prefix + "inputs", .list(try names(graph.integers(1), tensors))))
                contents.header.append(MetadataMember(prefix + "outputs", .list(try names(graph.integers(2), tensors))))
                for tensor in tensors {
                    visited += 1
                    guard visited <= source.size / 8 else {
                        throw FormatError(tensor.place, "the model has more tensors than its bytes can hold")
                    }
                    guard contents.tensors.count < limits.tensors else {
                        throw FormatError(tensor.place, "the model has more than \(limits.tensors) tensors")
                    }
                    guard let entry = try entry(tensor, buffers, source, &contents) else {
                        activations += 1
                        continue
                    }
                    contents.tensors.append(entry)
                }
            }
            contents.header.append(MetadataMember("activations", activations))
            for entry in try model.tables(6) {
                let number = Int(try entry.integer(1, UInt32.self) ?? 0)
                let bytes = buffers.indices ~= number ? try buffers[number].vector(0, elementSize: 1)?.range : nil
                contents.metadata.append(MetadataMember(try entry.text(0) ?? "", try note(bytes ?? 0..<0, source)))
            }
        } catch let error as FormatError {
            contents.problems.append(error)
        }
        return contents
    }

    /// What is kept under a name: a text as such, anything else by its length.
    private static func note(_ range: Range<Int>, _ source: any ByteSource) throws -> MetadataValue {
        guard range.count <= 4096, let text = String(validating: try source.bytes(range).prefix { $0 != 0 }, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        else { return .map([MetadataMember("length", range.count)]) }
        return .text(text)
    }

    private static func names(_ indices: [Int], _ tensors: [FlatTable]) throws -> [MetadataValue] {
        try indices.map { tensors.indices ~= $0 ? .text(try tensors[$0].text(3) ?? "") : .null }
    }

    /// Codes of built-in operators are numbers; custom ones have names.
    private static func operators(_ model: FlatTable, _ contents: inout ModelContents) throws {
        var custom: [MetadataValue] = []
        var builtin: [MetadataValue] = []
        for code in try model.tables(1) {
            if let name = try code.text(1), !name.isEmpty {
                custom.append(.text(name))
            } else {
                let old = Int(try code.integer(0, Int8.self) ?? 0)
                builtin.append(.integer(Int64(max(old, Int(try code.integer(3, Int32.self) ?? 0)))))
            }
        }
        contents.header.append(MetadataMember("builtin_operators", .list(builtin)))
        contents.header.append(MetadataMember("custom_operators", .list(custom)))
    }

    private static func entry(
        _ tensor: FlatTable, _ buffers: [FlatTable], _ source: any ByteSource, _ contents: inout ModelContents
    ) throws -> TensorEntry? {
        let number = Int(try tensor.integer(2, UInt32.self) ?? 0)
        guard number > 0 else { return nil }
        let name = try tensor.text(3) ?? ""
        let storage = "\(number)"
        guard buffers.indices ~= number else {
            contents.problems.append(
                FormatError(tensor.place, "the tensor \(quoted(name)) names the buffer \(number) of \(buffers.count)"))
            return nil
        }
        var range = try buffers[number].vector(0, elementSize: 1)?.range ?? 0..<0
        // Beyond two gigabytes the bytes are after the table, by offset and size.
        if let offset = try buffers[number].integer(1, UInt64.self).flatMap({ Int(exactly: $0) }), offset > 1,
            let size = try buffers[number].integer(2, UInt64.self).flatMap({ Int(exactly: $0) })
        {
            guard offset <= source.size, size <= source.size - offset else {
                throw FormatError(buffers[number].place, "the tensor \(quoted(name)) reaches past the end of the file")
            }
            range = offset..<offset + size
        }
        guard !range.isEmpty else { return nil }
        let type = Int(try tensor.integer(1, Int8.self) ?? 0)
        let dtype = types.indices ~= type ? types[type] : ElementType(rawValue: "TYPE\(type)")
        let shape = try tensor.integers(0)
        guard let elements = elementCount(shape) else {
            throw FormatError(tensor.place, "the tensor \(quoted(name)) has the impossible shape \(shape)")
        }
        // Texts are packed with a table of their lengths: no run of elements.
        if dtype == .string { return TensorEntry(name: name, dtype: dtype, shape: shape, storage: storage) }
        if let expected = dtype.byteCount(elements: elements), expected != range.count {
            contents.problems.append(
                FormatError(range.lowerBound, "the tensor \(quoted(name)) has \(range.count) bytes instead of \(expected)"))
        }
        return TensorEntry(name: name, dtype: dtype, shape: shape, range: range, storage: storage)
    }
}
