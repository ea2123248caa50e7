/// Reads PyTorch's first form (before 0.1.10): a tar archive of `sys_info`, `pickle`, `storages` and `tensors` (`torch.serialization`, `legacy_load`).
enum TorchTarReader {
    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.pytorchLegacy)
        let members = try TarMembers.read(source, limits: limits)
        guard let pickle = members["pickle"], let storagePart = members["storages"], let tensorPart = members["tensors"] else {
            throw FormatError(0, "the archive has not the members pickle, storages and tensors")
        }
        var reader = ByteReader(source, storagePart)
        let storages = try readStorages(&reader, limits, &contents)
        reader = ByteReader(source, tensorPart)
        let tensors = try readTensors(&reader, storages, limits, &contents)
        reader = ByteReader(source, pickle)
        let program = try PickleMachine.run(&reader, limits: limits)
        contents.problems += program.problems
        contents.pickles.append(EmbeddedPickle(member: "pickle", program: program))
        var walk = PickledTensors(program, limits: limits, persistentTensor: { tensors[$0] })
        walk.collect()
        contents.tensors = walk.tensors
        contents.metadata = walk.metadata
        contents.problems += walk.problems
        contents.noteImports()
        return contents
    }

    private struct Storage {
        var dtype: ElementType
        var range: Range<Int>
    }

    private static func count(_ reader: inout ByteReader, _ limits: ReadLimits, _ contents: inout ModelContents) throws -> Int {
        let program = try next(&reader, limits, &contents)
        guard let root = program.result, let count = program.integer(root), 0...limits.tensors ~= count else {
            throw reader.failure("a number of storages or tensors is expected here")
        }
        return count
    }

    private static func next(_ reader: inout ByteReader, _ limits: ReadLimits, _ contents: inout ModelContents) throws
        -> PickleProgram
    {
        let program = try PickleMachine.run(&reader, limits: limits)
        if !program.imports.isEmpty { contents.pickles.append(EmbeddedPickle(member: "storages", program: program)) }
        if let problem = program.problem { throw problem }
        return program
    }

    /// A count, then for each a pickle of (key, location, class) and the storage with its length; views of them after that.
    private static func readStorages(
        _ reader: inout ByteReader, _ limits: ReadLimits, _ contents: inout ModelContents
    ) throws -> [String: Storage] {
        var storages: [String: Storage] = [:]
        for _ in 0..<(try count(&reader, limits, &contents)) {
            let program = try next(&reader, limits, &contents)
            guard let root = program.result, let parts = program.members(root), parts.count >= 3, let key = program.key(parts[0]),
                let name = program.importedName(parts[2])?.split(separator: ".").last,
                let dtype = TorchType.storages[String(name)],
                let bits = dtype.bits
            else { throw reader.failure("a storage's key and type are expected here") }
            let elements = try reader.length(UInt64.self, of: "a storage's length")
            let (length, tooLong) = elements.multipliedReportingOverflow(by: max(1, bits / 8))
            guard !tooLong else { throw reader.failure("a storage is said to have \(elements) elements") }
            let start = reader.position
            try reader.skip(length)
            storages[key] = Storage(dtype: dtype, range: start..<start + length)
        }
        let views = try next(&reader, limits, &contents)
        for view in views.result.flatMap({ views.members($0) }) ?? [] {
            guard let parts = views.members(view), parts.count == 4, let key = views.key(parts[0]),
                let root = views.key(parts[1]).flatMap({ storages[$0] }),
                let offset = views.integer(parts[2]), let bits = root.dtype.bits
            else { throw reader.failure("a view of a storage is not understood") }
            guard offset >= 0, offset <= root.range.count / (max(1, bits / 8)) else {
                throw reader.failure("a view begins past its storage")
            }
            storages[key] = Storage(
                dtype: root.dtype, range: root.range.lowerBound + offset * max(1, bits / 8)..<root.range.upperBound)
        }
        return storages
    }

    /// A count, then for each a pickle of (key, storage's key, class) and number of dimensions, sizes, strides, offset.
    private static func readTensors(
        _ reader: inout ByteReader, _ storages: [String: Storage], _ limits: ReadLimits, _ contents: inout ModelContents
    ) throws -> [String: TensorEntry] {
        var tensors: [String: TensorEntry] = [:]
        for _ in 0..<(try count(&reader, limits, &contents)) {
            let program = try next(&reader, limits, &contents)
            guard let root = program.result, let parts = program.members(root), parts.count >= 2, let key = program.key(parts[0]),
                let storageKey = program.key(parts[1])
            else { throw reader.failure("a tensor's key and storage are expected here") }
            let dimensions: Int32 = try reader.integer()
            guard 0...64 ~= dimensions else { throw reader.failure("a tensor is said to have \(dimensions) dimensions") }
            try reader.skip(4)
            var shape: [Int] = []
            for _ in 0..<dimensions { shape.append(try reader.length(UInt64.self, of: "a dimension")) }
            var strides: [Int] = []
            for _ in 0..<dimensions { strides.append(Int(try reader.integer(Int64.self))) }
            let offset = try reader.length(UInt64.self, of: "a tensor's offset")
            guard let storage = storages[storageKey], let elements = elementCount(shape),
                let length = storage.dtype.byteCount(elements: elements),
                let bits = storage.dtype.bits
            else { throw reader.failure("the tensor \(quoted(key)) has no storage, or an impossible shape") }
            var entry = TensorEntry(name: "", dtype: storage.dtype, shape: shape, storage: storageKey)
            if !PickledTensors.isContiguous(shape, strides) { entry.strides = strides }
            let (start, tooFar) = offset.multipliedReportingOverflow(by: max(1, bits / 8))
            if !tooFar, start <= storage.range.count {
                let first = storage.range.lowerBound + start
                entry.range =
                    first..<min(
                        storage.range.upperBound, first.addingReportingOverflow(length).overflow ? Int.max : first + length)
            }
            tensors[key] = entry
        }
        return tensors
    }
}

extension PickleProgram {
    /// A text or number that names something.
    fileprivate func key(_ reference: PickleReference) -> String? {
        text(reference) ?? integer(reference).map(String.init)
    }
}
