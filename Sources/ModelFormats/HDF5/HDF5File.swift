/// Addresses, sizes and raw reads of an HDF5 file (HDF5 File Format Specification, version 3.0, section II.A).
struct HDF5File {
    let source: any ByteSource
    /// Where the superblock is; addresses count from here.
    let base: Int
    let version: Int
    /// Bytes of an address.
    let offsetSize: Int
    /// Bytes of a length.
    let lengthSize: Int
    /// The root group's object header.
    let root: Int
    /// Where the file ends by its own word, from the superblock on or from the file's start.
    let statedEnd: UInt64
    let limits: ReadLimits

    static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

    /// Where the superblock is: at the start, or at 512 bytes or a power of two times these, after a user block.
    static func superblock(of source: any ByteSource) throws -> Int? {
        var place = 0
        while place + 8 <= source.size, place <= 1 << 30 {
            if try source.bytes(place..<place + 8).elementsEqual(signature) { return place }
            if source.isDistant && place >= 2048 { return nil }
            place = place == 0 ? 512 : place * 2
        }
        return nil
    }

    init(_ source: any ByteSource, limits: ReadLimits) throws {
        guard let place = try Self.superblock(of: source) else { throw FormatError(0, "the file has no HDF5 superblock") }
        self.source = source
        self.limits = limits
        base = place
        var reader = ByteReader(source)
        try reader.move(to: place + 8)
        version = Int(try reader.byte())
        guard 0...3 ~= version else { throw FormatError(place + 8, "superblock version \(version) is not known (0 to 3 are)") }
        if version < 2 {
            try reader.skip(4)
            offsetSize = Int(try reader.byte())
            lengthSize = Int(try reader.byte())
            try reader.skip(1 + 4 + 4 + (version == 1 ? 4 : 0))
        } else {
            offsetSize = Int(try reader.byte())
            lengthSize = Int(try reader.byte())
            try reader.skip(1)
        }
        guard [2, 4, 8].contains(offsetSize), [2, 4, 8].contains(lengthSize) else {
            throw FormatError(place + 9, "addresses have \(offsetSize) bytes and lengths \(lengthSize)")
        }
        // Base address, then free space, end of file and driver (versions 0, 1) or extension and end of file.
        try reader.skip(offsetSize * 2)
        statedEnd = try reader.littleEndian(bytes: offsetSize)
        if version < 2 { try reader.skip(offsetSize * 2) }
        let address = try reader.littleEndian(bytes: offsetSize)
        guard let root = Int(exactly: address), root < source.size - place else {
            throw FormatError(
                reader.position - offsetSize, "the root group is said to be at \(address), past the end of the file")
        }
        self.root = root
    }

    /// A reader at an address, up to the end of the file or for so many bytes.
    func reader(at address: Int, count: Int? = nil) throws -> ByteReader {
        let (start, tooFar) = address.addingReportingOverflow(base)
        guard !tooFar, start >= 0, start <= source.size else {
            throw FormatError(base, "an address is \(address), past the end of the file")
        }
        if let count, count > source.size - start {
            throw FormatError(start, "\(count) bytes are said to be here, and the file ends at \(source.size)")
        }
        return ByteReader(source, start..<(count.map { start + $0 } ?? source.size))
    }

    /// An address in the file; nil where it is the undefined one.
    func address(_ reader: inout ByteReader) throws -> Int? {
        let value = try reader.littleEndian(bytes: offsetSize)
        let undefined = offsetSize == 8 ? UInt64.max : 1 << UInt64(8 * offsetSize) - 1
        if value == undefined { return nil }
        guard let address = Int(exactly: value), address <= source.size - base else {
            throw FormatError(reader.position - offsetSize, "an address is \(value), past the end of the file")
        }
        return address
    }

    func length(_ reader: inout ByteReader) throws -> Int {
        let value = try reader.littleEndian(bytes: lengthSize)
        let undefined = lengthSize == 8 ? UInt64.max : 1 << UInt64(8 * lengthSize) - 1
        guard let length = Int(exactly: value) else {
            if value == undefined { return Int.max }
            throw FormatError(reader.position - lengthSize, "a length is \(value), past all measure")
        }
        return length
    }

    /// How many bytes a number takes.
    static func width(of value: Int) -> Int {
        var width = 1
        while width < 8, value >> (8 * width) > 0 { width += 1 }
        return width
    }

    func expect(_ signature: StaticString, _ reader: inout ByteReader) throws {
        let place = reader.position
        let found = try reader.bytes(4)
        guard signature.withUTF8Buffer({ found.elementsEqual($0) }) else {
            throw FormatError(place, "'\(signature)' is expected here, and is not")
        }
    }
}
