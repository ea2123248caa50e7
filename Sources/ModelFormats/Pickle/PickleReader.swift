/// Reads plain pickles, and joblib's, whose arrays lie between the opcodes (`joblib.numpy_pickle`), packed as a whole or not.
package enum PickleReader {
    /// Pickles that stand in another one's file, where joblib puts arrays of objects.
    package final class Nested {
        package var programs: [PickleProgram] = []

        package init() {}
    }

    static func read(_ source: any ByteSource, name: String = "", limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.pickle)
        var reader = ByteReader(source)
        let nested = Nested()
        var number = 0
        repeat {
            let program = try PickleMachine.run(&reader, limits: limits) { program, call, reader in
                try attachedArray(program, call, &reader, limits, nested)
            }
            contents.pickles.append(EmbeddedPickle(member: "", program: program))
            contents.problems += program.problems.map { problem in
                number == 0 ? problem : FormatError(problem.offset, "after \(number) pickles: \(problem.problem)")
            }
            var walk = PickledTensors(program, limits: limits, embeddedStorages: try embeddedStorages(program, source, limits))
            walk.collect()
            // Several pickles in one file are several values: the first goes without a number, as loaders read it alone.
            let prefix = number == 0 ? "" : "\(number)."
            contents.tensors += walk.tensors.map { tensor in
                var tensor = tensor
                tensor.name = prefix + tensor.name
                return tensor
            }
            contents.metadata += walk.metadata.map { MetadataMember(prefix + $0.key, $0.value) }
            contents.problems += walk.problems
            number += 1
            if program.problem != nil || number >= 10_000 { break }
        } while !reader.isAtEnd
        contents.pickles += nested.programs.map { EmbeddedPickle(member: "", program: $0) }
        contents.noteImports()
        // Without arrays a joblib file is a pickle like any other, but for its name.
        if contents.pickles.contains(where: { $0.program.imports(fromPackage: "joblib") })
            || name.lowercased().contains(".joblib")
        {
            contents.format = .joblib
        }
        return contents
    }

    /// A pickle that is packed as a whole, as joblib's `compress` leaves it.
    static func readPacked(_ source: any ByteSource, _ compression: Compression, name: String, limits: ReadLimits) throws
        -> ModelContents
    {
        let bytes = try compression.unpack(source, 0..<source.size, limit: limits.unpacked)
        var contents = try read(MemorySource(bytes), name: name, limits: limits)
        contents.header.insert(MetadataMember("compression", compression.rawValue), at: 0)
        for index in contents.tensors.indices { contents.tensors[index].range = nil }
        return contents
    }

    /// PyTorch's storages in a plain pickle: each is a whole file of the legacy form, given as bytes, or as text that is encoded (protocols 0 to 2).
    private static func embeddedStorages(
        _ program: PickleProgram, _ source: any ByteSource, _ limits: ReadLimits
    ) throws -> [PickleReference: PickledTensors.EmbeddedStorage] {
        var found: [PickleReference: PickledTensors.EmbeddedStorage] = [:]
        for (index, object) in program.objects.enumerated() {
            guard case .call(let number) = object,
                program.importedName(program.calls[number].callable) == "torch.storage._load_from_bytes",
                let argument = program.members(program.calls[number].arguments)?.first
            else { continue }
            do {
                if case .bytes(let range) = program[argument] {
                    guard let storage = try TorchLegacyReader.storage(PartSource(source, range), limits: limits) else { continue }
                    let start = range.lowerBound + storage.range.lowerBound
                    found[PickleReference(index)] = .init(dtype: storage.dtype, range: start..<start + storage.range.count)
                } else if let call = program.call(argument), program.importedName(call.callable) == "_codecs.encode",
                    let text = program.members(call.arguments)?.first.flatMap({ program.text($0) })
                {
                    let bytes = MemorySource(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
                    guard let storage = try TorchLegacyReader.storage(bytes, limits: limits) else { continue }
                    found[PickleReference(index)] = .init(dtype: storage.dtype, range: nil)
                }
            } catch is FormatError {
                // Bytes that are no such file make no tensor; what the pickle does with them is told by its calls.
                continue
            }
        }
        return found
    }

    /// The bytes of an array that `NumpyArrayWrapper.read_array` would read from the file at this point.
    package static func attachedArray(
        _ program: PickleProgram, _ call: PickleCall, _ reader: inout ByteReader, _ limits: ReadLimits, _ nested: Nested
    ) throws -> Range<Int>? {
        guard let name = program.importedName(call.callable), name.hasSuffix("joblib.numpy_pickle.NumpyArrayWrapper"),
            let state = call.states.last
        else { return nil }
        let walk = PickledTensors(program, limits: limits)
        guard let type = program.value(state, "dtype").flatMap({ walk.numpyType($0) }),
            let lengths = program.value(state, "shape").flatMap({ program.members($0) }),
            let elements = elementCount(lengths.map { program.integer($0) ?? -1 })
        else { throw reader.failure("an array follows whose type and shape are not understood") }
        if type.element == .object {
            let start = reader.position
            let inner = try PickleMachine.run(&reader, limits: limits)
            nested.programs.append(inner)
            if let problem = inner.problem { throw problem }
            return start..<reader.position
        }
        if let alignment = program.value(state, "numpy_array_alignment_bytes"), program.integer(alignment) != nil {
            try reader.skip(Int(try reader.byte()))
        }
        let (length, tooLong) = elements.multipliedReportingOverflow(by: type.itemSize)
        guard !tooLong else { throw reader.failure("an array follows that is past all measure") }
        let start = reader.position
        try reader.skip(length)
        return start..<start + length
    }
}

extension PickleProgram {
    /// Whether anything is imported from a package, or from a copy of it in another.
    func imports(fromPackage package: String) -> Bool {
        imports.contains { item in
            text(item.module).map { module in module.split(separator: ".").contains { $0 == package } } ?? false
        }
    }
}
