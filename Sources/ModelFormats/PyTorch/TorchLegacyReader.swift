/// Reads what `torch.save` wrote from 0.1.10 to 1.5 (`torch.serialization._legacy_save`): five pickles (magic number, protocol, system, objects, keys of the
/// storages), then each storage with its length.
enum TorchLegacyReader {
    /// The integer of the first pickle, 0x1950a86a20f9469cfc6c, as `LONG1` writes it.
    private static let magic: [UInt8] = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

    /// Whether a file that begins so has that integer first: after the protocol's number and, from protocol 4, perhaps a frame.
    static func isBegin(_ head: ArraySlice<UInt8>) -> Bool {
        guard head.first == 0x80 else { return false }
        let rest = head.dropFirst(2)
        return rest.starts(with: magic) || (rest.first == 0x95 && rest.dropFirst(9).starts(with: magic))
    }

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.pytorchLegacy)
        var reader = ByteReader(source)
        var programs: [PickleProgram] = []
        for _ in 0..<5 {
            let program = try PickleMachine.run(&reader, limits: limits)
            contents.pickles.append(EmbeddedPickle(member: "", program: program))
            programs.append(program)
            contents.problems += program.problems
            if program.problem != nil { break }
        }
        var ranges: [String: Range<Int>] = [:]
        if programs.count == 5, contents.problems.isEmpty {
            do {
                ranges = try storages(programs[4], sizes: elementSizes(programs[3]), &reader)
                if !reader.isAtEnd {
                    contents.problems.append(reader.failure("\(reader.remaining) bytes follow the last storage"))
                }
            } catch let error as FormatError {
                contents.problems.append(error)
            }
        }
        if programs.count > 3 {
            var walk = PickledTensors(programs[3], limits: limits, storageBytes: { ranges[$0] })
            walk.collect()
            contents.tensors = walk.tensors
            contents.metadata = walk.metadata
            contents.problems += walk.problems
        }
        contents.noteImports()
        return contents
    }

    /// The one storage of a file that is kept as bytes in another pickle (`torch.storage._load_from_bytes`): its type, and where its bytes are in that file.
    static func storage(_ source: any ByteSource, limits: ReadLimits) throws -> (dtype: ElementType, range: Range<Int>)? {
        guard isBegin(try source.prefix(64)) else { return nil }
        var reader = ByteReader(source)
        var programs: [PickleProgram] = []
        for _ in 0..<5 {
            programs.append(try PickleMachine.run(&reader, limits: limits))
            if programs.last?.problem != nil { return nil }
        }
        let walk = PickledTensors(programs[3], limits: limits)
        guard let storage = programs[3].result.flatMap({ walk.storage($0) }), let dtype = storage.dtype,
            let range = try storages(programs[4], sizes: elementSizes(programs[3]), &reader)[storage.key]
        else { return nil }
        return (dtype, range)
    }

    /// Bytes of an element of each storage that the objects name.
    private static func elementSizes(_ program: PickleProgram) -> [String: Int] {
        let walk = PickledTensors(program, limits: ReadLimits())
        var sizes: [String: Int] = [:]
        for index in program.objects.indices {
            if let storage = walk.storage(PickleReference(index)), let bits = storage.dtype?.bits {
                sizes[storage.key] = max(1, bits / 8)
            }
        }
        return sizes
    }

    private static func storages(_ keys: PickleProgram, sizes: [String: Int], _ reader: inout ByteReader) throws -> [String:
        Range<Int>]
    {
        guard let root = keys.result, let members = keys.members(root) else {
            throw reader.failure("the storages' keys are no list")
        }
        var ranges: [String: Range<Int>] = [:]
        for member in members {
            let key = keys.text(member) ?? keys.integer(member).map(String.init) ?? ""
            guard let size = sizes[key] else {
                throw reader.failure("the storage \(quoted(key)) has no known type, so that its length is not known")
            }
            let count = try reader.length(UInt64.self, of: "a storage's length")
            let (length, tooLong) = count.multipliedReportingOverflow(by: size)
            guard !tooLong else { throw reader.failure("the storage \(quoted(key)) is said to have \(count) elements") }
            let start = reader.position
            try reader.skip(length)
            ranges[key] = start..<start + length
        }
        return ranges
    }
}
