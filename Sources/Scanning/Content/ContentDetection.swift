import ModelFormats

/// Tells what a part is. Every reader that a loader might use on it is named, in the order in which `torch.load` and its like would try.
enum ContentDetection {
    static func kinds(_ source: any ByteSource, name: String) throws -> [ContentKind] {
        if source.size == 0 { return [.empty] }
        let head = try source.prefix(4096)
        var kinds: [ContentKind] = []
        if let first = try byMagic(head, source, name) { kinds.append(first) }
        // A zip archive is known by its end: whatever stands before it, zip readers take it.
        // The archives in a tar archive are scanned as its members.
        if !kinds.contains(.zip), kinds != [.tar], try endsAsZip(source) { kinds.append(.zip) }
        if kinds.isEmpty || kinds == [.zip] {
            if let text = try byText(head, source, name) { kinds.insert(text, at: 0) }
        }
        if !kinds.contains(.pickle), !beginsAsZip(head), try isPlausiblePickle(source, head, name, among: kinds) {
            // The oldest protocol is text, and as text it is nothing else.
            kinds = [.pickle] + kinds.filter { $0 != .text }
        }
        return kinds.isEmpty ? [.unknown] : kinds
    }

    private static func beginsAsZip(_ head: ArraySlice<UInt8>) -> Bool {
        head.starts(with: [0x50, 0x4b, 3, 4]) || head.starts(with: [0x50, 0x4b, 5, 6])
    }

