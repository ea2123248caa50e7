/// Reads the index of a TensorFlow checkpoint (`variables.index`, `model.ckpt.index`): a LevelDB table whose keys are variables and whose values say where
/// these lie in the data files (tensor_bundle.proto; LevelDB's table_format.md).
enum TensorBundleReader {
    static let magic: UInt64 = 0xdb47_7524_8b80_fb57

    static func isIndex(_ source: any ByteSource) throws -> Bool {
        guard source.size >= 48 else { return false }
        var reader = ByteReader(source, source.size - 8..<source.size)
        return try reader.integer(UInt64.self) == magic
    }

    /// - Parameter name: the index's own name, from which those of the data files follow.
    static func read(_ source: any ByteSource, name: String, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.savedmodel)
        var footer = ByteReader(source, source.size - 48..<source.size)
        _ = try handle(&footer)
        let index = try handle(&footer)
        let stem = Names.last(of: name).split(separator: ".").dropLast().joined(
            separator: ".")
        var shards = 1
        var entries = 0
        try forEachEntry(source, index) { _, block in
            var reader = ByteReader(MemorySource(block))
            try forEachEntry(source, try handle(&reader)) { key, value in
                entries += 1
                guard entries <= min(limits.tensors, source.size) else {
                    throw FormatError(0, "the index has more than \(limits.tensors) variables")
                }
                if key.isEmpty {
                    shards = try header(value, &contents)
                } else if var entry = try entry(value, stem: stem, shards: shards, &contents) {
                    entry.name = String(decoding: key, as: UTF8.self)
                    contents.tensors.append(entry)
                }
            }
        }
        return contents
    }

    /// A length or place that the machine's own integer can hold.
    private static func varint(_ reader: inout ByteReader) throws -> Int {
        guard let small = Int(exactly: try reader.varint()) else { throw reader.failure("a number is past all measure") }
        return small
    }

    private static func handle(_ reader: inout ByteReader) throws -> (offset: Int, size: Int) {
        (try varint(&reader), try varint(&reader))
    }

    /// The entries of a block, whose keys leave out what they have in common with the one before.
    private static func forEachEntry(
        _ source: any ByteSource, _ block: (offset: Int, size: Int), _ body: (ArraySlice<UInt8>, ArraySlice<UInt8>) throws -> Void
    ) throws {
        guard block.offset <= source.size, block.size <= source.size - block.offset, source.size - block.offset - block.size >= 5,
            block.size >= 4
        else {
            throw FormatError(min(block.offset, source.size), "a block of the index reaches past the end of the file")
        }
        let end = block.offset + block.size
        guard try source.bytes(end..<end + 1).first == 0 else {
            throw FormatError(end, "a block of the index is packed, which is not read")
        }
        var tail = ByteReader(source, end - 4..<end)
        let restarts = Int(try tail.integer(UInt32.self))
        guard restarts <= (block.size - 4) / 4 else { throw FormatError(end - 4, "a block is said to have \(restarts) restarts") }
        var reader = ByteReader(source, block.offset..<end - 4 - 4 * restarts)
        var key: [UInt8] = []
        while !reader.isAtEnd {
            let shared = try varint(&reader)
            let own = try varint(&reader)
            let length = try varint(&reader)
            guard shared <= key.count, own <= 4096, shared + own <= 4096 else {
                throw reader.failure("a key shares \(shared) bytes with one of \(key.count)")
            }
            key.removeSubrange(shared...)
            key += try reader.bytes(own)
            try body(key[...], try reader.bytes(length))
        }
    }

    /// `BundleHeaderProto`; gives the number of data files.
    private static func header(_ value: ArraySlice<UInt8>, _ contents: inout ModelContents) throws -> Int {
        var shards = 1
        var fields = ProtobufFields(MemorySource(value))
        while let field = try fields.next() {
            if field.number == 1, let count = field.value.integer { shards = count }
            if field.number == 2, field.value.integer == 1 { contents.metadata.append(MetadataMember("endianness", "big")) }
        }
        contents.metadata.append(MetadataMember("shards", shards))
        return shards
    }

    /// `BundleEntryProto`.
    private static func entry(_ value: ArraySlice<UInt8>, stem: String, shards: Int, _ contents: inout ModelContents) throws
        -> TensorEntry?
    {
        let source = MemorySource(value)
        var entry = TensorEntry(name: "", dtype: ElementType(rawValue: "TYPE0"), shape: [])
        var (shard, offset, size) = (0, 0, 0)
        var fields = ProtobufFields(source)
        while let field = try fields.next() {
            switch field.number {
            case 1: entry.dtype = TensorFlowType.named(field.value.integer ?? 0)
            case 2: entry.shape = try field.value.range.flatMap { try tensorFlowShape(source, $0) } ?? []
            case 3: shard = field.value.integer ?? 0
            case 4: offset = field.value.integer ?? 0
            case 5: size = field.value.integer ?? 0
            default: break
            }
        }
        guard entry.elements != nil, offset >= 0, size >= 0 else {
            contents.problems.append(FormatError(0, "a variable has an impossible shape or place"))
            return nil
        }
        func five(_ number: Int) -> String { String(repeating: "0", count: max(0, 5 - "\(number)".count)) + "\(number)" }
        entry.external = TensorEntry.ExternalRange(
            file: "\(stem).data-\(five(shard))-of-\(five(shards))", offset: offset, length: size)
        return entry
    }
}
