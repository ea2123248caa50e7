/// Reads the MessagePack files of Flax (flax.serialization): nested maps, whose arrays are extensions of type 1 with shape, type and bytes.
struct FlaxReader {
    private var reader: ByteReader
    private let source: any ByteSource
    private let limits: ReadLimits
    private var contents = ModelContents(.msgpack)
    private var values = 0
    /// Bytes of all names so far.
    private var nameBytes = 0

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var reader = FlaxReader(reader: ByteReader(source), source: source, limits: limits)
        do {
            try reader.value(path: [], depth: 0)
            if !reader.reader.isAtEnd {
                reader.contents.problems.append(reader.reader.failure("\(reader.reader.remaining) bytes follow the value"))
            }
        } catch let error as FormatError {
            reader.contents.problems.append(error)
        }
        return reader.contents
    }

    private init(reader: ByteReader, source: any ByteSource, limits: ReadLimits) {
        self.reader = reader
        self.source = source
        self.limits = limits
    }

    private enum Head {
        case map(Int)
        case array(Int)
        case text(Range<Int>)
        case binary(Range<Int>)
        case `extension`(type: Int8, Range<Int>)
        case scalar(MetadataValue)
    }

    /// One value's head (https://github.com/msgpack/msgpack/blob/master/spec.md).
    private static func head(_ reader: inout ByteReader) throws -> Head {
        let place = reader.position
        let byte = try reader.byte()
        func passed(_ count: Int, _ reader: inout ByteReader) throws -> Range<Int> {
            let start = reader.position
            try reader.skip(count)
            return start..<start + count
        }
        switch byte {
        case 0x00...0x7f: return .scalar(.integer(Int64(byte)))
        case 0x80...0x8f: return .map(Int(byte & 15))
        case 0x90...0x9f: return .array(Int(byte & 15))
        case 0xa0...0xbf: return .text(try passed(Int(byte & 31), &reader))
        case 0xc0: return .scalar(.null)
        case 0xc2, 0xc3: return .scalar(.bool(byte == 0xc3))
        case 0xc4...0xc6, 0xd9...0xdb:
            let width = byte >= 0xd9 ? byte - 0xd9 : byte - 0xc4
            let range = try passed(Int(try Self.unsigned(&reader, 1 << Int(width))), &reader)
            return byte >= 0xd9 ? .text(range) : .binary(range)
        case 0xc7...0xc9:
            let length = Int(try Self.unsigned(&reader, 1 << Int(byte - 0xc7)))
            let type = Int8(bitPattern: try reader.byte())
            return .extension(type: type, try passed(length, &reader))
        case 0xca: return .scalar(.real(Double(Float(bitPattern: try reader.integer(bigEndian: true)))))
        case 0xcb: return .scalar(.real(Double(bitPattern: try reader.integer(bigEndian: true))))
        case 0xcc...0xcf:
            let value = try Self.unsigned(&reader, 1 << Int(byte - 0xcc))
            return .scalar(Int64(exactly: value).map { .integer($0) } ?? .unsigned(value))
        case 0xd0: return .scalar(.integer(Int64(try reader.integer(Int8.self))))
        case 0xd1: return .scalar(.integer(Int64(try reader.integer(Int16.self, bigEndian: true))))
        case 0xd2: return .scalar(.integer(Int64(try reader.integer(Int32.self, bigEndian: true))))
        case 0xd3: return .scalar(.integer(try reader.integer(bigEndian: true)))
        case 0xd4...0xd8:
            let type = Int8(bitPattern: try reader.byte())
            return .extension(type: type, try passed(1 << Int(byte - 0xd4), &reader))
        case 0xdc: return .array(Int(try reader.integer(UInt16.self, bigEndian: true)))
        case 0xdd: return .array(Int(try reader.integer(UInt32.self, bigEndian: true)))
        case 0xde: return .map(Int(try reader.integer(UInt16.self, bigEndian: true)))
        case 0xdf: return .map(Int(try reader.integer(UInt32.self, bigEndian: true)))
        case 0xe0...0xff: return .scalar(.integer(Int64(Int8(bitPattern: byte))))
        default: throw FormatError(place, "there is no value 0x\(String(byte, radix: 16))")
        }
    }

    private static func unsigned(_ reader: inout ByteReader, _ count: Int) throws -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<count { value = value << 8 | UInt64(try reader.byte()) }
        return value
    }

    private mutating func value(path: [String], depth: Int) throws {
        guard depth < limits.depth else { throw reader.failure("values are in each other more than \(limits.depth) deep") }
        values += 1
        guard values <= limits.entries else { throw reader.failure("the file has more than \(limits.entries) values") }
        switch try Self.head(&reader) {
        case .map(let count):
            guard count <= reader.remaining / 2 else {
                throw reader.failure("a map is said to have \(count) members, and \(reader.remaining) bytes are left")
            }
            try map(count, path: path, depth: depth)
        case .array(let count):
            guard count <= reader.remaining else {
                throw reader.failure("a list is said to have \(count) members, and \(reader.remaining) bytes are left")
            }
            for index in 0..<count { try value(path: path + ["\(index)"], depth: depth + 1) }
        case .extension(type: 1, let range), .extension(type: 3, let range): try add(array(range), path)
        case .scalar(let scalar):
            if contents.metadata.count < 1000 { contents.metadata.append(MetadataMember(path.joined(separator: "."), scalar)) }
        case .text(let range):
            if contents.metadata.count < 1000, range.count <= 4096 {
                contents.metadata.append(MetadataMember(path.joined(separator: "."), try source.text(range)))
            }
        case .binary, .extension: break
        }
    }

    private mutating func map(_ count: Int, path: [String], depth: Int) throws {
        var chunked = false
        for _ in 0..<count {
            let place = reader.position
            let key: String
            switch try Self.head(&reader) {
            case .text(let range): key = try source.text(range)
            case .scalar(.integer(let number)): key = "\(number)"
            case .scalar(.unsigned(let number)): key = "\(number)"
            case .scalar(.real(let number)): key = "\(number)"
            case .scalar(.bool(let value)): key = value ? "True" : "False"
            case .scalar(.null): key = "None"
            case .binary(let range): key = try source.text(range)
            default: throw FormatError(place, "a map's key is no plain value")
            }
            // An array above a gigabyte is a map of its shape and its pieces.
            if key == "__msgpack_chunked_array__" { chunked = true }
            if chunked && key == "shape" {
                try add(chunkedArray(), path)
            } else if chunked && key == "chunks" {
                let before = contents.tensors.count
                try value(path: path + ["chunks"], depth: depth + 1)
                let pieces = contents.tensors[before...]
                if before > 0 { contents.tensors[before - 1].dtype = pieces.first?.dtype ?? contents.tensors[before - 1].dtype }
                contents.tensors.removeSubrange(before...)
            } else if key == "__msgpack_chunked_array__" {
                _ = try Self.head(&reader)
            } else {
                try value(path: path + [key], depth: depth + 1)
            }
        }
    }

    private mutating func add(_ entry: TensorEntry, _ path: [String]) throws {
        guard contents.tensors.count < limits.tensors else {
            throw reader.failure("the file has more than \(limits.tensors) arrays")
        }
        var entry = entry
        entry.name = path.joined(separator: ".")
        // One long key may stand in the names of all arrays below it.
        nameBytes += entry.name.utf8.count
        guard nameBytes <= limits.header else {
            throw reader.failure("the names of the arrays have more than \(limits.header) bytes")
        }
        contents.tensors.append(entry)
    }

    /// The shape of an array in pieces: a map from dimension to length. Its type is that of its pieces.
    private mutating func chunkedArray() throws -> TensorEntry {
        let place = reader.position
        guard case .map(let count) = try Self.head(&reader), count <= 64 else {
            throw FormatError(place, "the shape of an array in pieces is no map")
        }
        var shape: [Int] = []
        for _ in 0..<count {
            _ = try Self.head(&reader)
            guard case .scalar(.integer(let length)) = try Self.head(&reader), length >= 0 else {
                throw FormatError(place, "a length is no number")
            }
            shape.append(Int(length))
        }
        guard elementCount(shape) != nil else { throw FormatError(place, "an array has more elements than can be counted") }
        return TensorEntry(name: "", dtype: ElementType(rawValue: "UNKNOWN"), shape: shape)
    }

    /// An array: shape, name of the type, bytes.
    private func array(_ range: Range<Int>) throws -> TensorEntry {
        var inner = ByteReader(source, range)
        guard case .array(3) = try Self.head(&inner), case .array(let rank) = try Self.head(&inner), rank <= 64 else {
            throw FormatError(range.lowerBound, "an array is not its shape, type and bytes")
        }
        var shape: [Int] = []
        for _ in 0..<rank {
            guard case .scalar(.integer(let length)) = try Self.head(&inner), length >= 0 else {
                throw FormatError(inner.position, "a length is no number")
            }
            shape.append(Int(length))
        }
        guard case .text(let name) = try Self.head(&inner), name.count < 64, let type = NumPyType(try source.text(name)) else {
            throw FormatError(inner.position, "an array's type is not known")
        }
        guard case .binary(let bytes) = try Self.head(&inner), let elements = elementCount(shape),
            elements.multipliedReportingOverflow(by: type.itemSize).partialValue == bytes.count
        else { throw FormatError(inner.position, "an array's bytes are not as many as its shape and type have") }
        return TensorEntry(name: "", dtype: type.element, shape: shape, range: bytes)
    }
}
