/// Reads a range of a file from its start to its end. Every length is checked against what is left before anything is read or allocated.
public struct ByteReader {
    public let source: any ByteSource
    public private(set) var position: Int
    public let end: Int
    private var window = ByteWindow(start: 0, bytes: [])

    public init(_ source: any ByteSource, _ range: Range<Int>? = nil) {
        self.source = source
        position = max(0, range?.lowerBound ?? 0)
        end = min(source.size, range?.upperBound ?? source.size)
    }

    public var remaining: Int { max(0, end - position) }
    public var isAtEnd: Bool { position >= end }

    /// Fails at the present place.
    public func failure(_ problem: String) -> FormatError { FormatError(position, problem) }

    private mutating func need(_ count: Int) throws {
        guard count >= 0, count <= remaining else {
            throw FormatError(position, "\(count) bytes are wanted here, and \(remaining) are left")
        }
        if position < window.start || position + count > window.end {
            window = try source.window(covering: position..<position + count)
        }
    }

    @inline(__always)
    public mutating func byte() throws -> UInt8 {
        if position >= window.start && position < window.end && position < end {
            let value = window.bytes[window.bytes.startIndex + position - window.start]
            position += 1
            return value
        }
        try need(1)
        let value = window.bytes[window.bytes.startIndex + position - window.start]
        position += 1
        return value
    }

    /// The next byte, which stays.
    public mutating func peek() throws -> UInt8 {
        try need(1)
        return window.bytes[window.bytes.startIndex + position - window.start]
    }

    @inline(__always)
    public mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self, bigEndian: Bool = false) throws -> Value {
        let count = Value.bitWidth / 8
        try need(count)
        let first = window.bytes.startIndex + position - window.start
        position += count
        let value = window.bytes.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: first - window.bytes.startIndex, as: Value.self)
        }
        return bigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
    }

    /// An unsigned length or offset that has to fit the machine's own integer.
    public mutating func length<Value: FixedWidthInteger & UnsignedInteger>(
        _: Value.Type, of what: String, bigEndian: Bool = false
    ) throws -> Int {
        let value: Value = try integer(bigEndian: bigEndian)
        guard let small = Int(exactly: value) else {
            throw FormatError(position - Value.bitWidth / 8, "\(what) is \(value), which no file can have")
        }
        return small
    }

    /// An unsigned integer of `count` bytes, little-endian, 1 to 8 of them.
    public mutating func littleEndian(bytes count: Int) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in 0..<count { value |= UInt64(try byte()) << UInt64(8 * shift) }
        return value
    }

    /// A number in groups of seven bits, the lowest first, as protobuf and LevelDB write it.
    mutating func varint() throws -> UInt64 {
        let place = position
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 {
                if shift == 63 && byte > 1 { break }
                return value
            }
        }
        throw FormatError(place, "a number is longer than 64 bits")
    }

    public mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        try need(count)
        defer { position += count }
        return window.slice(position..<position + count)
    }

    public mutating func text(_ count: Int) throws -> String {
        String(decoding: try bytes(count), as: UTF8.self)
    }

    /// Bytes up to the next `stop`, which is passed over.
    public mutating func bytes(upTo stop: UInt8, atMost limit: Int) throws -> ArraySlice<UInt8> {
        let start = position
        while position - start <= limit {
            if try byte() == stop {
                let found = start..<position - 1
                return try source.window(covering: found).slice(found)
            }
        }
        throw FormatError(start, "no end is found within \(limit) bytes")
    }

    /// Goes past bytes without reading them.
    public mutating func skip(_ count: Int) throws {
        guard count >= 0, count <= remaining else {
            throw FormatError(position, "\(count) bytes are said to follow, and \(remaining) are left")
        }
        position += count
    }

    public mutating func move(to place: Int) throws {
        guard place >= 0, place <= end else {
            throw FormatError(position, "a place is given as byte \(place), and the file ends at \(end)")
        }
        position = place
    }
}
