extension HDF5File {
    /// The attributes of an object, in its header or in a heap with an index (sections IV.A.2.m, IV.A.2.v).
    func attributes(of header: HDF5ObjectHeader, problems: inout [FormatError]) throws -> [MetadataMember] {
        var found: [MetadataMember] = []
        for message in header.messages where message.type == 0xc || message.type == 0x15 {
            do {
                var reader = ByteReader(source, message.range)
                if message.type == 0xc {
                    if message.flags & 2 != 0 { reader = try shared(&reader, type: 0xc) }
                    found.append(try attribute(&reader))
                    continue
                }
                try reader.skip(1)
                if try reader.byte() & 1 != 0 { try reader.skip(2) }
                guard let heapAddress = try address(&reader), let index = try address(&reader) else { continue }
                let heap = try HDF5FractalHeap(self, at: heapAddress)
                for record in try records(ofTree: index) {
                    // A record of the name index: the heap's identifier (eight bytes), flags, order of creation, hash.
                    var inner = try heap.object(record.prefix(8))
                    found.append(try attribute(&inner))
                }
            } catch let error as FormatError {
                problems.append(error)
            }
        }
        return found
    }

    private func attribute(_ reader: inout ByteReader) throws -> MetadataMember {
        let place = reader.position
        let version = try reader.byte()
        guard 1...3 ~= version else { throw FormatError(place, "an attribute is of the unknown version \(version)") }
        let flags = try reader.byte()
        let nameSize = Int(try reader.integer(UInt16.self))
        let typeSize = Int(try reader.integer(UInt16.self))
        let spaceSize = Int(try reader.integer(UInt16.self))
        if version == 3 { try reader.skip(1) }
        func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
        let name = String(decoding: try reader.bytes(nameSize).prefix { $0 != 0 }, as: UTF8.self)
        try reader.skip(padded(nameSize) - nameSize)
        let typeStart = reader.position
        var typeReader = flags & 1 != 0 ? try shared(&reader, type: 3) : reader
        let type = try HDF5Datatype(&typeReader)
        try reader.move(to: typeStart + padded(typeSize))
        let spaceStart = reader.position
        let space = try HDF5Dataspace(&reader, self)
        try reader.move(to: spaceStart + padded(spaceSize))
        guard let shape = space.shape, let count = elementCount(shape) else { return MetadataMember(name, .null) }
        guard count <= 1 << 20 else { throw FormatError(place, "the attribute \(quoted(name)) has \(count) values") }
        var values: [MetadataValue] = []
        for _ in 0..<count { values.append(try value(type, &reader, depth: 0)) }
        return MetadataMember(name, shape.isEmpty ? values.first ?? .null : nested(values[...], shape))
    }

    /// Values in lists of lists, as their shape has it.
    private func nested(_ values: ArraySlice<MetadataValue>, _ shape: [Int]) -> MetadataValue {
        guard shape.count > 1, !values.isEmpty, let rows = shape.first, rows > 0 else { return .list(Array(values)) }
        let size = values.count / rows
        return .list(
            (0..<rows).map {
                nested(values[values.startIndex + $0 * size..<values.startIndex + ($0 + 1) * size], Array(shape.dropFirst()))
            })
    }

