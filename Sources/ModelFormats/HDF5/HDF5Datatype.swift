/// A datatype message (section IV.A.2.d), as far as arrays and attributes of models need it.
indirect enum HDF5Datatype {
    case integer(size: Int, isSigned: Bool, isBigEndian: Bool)
    case float(size: Int, isBigEndian: Bool, isBrain: Bool)
    case string(size: Int)
    case variableString(size: Int)
    case variable(HDF5Datatype, size: Int)
    case compound([(name: String, offset: Int, type: HDF5Datatype)], size: Int)
    /// h5py's form of a truth value: an enumeration of FALSE and TRUE.
    case bool
    case enumeration(HDF5Datatype)
    case array(HDF5Datatype, [Int])
    case other(Int, size: Int)

    /// Bytes of an element.
    var size: Int {
        switch self {
        case .integer(let size, _, _), .float(let size, _, _), .string(let size), .variableString(let size),
            .variable(_, let size),
            .compound(_, let size), .other(_, let size):
            size
        case .bool: 1
        case .enumeration(let base): base.size
        case .array(let base, let shape): (elementCount(shape) ?? 0).multipliedReportingOverflow(by: base.size).partialValue
        }
    }

    /// Whether elements are references to values that are kept apart.
    private var isElsewhere: Bool {
        switch self {
        case .variableString, .variable: true
        case .array(let base, _): base.isElsewhere
        case .compound(let fields, _): fields.contains { $0.type.isElsewhere }
        default: false
        }
    }

    var elementType: ElementType {
        switch self {
        case .integer(let size, let isSigned, _): ElementType(rawValue: "\(isSigned ? "I" : "U")\(size * 8)")
        case .float(let size, _, let isBrain): isBrain ? .bf16 : ElementType(rawValue: "F\(size * 8)")
        case .string, .variableString: .string
        case .bool: .bool
        case .enumeration(let base): base.elementType
        case .array(let base, _): base.elementType
        case .variable: .object
        case .compound(let fields, _):
            // h5py's form of a complex number.
            if fields.count == 2, fields[0].name == "r", fields[1].name == "i",
                let complex = [4: ElementType.c64, 8: .c128][fields[0].type.size]
            {
                complex
            } else {
                fields.contains { $0.type.isElsewhere } ? .object : .structure
            }
        case .other(let kind, _): kind == 7 ? .object : .void
        }
    }

    /// Reads one datatype and leaves the reader after it.
    init(_ reader: inout ByteReader, depth: Int = 0) throws {
        guard depth < 6 else { throw reader.failure("datatypes are in each other more than 6 deep") }
        let place = reader.position
        let head = try reader.byte()
        let version = Int(head >> 4)
        let bits = Int(try reader.littleEndian(bytes: 3))
        let size = Int(try reader.integer(UInt32.self))
        guard 1...5 ~= version else { throw FormatError(place, "a datatype is of the unknown version \(version)") }
        switch head & 15 {
        case 0:
            try reader.skip(4)
            self = .integer(size: size, isSigned: bits & 8 != 0, isBigEndian: bits & 1 != 0)
        case 1:
            try reader.skip(5)
            let exponentSize = try reader.byte()
            try reader.skip(6)
            self = .float(size: size, isBigEndian: bits & 1 != 0, isBrain: size == 2 && exponentSize == 8)
        case 2, 4:
            try reader.skip(head & 15 == 2 ? 2 : 4)
            self = .other(Int(head & 15), size: size)
        case 3: self = .string(size: size)
        case 5:
            try reader.skip(bits & 0xff)
            self = .other(5, size: size)
        case 6: self = try Self.compound(&reader, version, bits & 0xffff, size, depth)
        case 7: self = .other(7, size: size)
        case 8: self = try Self.enumeration(&reader, version, bits & 0xffff, depth)
        case 9:
            let base = try HDF5Datatype(&reader, depth: depth + 1)
            self = bits & 15 == 1 ? .variableString(size: size) : .variable(base, size: size)
        case 10:
            let count = Int(try reader.byte())
            if version < 3 { try reader.skip(3) }
            var shape: [Int] = []
            for _ in 0..<count { shape.append(Int(try reader.integer(UInt32.self))) }
            if version < 3 { try reader.skip(4 * count) }
            let base = try HDF5Datatype(&reader, depth: depth + 1)
            guard let array = Self.array(of: base, shape) else {
                throw FormatError(place, "an array type has an impossible shape")
            }
            self = array
        default: throw FormatError(place, "a datatype is of the unknown class \(head & 15)")
        }
    }

    /// Nil where the array would be larger than any element can be.
    private static func array(of base: HDF5Datatype, _ shape: [Int]) -> HDF5Datatype? {
        guard let count = elementCount(shape), case let (size, tooLarge) = count.multipliedReportingOverflow(by: base.size),
            !tooLarge, size < 1 << 40
        else { return nil }
        return .array(base, shape)
    }

    private static func name(_ reader: inout ByteReader, padded: Bool) throws -> String {
        let start = reader.position
        let text = String(decoding: try reader.bytes(upTo: 0, atMost: 1 << 16), as: UTF8.self)
        if padded { try reader.skip((8 - (reader.position - start) % 8) % 8) }
        return text
    }

    private static func compound(_ reader: inout ByteReader, _ version: Int, _ count: Int, _ size: Int, _ depth: Int) throws
        -> HDF5Datatype
    {
        var fields: [(name: String, offset: Int, type: HDF5Datatype)] = []
        var offsetSize = 4
        if version >= 3 {
            offsetSize = 1
            while offsetSize < 4, size >= 1 << (8 * offsetSize) { offsetSize += 1 }
        }
        for _ in 0..<count {
            let name = try name(&reader, padded: version < 3)
            let offset = Int(try reader.littleEndian(bytes: offsetSize))
            var shape: [Int] = []
            if version == 1 {
                let dimensions = Int(try reader.byte())
                try reader.skip(3 + 4 + 4)
                for index in 0..<4 {
                    let length = Int(try reader.integer(UInt32.self))
                    if index < dimensions { shape.append(length) }
                }
            }
            let type = try HDF5Datatype(&reader, depth: depth + 1)
            guard let whole = shape.isEmpty ? type : array(of: type, shape) else {
                throw reader.failure("a field has an impossible shape")
            }
            fields.append((name, offset, whole))
        }
        return .compound(fields, size: size)
    }

    private static func enumeration(_ reader: inout ByteReader, _ version: Int, _ count: Int, _ depth: Int) throws -> HDF5Datatype
    {
        let base = try HDF5Datatype(&reader, depth: depth + 1)
        var names: [String] = []
        for _ in 0..<count { names.append(try name(&reader, padded: version < 3)) }
        try reader.skip(count * base.size)
        return names == ["FALSE", "TRUE"] && base.size == 1 ? .bool : .enumeration(base)
    }
}
