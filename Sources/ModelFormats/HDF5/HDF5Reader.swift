/// Reads HDF5 files: every dataset with its type, shape and place, and the attributes of groups that say what the model is.
struct HDF5Reader {
    private let file: HDF5File
    private let limits: ReadLimits
    private var contents = ModelContents(.hdf5)

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var reader = HDF5Reader(file: try HDF5File(source, limits: limits), limits: limits)
        reader.contents.header = [
            MetadataMember("superblock_version", reader.file.version), MetadataMember("user_block", reader.file.base),
        ]
        if reader.file.statedEnd > UInt64(source.size) {
            reader.contents.problems.append(
                FormatError(source.size, "the file says that it ends at \(reader.file.statedEnd), and ends at \(source.size)"))
        }
        do {
            try reader.walk()
        } catch let error as FormatError {
            reader.contents.problems.append(error)
        }
        return reader.contents
    }

    private init(file: HDF5File, limits: ReadLimits) {
        self.file = file
        self.limits = limits
    }

    private mutating func walk() throws {
        var waiting: [(path: String, address: Int, depth: Int)] = [("", file.root, 0)]
        // Each object once: links may lead in circles, and two ways to an object are one object.
        var names: [Int: String] = [:]
        var objects = 0
        while let (path, address, depth) = waiting.popLast() {
            objects += 1
            guard objects <= limits.entries, contents.tensors.count < limits.tensors else {
                throw FormatError(file.base + address, "the file has more than \(limits.entries) objects")
            }
            if let first = names[address] {
                contents.header.append(MetadataMember("hard link \(path)", first))
                continue
            }
            names[address] = path
            do {
                let header = try HDF5ObjectHeader(file, at: address)
                if header.first(8) != nil {
                    contents.tensors.append(try dataset(path, header))
                } else {
                    guard depth < 256 else {
                        throw FormatError(file.base + address, "groups are in each other more than 256 deep")
                    }
                    try note(path, header)
                    let links = try file.links(of: header)
                    for link in links.reversed() {
                        let name = path.isEmpty ? link.name : "\(path)/\(link.name)"
                        switch link.target {
                        case .hard(let target): waiting.append((name, target, depth + 1))
                        case .soft(let target): contents.header.append(MetadataMember("soft link \(name)", target))
                        case .external(let target, let inside):
                            contents.header.append(MetadataMember("external link \(name)", "\(target):\(inside)"))
                        }
                    }
                }
            } catch let error as FormatError {
                contents.problems.append(
                    FormatError(error.offset, "\(path.isEmpty ? "the root" : quoted(path)): \(error.problem)"))
            }
        }
    }

    /// Attributes of the root, and of the group that Keras keeps the weights of a whole model in.
    private mutating func note(_ path: String, _ header: HDF5ObjectHeader) throws {
        guard path.isEmpty || path == "model_weights" else { return }
        let attributes = try file.attributes(of: header, problems: &contents.problems)
        if path.isEmpty {
            contents.metadata += attributes
        } else if !attributes.isEmpty {
            contents.metadata.append(MetadataMember(path, .map(attributes)))
        }
    }

    private mutating func dataset(_ path: String, _ header: HDF5ObjectHeader) throws -> TensorEntry {
        guard let typeMessage = header.first(3), let spaceMessage = header.first(1), let layout = header.first(8) else {
            throw FormatError(header.first(8)?.range.lowerBound ?? 0, "the dataset has no type or no shape")
        }
        var reader = try file.body(of: typeMessage)
        let type = try HDF5Datatype(&reader)
        reader = try file.body(of: spaceMessage)
        let space = try HDF5Dataspace(&reader, file)
        var entry = TensorEntry(name: path, dtype: type.elementType, shape: space.shape ?? [0])
        guard let shape = space.shape, let count = elementCount(shape) else { return entry }
        let (size, tooLarge) = count.multipliedReportingOverflow(by: type.size)
        guard !tooLarge else { throw FormatError(typeMessage.range.lowerBound, "the dataset has more bytes than can be counted") }
        reader = ByteReader(file.source, layout.range)
        entry.range = try bytes(&reader, size, isFiltered: header.first(0xb) != nil)
        if let files = header.first(7) {
            entry.range = nil
            entry.external = try file.externalFile(files)
            if let length = entry.external?.length { entry.external?.length = min(length, size) }
        }
        return entry
    }

    /// Where a dataset's bytes are: one run for the compact and the contiguous layout, none for chunks (section IV.A.2.i).
    private func bytes(_ reader: inout ByteReader, _ size: Int, isFiltered: Bool) throws -> Range<Int>? {
        let place = reader.position
        let version = try reader.byte()
        let kind: UInt8
        if version < 3 {
            try reader.skip(1)
            kind = try reader.byte()
            try reader.skip(5)
            guard kind == 1 else { return nil }
            let address = try file.address(&reader)
            return try run(address, size, place)
        }
        kind = try reader.byte()
        switch kind {
        case 0:
            let length = Int(try reader.integer(UInt16.self))
            guard length >= size else { throw FormatError(place, "the dataset has \(size) bytes, and \(length) are there") }
            return size == 0 ? nil : reader.position..<reader.position + size
        case 1:
            let address = try file.address(&reader)
            let length = try file.length(&reader)
            guard address == nil || length >= size || size == 0 else {
                throw FormatError(place, "the dataset has \(size) bytes, and \(length) are there")
            }
            return try run(address, size, place)
        default: return nil
        }
    }

    private func run(_ address: Int?, _ size: Int, _ place: Int) throws -> Range<Int>? {
        guard let address, size > 0 else { return nil }
        let start = file.base + address
        guard size <= file.source.size - start else {
            throw FormatError(place, "the dataset's \(size) bytes from \(start) reach past the end of the file")
        }
        return start..<start + size
    }
}
