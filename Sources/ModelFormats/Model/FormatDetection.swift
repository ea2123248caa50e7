/// What a file is: by its content first, by its name second.
struct FormatDetection {
    /// A format together with what of it the detection has already read.
    enum Found {
        case plain(ModelFormat)
        case zip(ModelFormat, ZipArchive)
        case packed(Compression)
        case tensorBundle
        case tar
        /// An archive, or packed data, that holds no model as far as can be seen.
        case unknownZip(ZipArchive)
    }

    /// - Returns: nil where neither content nor name say that this is a model file.
    static func detect(_ source: any ByteSource, name: String, limits: ReadLimits) throws -> Found? {
        let expected = Names.expected(name)
        let head = Array(try source.prefix(16))
        func begins(_ magic: some Sequence<UInt8>) -> Bool { head.starts(with: magic) }
        if begins("GGUF".utf8) { return .plain(.gguf) }
        if begins([0x93] + "NUMPY".utf8) { return .plain(.npy) }
        if begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6]) { return try zip(source, expected, limits: limits) }
        if head.count >= 8, Array(head[4..<8]) == Array("TFL3".utf8) { return .plain(.tflite) }
        if TorchLegacyReader.isBegin(try source.prefix(64)) { return .plain(.pytorchLegacy) }
        if isSafetensors(head, source.size) { return .plain(.safetensors) }
        if begins([0x89] + "HDF".utf8) { return .plain(.hdf5) }
        if let tar = try legacyTar(source) { return tar }
        if let json = try text(source, name: name, expected) { return json }
        if isPickle(head) { return .plain(.pickle) }
        if let compression = Compression.recognised(head[...]), Names.mayBePacked(name) { return .packed(compression) }
        if expected.contains(.savedmodel) || name.hasSuffix(".index"), try TensorBundleReader.isIndex(source) {
            return .tensorBundle
        }
        if let format = try message(source, expected) { return .plain(format) }
        if expected.contains(.hdf5), try HDF5File.superblock(of: source) != nil { return .plain(.hdf5) }
        if expected.contains(.msgpack), let first = head.first, 0x80...0x8f ~= first || first == 0xde || first == 0xdf {
            return .plain(.msgpack)
        }
        return try byNameAlone(source, expected, limits: limits)
    }

    /// What only a name tells: a broken file of that name is one, and its reader says how it is broken. A pickle of the oldest protocol has no mark.
    private static func byNameAlone(_ source: any ByteSource, _ expected: Set<ModelFormat>, limits: ReadLimits) throws -> Found? {
        if !expected.isDisjoint(with: [.pickle, .joblib, .pytorchZip]) { return .plain(.pickle) }
        guard let only = expected.leading else { return nil }
        return only == .npz || only == .keras ? try zip(source, expected, limits: limits) : .plain(only)
    }

    private static func isSafetensors(_ head: [UInt8], _ size: Int) -> Bool {
        guard head.count >= 9, head[8] == UInt8(ascii: "{") else { return false }
        let length = head[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return length >= 2 && length <= UInt64(size - 8)
    }

    /// Protocols 2 to 5 begin with their number; an opcode that can stand next follows.
    private static func isPickle(_ head: [UInt8]) -> Bool {
        guard head.count >= 3, head[0] == 0x80, 2...5 ~= head[1] else { return false }
        return "().]}NKMJIFGLSTUVXBCcghjlt\u{80}".utf8.contains(head[2])
            || [0x80, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x95, 0x96, 0x97].contains(head[2])
    }

    private static func legacyTar(_ source: any ByteSource) throws -> Found? {
        guard source.size >= 1024 else { return nil }
        let block = try source.bytes(0..<512)
        guard let first = block.first, 0x21...0x7a ~= first, TarMembers.isHeader(block) else { return nil }
        let name = String(decoding: block.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
        return ["sys_info", "pickle", "storages", "tensors", "./sys_info", "./pickle", "./storages", "./tensors"].contains(name)
            ? .tar : nil
    }

    private static func zip(_ source: any ByteSource, _ expected: Set<ModelFormat>, limits: ReadLimits) throws -> Found {
        let archive = try ZipArchive(source, limits: limits)
        let names = archive.entries.map(\.name)
        if let pickle = names.first(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) {
            return .zip(archive[pickle.dropLast("data.pkl".count) + "constants.pkl"] == nil ? .pytorchZip : .torchscript, archive)
        }
        if archive["config.json"] != nil,
            archive["metadata.json"] != nil || names.contains(where: { $0.hasSuffix(".weights.h5") })
        {
            return .zip(.keras, archive)
        }
        if names.contains(where: { $0.hasSuffix(".npy") }) || expected == [.npz] { return .zip(.npz, archive) }
        return .unknownZip(archive)
    }

    /// JSON and OpenVINO's XML, by their first character that is no space.
    private static func text(_ source: any ByteSource, name: String, _ expected: Set<ModelFormat>) throws -> Found? {
        var start = Array(try source.prefix(512))
        if start.starts(with: [0xef, 0xbb, 0xbf]) { start.removeFirst(3) }
        guard let first = start.firstIndex(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) else { return nil }
        let rest = start[first...]
        if rest.starts(with: "<?xml".utf8) || rest.starts(with: "<net".utf8) {
            return String(decoding: rest, as: UTF8.self).contains("<net")
                || name.hasSuffix(".xml") && expected.contains(.openvino)
                ? .plain(.openvino) : nil
        }
        guard start[first] == UInt8(ascii: "{"),
            expected.contains(.json)
                || rest.dropFirst().first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) == 0x22
        else { return nil }
        return .plain(.json)
    }

    /// Formats that are protobuf messages have no mark: they are told apart by which fields their outermost message has, and of what kind.
    private static func message(_ source: any ByteSource, _ promised: Set<ModelFormat>) throws -> ModelFormat? {
        let expected = promised.intersection([.onnx, .savedmodel, .graphdef, .coreml])
        guard let first = try source.prefix(1).first, first == 0x08 || first == 0x0a || first == 0x12 || first == 0x1a else {
            return expected.leading
        }
        var fields = ProtobufFields(source)
        var varints = Set<Int>()
        var messages = Set<Int>()
        do {
            var count = 0
            while let field = try fields.next() {
                if case .varint = field.value { varints.insert(field.number) } else { messages.insert(field.number) }
                count += 1
                // A graph may have a million nodes at this level; its first ones tell.
                if count >= 200 { break }
            }
        } catch is FormatError {
            return expected.leading
        }
        let numbers = varints.union(messages)
        if varints.isSubset(of: [1, 5]), messages.contains(7), numbers.isSubset(of: [1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26]) {
            return .onnx
        }
        if varints == [1], messages == [2] { return expected.contains(.coreml) ? .coreml : .savedmodel }
        if varints.contains(1), messages.contains(where: { CoreMLReader.kinds[$0] != nil }) { return .coreml }
        if varints.isSubset(of: [3]), messages.contains(1), numbers.isSubset(of: [1, 2, 3, 4, 5]), try isGraph(source) {
            return .graphdef
        }
        return expected.leading
    }

    /// Whether the first field is a `NodeDef`: a name and an operation, both printable.
    private static func isGraph(_ source: any ByteSource) throws -> Bool {
        var fields = ProtobufFields(source)
        guard let node = try fields.next()?.value.range else { return false }
        var inner = ProtobufFields(source, node)
        var texts = 0
        while let field = try inner.next(), texts < 2 {
            guard field.number <= 2, let range = field.value.range, 1...512 ~= range.count else { return false }
            guard try source.bytes(range).allSatisfy({ 0x20...0x7e ~= $0 }) else { return false }
            texts += 1
        }
        return texts == 2
    }
}