    private func value(_ type: HDF5Datatype, _ reader: inout ByteReader, depth: Int) throws -> MetadataValue {
        guard depth < 16 else { throw reader.failure("values are in each other more than 16 deep") }
        switch type {
        case .integer(let size, let isSigned, let isBigEndian): return try integer(&reader, size, isSigned, isBigEndian)
        case .float(let size, let isBigEndian, let isBrain):
            switch (size, isBrain) {
            case (8, _): return .real(Double(bitPattern: try reader.integer(bigEndian: isBigEndian)))
            case (4, _): return .real(Double(Float(bitPattern: try reader.integer(bigEndian: isBigEndian))))
            case (2, false): return .real(halfPrecision(try reader.integer(bigEndian: isBigEndian)))
            case (2, true):
                return .real(Double(Float(bitPattern: UInt32(try reader.integer(UInt16.self, bigEndian: isBigEndian)) << 16)))
            default:
                try reader.skip(size)
                return .null
            }
        case .string(let size): return .text(String(decoding: try reader.bytes(size).prefix { $0 != 0 }, as: UTF8.self))
        case .variableString:
            return .text(String(decoding: try variableBytes(&reader, elementSize: 1).prefix { $0 != 0 }, as: UTF8.self))
        case .variable(let base, _):
            let bytes = try variableBytes(&reader, elementSize: max(1, base.size))
            var inner = ByteReader(MemorySource(bytes))
            var values: [MetadataValue] = []
            guard depth < 4 else { throw reader.failure("values of many lengths are in each other more than 4 deep") }
            while inner.remaining >= max(1, base.size), values.count < 1 << 12 {
                values.append(try value(base, &inner, depth: depth + 1))
            }
            return .list(values)
        case .bool: return .bool(try reader.byte() != 0)
        case .enumeration(let base): return try value(base, &reader, depth: depth + 1)
        case .array(let base, let shape):
            guard let count = elementCount(shape), base.size > 0, count <= reader.remaining / base.size else {
                throw reader.failure("an array reaches past its attribute")
            }
            var values: [MetadataValue] = []
            for _ in 0..<count { values.append(try value(base, &reader, depth: depth + 1)) }
            return .list(values)
        case .compound(let fields, let size):
            let start = reader.position
            var members: [MetadataValue] = []
            for field in fields {
                try reader.move(to: start + field.offset)
                members.append(try value(field.type, &reader, depth: depth + 1))
            }
            try reader.move(to: start + size)
            return .list(members)
        case .other(_, let size):
            try reader.skip(size)
            return .null
        }
    }

    private func integer(_ reader: inout ByteReader, _ size: Int, _ isSigned: Bool, _ isBigEndian: Bool) throws -> MetadataValue {
        guard 1...8 ~= size else {
            try reader.skip(size)
            return .null
        }
        let bytes = Array(try reader.bytes(size))
        var value: UInt64 = 0
        for byte in isBigEndian ? bytes : bytes.reversed() { value = value << 8 | UInt64(byte) }
        if isSigned, size < 8, value >> UInt64(8 * size - 1) != 0 { value |= UInt64.max << UInt64(8 * size) }
        return isSigned ? .integer(Int64(bitPattern: value)) : Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)
    }

    /// A length, and the place of the bytes in a global heap (section III.E).
    private func variableBytes(_ reader: inout ByteReader, elementSize: Int) throws -> ArraySlice<UInt8> {
        let count = Int(try reader.integer(UInt32.self))
        let collection = try address(&reader)
        let index = Int(try reader.integer(UInt32.self))
        guard count > 0, let collection, index > 0 else { return [] }
        var heap = try self.reader(at: collection)
        try expect("GCOL", &heap)
        try heap.skip(4)
        let size = try length(&heap)
        // Heads are padded to a multiple of eight, whatever lengths have.
        let head = (8 + lengthSize + 7) / 8 * 8
        guard size >= head else { throw heap.failure("a heap of values is said to be \(size) bytes long") }
        var objects = try self.reader(at: collection, count: size)
        try objects.skip(head)
        while objects.remaining >= head {
            let number = Int(try objects.integer(UInt16.self))
            try objects.skip(6)
            let length = try length(&objects)
            try objects.skip(head - 8 - lengthSize)
            if number == index {
                let (wanted, tooLarge) = count.multipliedReportingOverflow(by: elementSize)
                guard !tooLarge, wanted <= length else { throw objects.failure("a value is longer than its place in the heap") }
                return try objects.bytes(wanted)
            }
            guard number != 0, length <= objects.remaining else { break }
            try objects.skip(min(objects.remaining, (length + 7) / 8 * 8))
        }
        throw heap.failure("a value is said to be number \(index) of this heap, and is not there")
    }
}

/// A half-precision number; `Float16` does not exist on every platform.
func halfPrecision(_ bits: UInt16) -> Double {
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
}
