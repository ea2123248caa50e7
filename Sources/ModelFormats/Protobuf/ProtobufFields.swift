/// Walks the fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/) without knowing its schema and without reading what it
/// passes: a field of any length costs its tag and its length.
struct ProtobufFields {
    struct Field {
        /// The field's number in the schema.
        let number: Int
        let value: Value
        /// Where the field's tag is.
        let place: Int
    }

    enum Value {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        /// A text, bytes, a message, or packed numbers.
        case bytes(Range<Int>)
    }

    private(set) var reader: ByteReader

    init(_ source: any ByteSource, _ range: Range<Int>? = nil) {
        reader = ByteReader(source, range)
    }

    /// The next field; nil at the end of the message.
    mutating func next() throws -> Field? {
        while !reader.isAtEnd {
            let place = reader.position
            let tag = try reader.varint()
            guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw FormatError(place, "this is no field of a message (tag \(tag))") }
            let number = Int(tag >> 3)
            switch tag & 7 {
            case 0: return Field(number: number, value: .varint(try reader.varint()), place: place)
            case 1: return Field(number: number, value: .fixed64(try reader.integer()), place: place)
            case 2:
                let length = try reader.varint()
                guard let count = Int(exactly: length), count <= reader.remaining else {
                    throw FormatError(place, "field \(number) is said to have \(length) bytes, and \(reader.remaining) are left")
                }
                let range = reader.position..<reader.position + count
                try reader.skip(count)
                return Field(number: number, value: .bytes(range), place: place)
            case 3: try skipGroup(number, place)
            case 5: return Field(number: number, value: .fixed32(try reader.integer()), place: place)
            default: throw FormatError(place, "field \(number) has the unknown wire type \(tag & 7)")
            }
        }
        return nil
    }

    /// Groups are no longer written, and no schema here has any; they are passed over with what is in them.
    private mutating func skipGroup(_ number: Int, _ place: Int) throws {
        var open = [number]
        while let innermost = open.last {
            let tag = try reader.varint()
            switch tag & 7 {
            case 0: _ = try reader.varint()
            case 1: try reader.skip(8)
            case 2:
                guard let count = Int(exactly: try reader.varint()) else {
                    throw FormatError(place, "a field's length is past all measure")
                }
                try reader.skip(count)
            case 3:
                open.append(Int(tag >> 3))
                if open.count > 100 { throw FormatError(place, "groups are in each other more than 100 deep") }
            case 4:
                guard tag >> 3 == innermost else { throw FormatError(reader.position, "a group ends that is not open") }
                open.removeLast()
            case 5: try reader.skip(4)
            default: throw FormatError(reader.position, "a field has the unknown wire type \(tag & 7)")
            }
        }
    }
}

extension ByteSource {
    /// The text of a field, which has to be of a bearable length.
    func text(_ range: Range<Int>, atMost limit: Int = 1 << 20) throws -> String {
        guard range.count <= limit else {
            throw FormatError(range.lowerBound, "a text has \(range.count) bytes, more than \(limit)")
        }
        return String(decoding: try bytes(range), as: UTF8.self)
    }
}

extension ByteSource {
    /// A message of two texts, key and value, as maps of texts are written.
    func textEntry(_ range: Range<Int>) throws -> MetadataMember {
        var (key, value) = ("", "")
        var fields = ProtobufFields(self, range)
        while let field = try fields.next() {
            if field.number == 1, let part = field.value.range { key = try text(part) }
            if field.number == 2, let part = field.value.range { value = try text(part) }
        }
        return MetadataMember(key, value)
    }
}

extension ProtobufFields.Value {
    /// A number of either sign, as `int32` and `int64` fields hold it.
    var integer: Int? {
        switch self {
        case .varint(let value): Int(truncatingIfNeeded: value)
        case .fixed64(let value): Int(truncatingIfNeeded: value)
        case .fixed32(let value): Int(value)
        case .bytes: nil
        }
    }

    var range: Range<Int>? {
        if case .bytes(let range) = self { range } else { nil }
    }

    /// One number, or the numbers of a packed field.
    func integers(in source: any ByteSource, limit: Int) throws -> [Int] {
        if let integer { return [integer] }
        guard let range else { return [] }
        guard range.count <= limit else {
            throw FormatError(range.lowerBound, "\(range.count) bytes of numbers where at most \(limit) make sense")
        }
        var numbers: [Int] = []
        var reader = ByteReader(source, range)
        while !reader.isAtEnd {
            numbers.append(Int(truncatingIfNeeded: try reader.varint()))
        }
        return numbers
    }
}