    private static func byMagic(_ head: ArraySlice<UInt8>, _ source: any ByteSource, _ name: String) throws -> ContentKind? {
        let bytes = Array(head.prefix(64))
        func begins(_ magic: some Sequence<UInt8>) -> Bool { bytes.starts(with: magic) }
        // The most frequent first.
        if isPickleMagic(bytes) { return .pickle }
        if begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6]) { return .zip }
        if begins("GGUF".utf8) { return .gguf }
        if begins([0x93] + "NUMPY".utf8) { return .npy }
        if bytes.count >= 8, Array(bytes[4..<8]) == Array("TFL3".utf8) { return .tflite }
        if begins([0x89] + "HDF\r\n".utf8) { return .hdf5 }
        if begins([0x89] + "PNG".utf8) { return .media(.png) }
        if begins([0xff, 0xd8, 0xff]) { return .media(.jpeg) }
        if begins("GIF8".utf8) { return .media(.gif) }
        if begins("RIFF".utf8) { return .media(.riff) }
        if begins("%PDF-".utf8) { return .media(.pdf) }
        if begins("BM".utf8), bytes.count > 14,
            Int(bytes[2]) | Int(bytes[3]) << 8 | Int(bytes[4]) << 16 | Int(bytes[5]) << 24 <= source.size,
            bytes[6...9].allSatisfy({ $0 == 0 })
        {
            return .media(.bmp)
        }
        if begins([0x49, 0x49, 0x2a, 0]) || begins([0x4d, 0x4d, 0, 0x2a]) { return .media(.tiff) }
        if bytes.count >= 8, Array(bytes[4..<8]) == Array("ftyp".utf8) { return .media(.mp4) }
        if begins("ID3".utf8) || begins([0xff, 0xfb]) { return .media(.mp3) }
        if begins("OggS".utf8) { return .media(.ogg) }
        if begins("fLaC".utf8) { return .media(.flac) }
        if begins([0, 0, 1, 0]), name.hasSuffix(".ico") { return .media(.ico) }
        if let known = InertFiles.kind(bytes, name) { return .inert(known) }
        if begins([0x7f] + "ELF".utf8) { return .executable("ELF program or library") }
        if begins("MZ".utf8), try isPortableExecutable(source) { return .executable("Windows program or library") }
        if [[0xcf, 0xfa, 0xed, 0xfe], [0xce, 0xfa, 0xed, 0xfe], [0xfe, 0xed, 0xfa, 0xcf]].contains(where: { begins($0) }) {
            return .executable("macOS program or library")
        }
        if begins([0, 0x61, 0x73, 0x6d]) { return .executable("WebAssembly module") }
        if begins([0xca, 0xfe, 0xba, 0xbe]) { return .executable("Java class or macOS program") }
        if begins([0xac, 0xed, 0, 5]) { return .javaSerialized }
        if begins("RDX2\n".utf8) || begins("RDX3\n".utf8) || begins("RDA2\n".utf8) || begins("RDA3\n".utf8)
            || begins("X\n\0\0\0".utf8) && bytes.count > 6
        {
            return .rData
        }
        if isPythonBytecode(bytes, name) { return .pythonBytecode }
        if let archive = LibraryArchive.recognised(head) { return .archive(archive) }
        if begins("ZF0x".utf8) { return .oldJoblib }
        if try isOddLZMA(bytes, source) { return .packed(.lzma) }
        if let compression = Compression.recognised(head) {
            let isSure = compression != .zlib && compression != .lzma || isNamedPacked(name)
            if try isSure || unpacksAtAll(source, compression) { return .packed(compression) }
        }
        if name.lowercased().hasSuffix(".msgpack"), let first = bytes.first,
            0x80...0x8f ~= first || first == 0xde || first == 0xdf
        {
            return .msgpack
        }
        if isSafetensors(bytes, source.size) { return .safetensors }
        if source.size >= 512, TarMembers.isHeader(head) { return .tar }
        if name.lowercased().hasSuffix(".h5") || name.lowercased().hasSuffix(".hdf5"), try hasUserBlock(source) { return .hdf5 }
        return nil
    }

    /// An .lzma file with other properties than the usual ones: a byte below 225, a dictionary's size, and a size that is not known or can be.
    private static func isOddLZMA(_ bytes: [UInt8], _ source: any ByteSource) throws -> Bool {
        guard bytes.count >= 14, bytes[0] < 225, bytes[13] == 0 else { return false }
        let size = bytes[5..<13].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let dictionary = bytes[1..<5].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard size == .max || size < 1 << 36 && size > 0, dictionary >= 4096, dictionary <= 1 << 30 else { return false }
        return try unpacksAtAll(source, .lzma)
    }

    private static func isNamedPacked(_ name: String) -> Bool {
        let last = name.lowercased()
        return [".z", ".zlib", ".gz", ".bz2", ".xz", ".lzma", ".zst", ".lz4", ".joblib", ".pkl", ".pickle"].contains {
            last.hasSuffix($0)
        }
    }

    private static func unpacksAtAll(_ source: any ByteSource, _ compression: Compression) throws -> Bool {
        do {
            // Two bytes prove little: it has to unpack to its end, which is bounded here.
            _ = try compression.unpack(source, 0..<source.size, limit: 16 << 20)
            return true
        } catch let error as FormatError {
            return error.problem.contains("unpack to more than")
        }
    }

    private static func isPortableExecutable(_ source: any ByteSource) throws -> Bool {
        guard source.size > 0x40 else { return false }
        let place = try source.bytes(0x3c..<0x40).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard place >= 0x40, place + 4 <= source.size else { return false }
        return try source.bytes(place..<place + 4).elementsEqual([0x50, 0x45, 0, 0])
    }

    /// A .pyc file: a magic number that ends in CR LF, flags or a time, and marshalled code (Lib/importlib/_bootstrap_external.py).
    static func isPythonBytecode(_ bytes: [UInt8], _ name: String) -> Bool {
        guard bytes.count >= 17, bytes[2] == 0x0d, bytes[3] == 0x0a else { return false }
        return [8, 12, 16].contains { $0 < bytes.count && bytes[$0] & 0x7f == 0x63 } || name.hasSuffix(".pyc")
    }

    /// Protocols 2 to 5 begin with their number; nearly any opcode may follow, and a loader runs whatever follows.
    static func isPickleMagic(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 3, bytes[0] == 0x80, bytes[1] <= 5 else { return false }
        return PickleOpcodes.all.contains(bytes[2])
    }

    private static func isSafetensors(_ head: [UInt8], _ size: Int) -> Bool {
        guard head.count >= 9, head[8] == UInt8(ascii: "{") else { return false }
        let length = head[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return length >= 2 && length <= UInt64(size)
    }

    private static func hasUserBlock(_ source: any ByteSource) throws -> Bool {
        var place = 512
        while place + 8 <= source.size, place <= 1 << 20 {
            if try source.bytes(place..<place + 4).elementsEqual([0x89] + "HDF".utf8) { return true }
            place *= 2
        }
        return false
    }

    /// Whether an end record of a zip archive with a directory before it is among the last bytes.
    private static func endsAsZip(_ source: any ByteSource) throws -> Bool {
        guard source.size >= 22 else { return false }
        let start = max(0, source.size - 65557)
        let tail = Array(try source.bytes(start..<source.size))
        for index in stride(from: tail.count - 22, through: 0, by: -1)
        where tail[index] == 0x50 && tail[index + 1] == 0x4b && tail[index + 2] == 5 && tail[index + 3] == 6 {
            let size = (0..<4).reduce(0) { $0 | Int(tail[index + 12 + $1]) << (8 * $1) }
            let count = Int(tail[index + 10]) | Int(tail[index + 11]) << 8
            let directory = start + index - size
            if count == 0 && size == 0 && index + 22 == tail.count { return true }
            guard directory >= 0, size >= 46 else { continue }
            if try source.bytes(directory..<directory + 4).elementsEqual([0x50, 0x4b, 1, 2]) { return true }
        }
        return false
    }

    /// A pickle of protocol 0 or 1 has no mark, and neither has one that somebody strips of it: where a name, or nothing else, says what the part is, the machine
    /// reads it and says whether it comes out as one.
    private static func isPlausiblePickle(
        _ source: any ByteSource, _ head: ArraySlice<UInt8>, _ name: String, among kinds: [ContentKind]
    ) throws -> Bool {
        guard let first = head.first, PickleOpcodes.all.contains(first) else { return false }
        let expectsPickle =
            !Names.expected(name).isDisjoint(with: [.pickle, .joblib, .pytorchZip, .pytorchLegacy]) || Names.mayHoldPickle(name)
        let isOpen =
            kinds.isEmpty
            || kinds.allSatisfy {
                [.text, .zip, .json, .yaml, .python, .xml, .safetensors, .protobuf, .tar, .notebook].contains($0)
            }
        guard expectsPickle || isOpen else { return false }
        var limits = ReadLimits()
        limits.objects = 100_000
        var reader = ByteReader(source)
        let program = try PickleMachine.run(&reader, limits: limits)
        let names = program.imports.map { item -> Bool in
            guard let module = program.text(item.module), let part = program.text(item.name) else { return true }
            return QualifiedName(module: module, name: part).isWellFormed
        }
        if !names.isEmpty, names.allSatisfy({ $0 }) {
            return expectsPickle || !program.calls.isEmpty || program.result != nil
        }
        // Plain data of the oldest protocols: only where the name says so, and to its end.
        return expectsPickle && program.result != nil && names.allSatisfy { $0 }
    }

    private static func byText(_ head: ArraySlice<UInt8>, _ source: any ByteSource, _ name: String) throws -> ContentKind? {
        // Python reads its sources in any encoding that they name.
        if name.lowercased().hasSuffix(".py") { return .python }
        guard TextContent.isText(head, isWhole: head.count == source.size) else {
            if try isSentencePiece(source, head) { return .inert("SentencePiece model") }
            return try isProtobuf(source, name) ? .protobuf : nil
        }
        return TextContent.kind(head, name)
    }

    /// `ModelProto` of SentencePiece: pieces, each a text and a score (sentencepiece_model.proto).
    private static func isSentencePiece(_ source: any ByteSource, _ head: ArraySlice<UInt8>) throws -> Bool {
        guard head.first == 0x0a, let length = head.dropFirst().first, 4...64 ~= length, source.size > 2 + Int(length) else {
            return false
        }
        do {
            let piece = try ProtobufWalk.fields(source, 2..<2 + Int(length))
            return piece.first?.number == 1 && piece.contains { $0.number == 2 && $0.bytes == nil }
                && head.dropFirst(2 + Int(length)).first == 0x0a
        } catch is FormatError {
            return false
        }
    }

    /// Formats that are protobuf messages, where the name or the fields say so.
    private static func isProtobuf(_ source: any ByteSource, _ name: String) throws -> Bool {
        let last = Names.last(of: name).lowercased()
        let isNamed = [".onnx", ".pb", ".mlmodel", ".ort"].contains { last.hasSuffix($0) }
        guard isNamed || !last.contains(".") || last.hasSuffix(".bin") || last.hasSuffix(".model") else { return false }
        // A name decides at once: the format's reader says whether it is kept.
        return try isNamed || ProtobufMessages.isKnown(source)
    }
}

/// The opcodes of all protocols (Lib/pickletools.py).
enum PickleOpcodes {
    static let all: Set<UInt8> = Set("(.0123ABCFGIJKLMNPQRSTUVX]\\abcdeghijlopqrstu})".utf8).subtracting([0x5c, 0x33, 0x41])
        .union(0x80...0x98)
}

extension Names {
    /// Names that loaders of pickles are given, beyond those that promise a format.
    static func mayHoldPickle(_ name: String) -> Bool {
        let last = last(of: name).lowercased()
        return [
            ".bin", ".dat", ".data", ".model", ".p", ".pk", ".pickle5", ".sav", ".obj", ".cloudpickle", ".dill", ".mar", ".nemo",
            ".npy", ".distcp", ".pkl5", ".ckpt-data",
        ]
        .contains { last.hasSuffix($0) } || last == "data.pkl" || last == "pickle" || last == "storages" || last == "tensors"
    }
}
