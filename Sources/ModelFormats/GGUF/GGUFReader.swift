/// Reads the header of a GGUF file, versions 1 to 3, in either byte order (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
struct GGUFReader {
    private var reader: ByteReader
    private let limits: ReadLimits
    private var version: UInt32 = 0
    private var isBigEndian = false
    private var contents = ModelContents(.gguf)
    /// Elements of all arrays so far.
    private var arrayElements = 0

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var reader = GGUFReader(reader: ByteReader(source), limits: limits)
        do {
            try reader.readHeader()
        } catch let error as FormatError {
            // What came before the error is known, and is told.
            reader.contents.problems.append(error)
        }
        return reader.contents
    }

    private init(reader: ByteReader, limits: ReadLimits) {
        self.reader = reader
        self.limits = limits
    }

    private mutating func readHeader() throws {
        guard try reader.bytes(4).elementsEqual("GGUF".utf8) else { throw FormatError(0, "the file does not begin with 'GGUF'") }
        version = try reader.integer()
        if version & 0xffff == 0 && version != 0 {
            // A version's number is small: this one is the other way round.
            isBigEndian = true
            version = version.byteSwapped
        }
        guard (1...3).contains(version) else { throw FormatError(4, "version \(version) of GGUF is not known (1 to 3 are)") }
        contents.header = [MetadataMember("version", Int(version)), MetadataMember("byteorder", isBigEndian ? "big" : "little")]
        let tensorCount = try count("the number of tensors")
        let valueCount = try count("the number of metadata values")
        // The shortest value is a name's length, a type and one byte; the shortest tensor has a name's length, dimensions, type and offset.
        let lengthSize = version == 1 ? 4 : 8
        guard valueCount <= reader.remaining / (lengthSize + 5), valueCount <= limits.entries else {
            throw reader.failure("\(valueCount) metadata values are said to follow in \(reader.remaining) bytes")
        }
        guard tensorCount <= reader.remaining / (lengthSize + 16), tensorCount <= limits.tensors else {
            throw reader.failure("\(tensorCount) tensors are said to follow in \(reader.remaining) bytes")
        }
        contents.metadata.reserveCapacity(min(valueCount, 4096))
        var keys = Set<ExactText>()
        for _ in 0..<valueCount {
            let place = reader.position
            let key = try text()
            let type: UInt32 = try integer()
            let value = try value(type, depth: 0)
            if keys.insert(ExactText(key)).inserted {
                contents.metadata.append(MetadataMember(key, value))
            } else {
                contents.problems.append(FormatError(place, "the metadata \(quoted(key)) is there twice"))
            }
        }
        try readTensors(tensorCount)
    }

    private mutating func readTensors(_ count: Int) throws {
        struct Raw {
            var entry: TensorEntry
            var offset: Int
            var place: Int
        }
        var raw: [Raw] = []
        raw.reserveCapacity(min(count, 65536))
        var names = Set<ExactText>()
        for _ in 0..<count {
            let place = reader.position
            let name = try text()
            let dimensions: UInt32 = try integer()
            guard dimensions <= 8 else { throw FormatError(place, "the tensor \(quoted(name)) has \(dimensions) dimensions") }
            var shape: [Int] = []
            for _ in 0..<dimensions { shape.append(try self.count("a dimension")) }
            let type: UInt32 = try integer()
            let offset = try reader.length(UInt64.self, of: "a tensor's offset", bigEndian: isBigEndian)
            guard let typeName = GGMLType.names[type] else {
                throw FormatError(place, "the tensor \(quoted(name)) has the unknown type \(type)")
            }
            guard elementCount(shape) != nil else {
                contents.problems.append(FormatError(place, "the tensor \(quoted(name)) has more elements than can be counted"))
                continue
            }
            guard names.insert(ExactText(name)).inserted else {
                contents.problems.append(FormatError(place, "the tensor \(quoted(name)) is there twice"))
                continue
            }
            raw.append(
                Raw(
                    entry: TensorEntry(name: name, dtype: ElementType(rawValue: typeName), shape: shape), offset: offset,
                    place: place))
        }
        let stated = contents.metadata["general.alignment"]
        let alignment = stated.map { $0.integer ?? 0 } ?? 32
        guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= 1 << 30 else {
            throw reader.failure("general.alignment is \(alignment), which is no power of two")
        }
        let dataStart = (reader.position + alignment - 1) / alignment * alignment
        contents.header.append(MetadataMember("alignment", alignment))
        contents.header.append(MetadataMember("data_start", dataStart))
        var ranges: [(range: Range<Int>, name: String)] = []
        for tensor in raw {
            var entry = tensor.entry
            let problem: String?
            (entry.range, problem) = range(of: entry, at: tensor.offset, dataStart, alignment)
            if let problem {
                contents.problems.append(FormatError(tensor.place, "the tensor \(quoted(entry.name)) \(problem)"))
            }
            if let range = entry.range, !range.isEmpty { ranges.append((range, entry.name)) }
            contents.tensors.append(entry)
        }
        ranges.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (before, after) in zip(ranges, ranges.dropFirst()) where before.range.upperBound > after.range.lowerBound {
            contents.problems.append(
                FormatError(after.range.lowerBound, "the tensors \(quoted(before.name)) and \(quoted(after.name)) overlap"))
        }
    }

    private func range(of entry: TensorEntry, at offset: Int, _ dataStart: Int, _ alignment: Int) -> (Range<Int>?, String?) {
        guard let elements = entry.elements else { return (nil, "has more elements than can be counted") }
        guard let size = entry.dtype.byteCount(elements: elements),
            (entry.shape.first ?? 1) % (entry.dtype.block?.elements ?? 1) == 0
        else {
            return (nil, "has \(elements) elements, whose rows are no whole number of blocks of \(entry.dtype)")
        }
        let (start, tooFar) = dataStart.addingReportingOverflow(offset)
        let (end, tooLong) = start.addingReportingOverflow(size)
        guard !tooFar, !tooLong, end <= reader.source.size else {
            return (nil, "is said to have \(size) bytes from data offset \(offset), and the file ends at \(reader.source.size)")
        }
        return (start..<end, offset % alignment == 0 ? nil : "begins at \(offset), which is no multiple of \(alignment)")
    }

    private mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws -> Value {
        try reader.integer(bigEndian: isBigEndian)
    }

    /// A count or length: 32 bits in version 1, 64 since.
    private mutating func count(_ what: String) throws -> Int {
        version == 1
            ? try reader.length(UInt32.self, of: what, bigEndian: isBigEndian)
            : try reader.length(UInt64.self, of: what, bigEndian: isBigEndian)
    }

    private mutating func text() throws -> String {
        let length = try count("a text's length")
        guard length <= limits.header else { throw reader.failure("a text has \(length) bytes, more than \(limits.header)") }
        return try reader.text(length)
    }

    private mutating func value(_ type: UInt32, depth: Int) throws -> MetadataValue {
        switch type {
        case 0: return .integer(Int64(try integer(UInt8.self)))
        case 1: return .integer(Int64(try integer(Int8.self)))
        case 2: return .integer(Int64(try integer(UInt16.self)))
        case 3: return .integer(Int64(try integer(Int16.self)))
        case 4: return .integer(Int64(try integer(UInt32.self)))
        case 5: return .integer(Int64(try integer(Int32.self)))
        case 6: return .real(Double(Float(bitPattern: try integer())))
        case 7: return .bool(try integer(UInt8.self) != 0)
        case 8: return .text(try text())
        case 9: return .list(try array(depth: depth))
        case 10:
            let value: UInt64 = try integer()
            return Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)
        case 11: return .integer(try integer())
        case 12: return .real(Double(bitPattern: try integer()))
        default: throw FormatError(reader.position - 4, "a metadata value has the unknown type \(type)")
        }
    }

    private mutating func array(depth: Int) throws -> [MetadataValue] {
        guard depth < limits.depth else { throw reader.failure("arrays are in each other more than \(limits.depth) deep") }
        let type: UInt32 = try integer()
        let length = try count("an array's length")
        let smallest = [1, 1, 2, 2, 4, 4, 4, 1, version == 1 ? 4 : 8, version == 1 ? 8 : 12, 8, 8, 8]
        guard type < smallest.count else { throw FormatError(reader.position, "an array has the unknown type \(type)") }
        guard length <= reader.remaining / smallest[Int(type)] else {
            throw reader.failure("an array is said to have \(length) elements, and \(reader.remaining) bytes are left")
        }
        arrayElements += min(length, limits.entries)
        guard length <= limits.entries, arrayElements <= 2 * limits.entries else {
            throw reader.failure("the metadata has more than \(2 * limits.entries) values in arrays")
        }
        var values: [MetadataValue] = []
        values.reserveCapacity(min(length, 65536))
        for _ in 0..<length { values.append(try value(type, depth: depth + 1)) }
        return values
    }
}
