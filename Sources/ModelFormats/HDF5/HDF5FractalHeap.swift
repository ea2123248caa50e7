/// A fractal heap (section III.G): objects in direct blocks, found by the offset that their identifier holds.
struct HDF5FractalHeap {
    private let file: HDF5File
    private let place: Int
    private let identifierSize: Int
    private let tableWidth: Int
    private let startBlockSize: Int
    private let maximumDirectSize: Int
    private let offsetBits: Int
    private let rootAddress: Int?
    private let rootRows: Int
    private let isFiltered: Bool
    private let maximumManagedSize: Int
    /// The tree of objects too large for blocks.
    private let hugeTree: Int?

    init(_ file: HDF5File, at address: Int) throws {
        self.file = file
        var reader = try file.reader(at: address)
        place = reader.position
        try file.expect("FRHP", &reader)
        try reader.skip(1)
        identifierSize = Int(try reader.integer(UInt16.self))
        isFiltered = try reader.integer(UInt16.self) > 0
        try reader.skip(1)
        maximumManagedSize = Int(try reader.integer(UInt32.self))
        try reader.skip(file.lengthSize)
        hugeTree = try file.address(&reader)
        try reader.skip(file.lengthSize + file.offsetSize + 8 * file.lengthSize)
        tableWidth = Int(try reader.integer(UInt16.self))
        startBlockSize = try file.length(&reader)
        maximumDirectSize = try file.length(&reader)
        offsetBits = Int(try reader.integer(UInt16.self))
        try reader.skip(2)
        rootAddress = try file.address(&reader)
        rootRows = Int(try reader.integer(UInt16.self))
        guard tableWidth > 0, startBlockSize > 0, startBlockSize <= 1 << 20, startBlockSize & (startBlockSize - 1) == 0,
            maximumDirectSize >= startBlockSize,
            maximumDirectSize <= 1 << 32, offsetBits <= 64, rootRows <= 64
        else { throw FormatError(place, "a heap has impossible measures") }
    }

    /// The bytes of the object that an identifier names.
    func object(_ identifier: ArraySlice<UInt8>) throws -> ByteReader {
        guard let head = identifier.first else { throw FormatError(place, "an object of a heap has no name") }
        let rest = Array(identifier.dropFirst())
        func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { ($0 & (Int.max >> 8)) << 8 | Int($1) } }
        switch head >> 4 & 3 {
        case 0:
            let offsetSize = (offsetBits + 7) / 8
            let lengthSize = HDF5File.width(of: min(maximumDirectSize, maximumManagedSize))
            guard rest.count >= offsetSize + lengthSize else {
                throw FormatError(place, "an object's name in a heap is too short")
            }
            let offset = number(rest[..<offsetSize])
            let length = number(rest[offsetSize..<offsetSize + lengthSize])
            return try managed(offset, length)
        case 1:
            // A huge object: kept by itself, its address in the name where that fits, else in a tree under its number.
            guard rest.count >= file.offsetSize + file.lengthSize else {
                return try huge(number(rest[..<min(rest.count, file.lengthSize)]))
            }
            return try file.reader(
                at: number(rest[..<file.offsetSize]), count: number(rest[file.offsetSize..<file.offsetSize + file.lengthSize]))
        case 2:
            let length = min(rest.count, Int(head & 15) + 1)
            return ByteReader(MemorySource(rest[..<length]))
        default: throw FormatError(place, "an object of a heap is of an unknown kind")
        }
    }

    /// Records of the tree (section III.A.2, type 1): address, length, number.
    private func huge(_ identifier: Int) throws -> ByteReader {
        guard let hugeTree, !isFiltered else { throw FormatError(place, "a huge object of a heap is packed, or is not there") }
        for record in try file.records(ofTree: hugeTree) {
            var reader = ByteReader(MemorySource(record))
            let address = try reader.littleEndian(bytes: file.offsetSize)
            let length = try file.length(&reader)
            guard try reader.littleEndian(bytes: file.lengthSize) == UInt64(identifier) else { continue }
            guard let start = Int(exactly: address) else { break }
            return try file.reader(at: start, count: length)
        }
        throw FormatError(place, "a huge object of a heap is said to be number \(identifier), and is not there")
    }

    private func blockSize(row: Int) -> Int { row == 0 ? startBlockSize : startBlockSize << (row - 1) }

    /// Bytes of the heap that a row's blocks hold; nil for a row past all measure.
    private func rowLength(_ row: Int) -> Int? {
        guard row < 24 else { return nil }
        return tableWidth * blockSize(row: row)
    }

    private func managed(_ offset: Int, _ length: Int) throws -> ByteReader {
        guard !isFiltered else { throw FormatError(place, "a heap's blocks are packed, which is not read") }
        guard var address = rootAddress else { throw FormatError(place, "a heap has no blocks") }
        var start = 0
        var rows = rootRows
        var size = startBlockSize
        // Each step goes down one indirect block; these shrink, so 64 rows bound the way.
        var steps = 0
        while rows > 0 {
            steps += 1
            guard steps < 64 else { throw FormatError(place, "a heap's blocks lead in a circle") }
            var row = 0
            var rowStart = start
            while row < rows, let length = rowLength(row), offset - rowStart >= length {
                rowStart += length
                row += 1
            }
            guard row < rows, rowLength(row) != nil, offset >= rowStart else {
                throw FormatError(place, "an object's place is past its heap")
            }
            size = blockSize(row: row)
            let column = (offset - rowStart) / size
            var reader = try file.reader(at: address)
            try file.expect("FHIB", &reader)
            try reader.skip(1 + file.offsetSize + (offsetBits + 7) / 8)
            try reader.skip((row * tableWidth + column) * file.offsetSize)
            guard let child = try file.address(&reader) else {
                throw FormatError(reader.position, "an object of a heap is in a block that is not there")
            }
            address = child
            start = rowStart + column * size
            if size <= maximumDirectSize {
                rows = 0
            } else {
                // Rows of an indirect block of this size.
                rows = size.trailingZeroBitCount - startBlockSize.trailingZeroBitCount - (tableWidth.trailingZeroBitCount) + 1
                guard rows > 0 else { throw FormatError(place, "a heap has impossible measures") }
            }
        }
        // Offsets count from the block's own start, its head included.
        let block = try file.reader(at: address, count: min(size, file.source.size - file.base - address))
        var reader = block
        try file.expect("FHDB", &reader)
        let skipped = offset - start
        guard skipped >= 0, length >= 0, skipped <= min(size, block.remaining), length <= min(size, block.remaining) - skipped
        else {
            throw FormatError(block.position, "an object reaches past its block of a heap")
        }
        return ByteReader(file.source, block.position + skipped..<block.position + skipped + length)
    }
}
