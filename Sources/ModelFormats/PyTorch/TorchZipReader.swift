/// Reads what `torch.save` and `torch.jit.save` write since PyTorch 1.6: a zip archive with a pickle of the objects and a member for each storage.
enum TorchZipReader {
    static func read(_ archive: ZipArchive, limits: ReadLimits) throws -> ModelContents {
        guard let pickle = archive.entries.first(where: { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }) else {
            throw FormatError(0, "the archive has no data.pkl")
        }
        let prefix = String(pickle.name.dropLast("data.pkl".count))
        let isScript = archive[prefix + "constants.pkl"] != nil
        var contents = ModelContents(isScript ? .torchscript : .pytorchZip)
        contents.problems = archive.problems
        for name in ["version", "byteorder", ".format_version", ".storage_alignment"] {
            guard let entry = archive[prefix + name], entry.size < 64 else { continue }
            do {
                let text = try read(entry, archive, limits).trimmingPrefix { $0 == " " }
                contents.metadata.append(MetadataMember(name.trimmingDot, text.filter { !$0.isNewline }))
            } catch let error as FormatError {
                contents.problems.append(error)
            }
        }
        try readPickle(pickle, storages: prefix + "data/", in: archive, named: "", limits: limits, into: &contents)
        if let constants = archive[prefix + "constants.pkl"] {
            try readPickle(
                constants, storages: prefix + "constants/", in: archive, named: "constants.", limits: limits, into: &contents)
        }
        contents.noteImports()
        return contents
    }

    private static func read(_ entry: ZipArchive.Entry, _ archive: ZipArchive, _ limits: ReadLimits) throws -> String {
        let source = try archive.contents(of: entry, limit: limits.unpacked)
        return String(decoding: try source.bytes(0..<source.size), as: UTF8.self)
    }

    private static func readPickle(
        _ entry: ZipArchive.Entry, storages folder: String, in archive: ZipArchive, named prefix: String, limits: ReadLimits,
        into contents: inout ModelContents
    ) throws {
        let member: any ByteSource
        do {
            member = try archive.contents(of: entry, limit: limits.unpacked)
        } catch let error as FormatError {
            contents.problems.append(error)
            return
        }
        // Places in a stored member are places in the file.
        let base = (member as? PartSource)?.range
        var reader = base.map { ByteReader(archive.source, $0) } ?? ByteReader(member)
        let program = try PickleMachine.run(&reader, limits: limits)
        contents.problems += program.problems.map { FormatError($0.offset, "\(entry.name): \($0.problem)") }
        if !reader.isAtEnd {
            contents.problems.append(
                FormatError(reader.position, "\(entry.name): \(reader.remaining) bytes follow the pickle's end"))
        }
        var ranges: [String: Range<Int>] = [:]
        for storage in archive.entries where storage.name.hasPrefix(folder) && storage.method == 0 && !storage.isEncrypted {
            do {
                ranges[String(storage.name.dropFirst(folder.count))] = try archive.dataRange(of: storage)
            } catch let error as FormatError {
                contents.problems.append(error)
            }
        }
        var walk = PickledTensors(program, limits: limits, storageBytes: { ranges[$0] })
        walk.collect()
        contents.tensors += walk.tensors.map { tensor in
            var tensor = tensor
            tensor.name = prefix + tensor.name
            tensor.storage = tensor.storage.map { prefix + $0 }
            return tensor
        }
        // What has no storage of PyTorch's (arrays of NumPy, sparse and empty tensors) needs none here.
        for tensor in walk.tensors
        where tensor.storage.map({ !$0.hasPrefix("object ") && archive[folder + $0] == nil }) ?? false && tensor.elements != 0 {
            contents.problems.append(
                FormatError(
                    entry.headerOffset,
                    "the tensor \(quoted(tensor.name)) needs the storage \(quoted(tensor.storage ?? "")), which is not there"))
        }
        contents.problems += walk.problems
        contents.metadata += walk.metadata.map { MetadataMember(prefix + $0.key, $0.value) }
        contents.pickles.append(EmbeddedPickle(member: entry.name, program: program))
    }
}

extension String {
    fileprivate var trimmingDot: String { hasPrefix(".") ? String(dropFirst()) : self }
}
