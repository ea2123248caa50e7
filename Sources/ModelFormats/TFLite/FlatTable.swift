/// A table of a FlatBuffers file (https://flatbuffers.dev/internals/): fields by number, each optional.
struct FlatTable {
    let source: any ByteSource
    let place: Int
    private let vtable: Int
    private let vtableSize: Int

    init(_ source: any ByteSource, at place: Int) throws {
        self.source = source
        self.place = place
        var reader = try Self.reader(source, place)
        let step: Int32 = try reader.integer()
        vtable = place - Int(step)
        reader = try Self.reader(source, vtable)
        vtableSize = Int(try reader.integer(UInt16.self))
        guard vtableSize >= 4, vtableSize <= source.size - vtable else {
            throw FormatError(vtable, "a table's layout is \(vtableSize) bytes long")
        }
    }

    /// The file's root table.
    init(root source: any ByteSource) throws {
        var reader = ByteReader(source)
        try self.init(source, at: Int(try reader.integer(UInt32.self)))
    }

    private static func reader(_ source: any ByteSource, _ place: Int) throws -> ByteReader {
        guard place >= 0, place < source.size else {
            throw FormatError(max(0, min(place, source.size)), "a place is given as byte \(place), outside of the file")
        }
        return ByteReader(source, place..<source.size)
    }

    /// A reader at a field; nil where the table has none of that number.
    func field(_ number: Int) throws -> ByteReader? {
        guard 4 + 2 * number + 2 <= vtableSize else { return nil }
        var reader = try Self.reader(source, vtable + 4 + 2 * number)
        let offset = Int(try reader.integer(UInt16.self))
        return offset == 0 ? nil : try Self.reader(source, place + offset)
    }

    func integer<Value: FixedWidthInteger>(_ number: Int, _: Value.Type) throws -> Value? {
        guard var reader = try field(number) else { return nil }
        return try reader.integer()
    }

    /// Where what a field refers to is.
    private func target(_ number: Int) throws -> Int? {
        guard var reader = try field(number) else { return nil }
        let start = reader.position
        return start + Int(try reader.integer(UInt32.self))
    }

    func table(_ number: Int) throws -> FlatTable? { try target(number).map { try FlatTable(source, at: $0) } }

    /// The bytes of a vector's elements, and how many these are.
    func vector(_ number: Int, elementSize: Int) throws -> (range: Range<Int>, count: Int)? {
        guard let target = try target(number) else { return nil }
        var reader = try Self.reader(source, target)
        let count = Int(try reader.integer(UInt32.self))
        guard count <= reader.remaining / elementSize else {
            throw FormatError(target, "a vector is said to have \(count) elements, and \(reader.remaining) bytes are left")
        }
        return (reader.position..<reader.position + count * elementSize, count)
    }

    func text(_ number: Int) throws -> String? {
        guard let (range, _) = try vector(number, elementSize: 1) else { return nil }
        return try source.text(range)
    }

    func integers(_ number: Int) throws -> [Int] {
        guard let (range, count) = try vector(number, elementSize: 4) else { return [] }
        guard count <= 4096 else { throw FormatError(range.lowerBound, "a list of numbers has \(count) members") }
        var reader = ByteReader(source, range)
        var numbers: [Int] = []
        for _ in 0..<count { numbers.append(Int(try reader.integer(Int32.self))) }
        return numbers
    }

    func tables(_ number: Int) throws -> [FlatTable] {
        guard let (range, count) = try vector(number, elementSize: 4) else { return [] }
        var reader = ByteReader(source, range)
        var tables: [FlatTable] = []
        tables.reserveCapacity(min(count, 4096))
        for _ in 0..<count {
            let start = reader.position
            tables.append(try FlatTable(source, at: start + Int(try reader.integer(UInt32.self))))
        }
        return tables
    }
}
