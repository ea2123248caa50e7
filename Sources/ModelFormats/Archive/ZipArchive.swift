/// A zip archive, read strictly (APPNOTE.TXT 6.3.10): as the central directory gives it, with everything noted that another reader might see otherwise.
///
/// Loaders differ: some follow the central directory, some the local headers; some take the first of two members of a name, some the last. An archive
/// in which these differ is one file to a checker and another to a loader, so each difference is a problem that is told.
public struct ZipArchive: Sendable {
    public struct Entry: Sendable {
        public let name: String
        /// Where the local header is.
        public let headerOffset: Int
        public let packedSize: Int
        public let size: Int
        /// 0 stored, 8 deflated.
        public let method: UInt16
        public let flags: UInt16
        public let checksum: UInt32
        /// The file's mode as Unix has it, where the archive was made there: links among them.
        package let mode: UInt16
        let nameLength: Int
        /// Where the central directory speaks of it.
        let place: Int
        /// Whether unpacking makes a symbolic link of it, to what it contains.
        package var isLink: Bool { mode & 0o170000 == 0o120000 }
        public var isFolder: Bool { name.hasSuffix("/") }
        public var isEncrypted: Bool { flags & 0x2041 != 0 }
    }

    public let source: any ByteSource
    private let limits: ReadLimits
    public private(set) var entries: [Entry] = []
    public private(set) var problems: [FormatError] = []
    /// Where the central directory begins.
    package private(set) var directoryStart = 0
    private var otherEnds: [Int] = []
    /// Bytes that belong to no member and to no directory; known for archives that are here.
    package private(set) var unclaimed: [Range<Int>] = []
    private var positions: [ExactText: Int] = [:]
    /// By header offset, the next header's; the directory for the last.
    private var nextHeaders: [Int: Int] = [:]
    /// By header offset, where the packed bytes begin, for members whose local headers were looked at.
    private var dataStarts: [Int: Int] = [:]

    /// - Throws: ``FormatError`` where there is no directory, so that nothing is known.
    public init(_ source: any ByteSource, limits: ReadLimits = ReadLimits()) throws {
        self.source = source
        self.limits = limits
        let end = try EndRecord(source)
        problems += end.problems
        otherEnds = end.others
        if end.afterwards < source.size { unclaimed.append(end.afterwards..<source.size) }
        directoryStart = end.directory.lowerBound
        try readDirectory(end, limits)
        for (index, entry) in entries.enumerated() where positions.updateValue(index, forKey: ExactText(entry.name)) != nil {
            problems.append(FormatError(entry.place, "the member \(quoted(entry.name)) is there twice"))
        }
        let order = entries.map(\.headerOffset).sorted()
        for (offset, next) in zip(order, order.dropFirst() + [directoryStart]) { nextHeaders[offset] = next }
        checkOtherEnds()
        if !source.isDistant { try checkLayout(end) }
    }

    /// A second end record is another archive to a reader that takes it, unless it is within a member, as those of archives in archives are.
    private mutating func checkOtherEnds() {
        for place in otherEnds.prefix(100)
        where !entries.contains(where: {
            $0.headerOffset < place && place < nextHeaders[$0.headerOffset] ?? 0
                && place - $0.headerOffset < $0.packedSize + 66_000
        }) {
            problems.append(FormatError(place, "the archive has another end record here; loaders take one or the other"))
        }
    }

    /// The member of that name: the last one, as most loaders take it.
    public subscript(name: String) -> Entry? { positions[ExactText(name)].map { entries[$0] } }

    private mutating func readDirectory(_ end: EndRecord, _ limits: ReadLimits) throws {
        guard end.count <= limits.entries, end.count <= end.directory.count / 46 else {
            throw FormatError(end.place, "\(end.count) members are said to be in a directory of \(end.directory.count) bytes")
        }
        var reader = ByteReader(source, end.directory)
        entries.reserveCapacity(end.count)
        while entries.count < end.count {
            let place = reader.position
            guard try reader.integer(UInt32.self) == 0x0201_4b50 else {
                throw FormatError(place, "the directory has no member here")
            }
            try reader.skip(4)
            let flags: UInt16 = try reader.integer()
            let method: UInt16 = try reader.integer()
            try reader.skip(4)
            let checksum: UInt32 = try reader.integer()
            var packedSize = Int(try reader.integer(UInt32.self))
            var size = Int(try reader.integer(UInt32.self))
            let nameLength = Int(try reader.integer(UInt16.self))
            let extraLength = Int(try reader.integer(UInt16.self))
            let commentLength = Int(try reader.integer(UInt16.self))
            try reader.skip(6)
            let mode: UInt16 = try reader.integer()
            var offset = Int(try reader.integer(UInt32.self))
            let nameBytes = try reader.bytes(nameLength)
            let extraEnd = reader.position + extraLength
            guard extraEnd + commentLength <= reader.end else { throw FormatError(place, "a member reaches past the directory") }
            try Self.readWideSizes(source, reader.position..<extraEnd, &size, &packedSize, &offset)
            try reader.move(to: extraEnd + commentLength)
            let name = String(validating: nameBytes, as: UTF8.self) ?? String(nameBytes.map { Character(Unicode.Scalar($0)) })
            let (start, tooFar) = offset.addingReportingOverflow(end.shift)
            guard !tooFar, start >= 0, start < end.directory.lowerBound else {
                problems.append(
                    FormatError(place, "the member \(quoted(name)) is said to be at byte \(offset), past the directory"))
                continue
            }
            if nameBytes.contains(0) { problems.append(FormatError(place, "the member \(quoted(name)) has a NUL in its name")) }
            entries.append(
                Entry(
                    name: name, headerOffset: start, packedSize: packedSize, size: size, method: method, flags: flags,
                    checksum: checksum, mode: mode,
                    nameLength: nameLength, place: place))
        }
        if !reader.isAtEnd { problems.append(reader.failure("\(reader.remaining) bytes of the directory belong to no member")) }
    }

    /// The ZIP64 field (4.5.3) gives what does not fit 32 bits, in this order, and only that.
    private static func readWideSizes(
        _ source: any ByteSource, _ extra: Range<Int>, _ size: inout Int, _ packedSize: inout Int, _ offset: inout Int
    ) throws {
        var reader = ByteReader(source, extra)
        while reader.remaining >= 4 {
            let identifier: UInt16 = try reader.integer()
            let length = Int(try reader.integer(UInt16.self))
            guard length <= reader.remaining else { return }
            let end = reader.position + length
            if identifier == 1 {
                if size == 0xffff_ffff, reader.position + 8 <= end {
                    size = try reader.length(UInt64.self, of: "a member's size")
                }
                if packedSize == 0xffff_ffff, reader.position + 8 <= end {
                    packedSize = try reader.length(UInt64.self, of: "a member's packed size")
                }
                if offset == 0xffff_ffff, reader.position + 8 <= end {
                    offset = try reader.length(UInt64.self, of: "a member's offset")
                }
            }
            try reader.move(to: end)
        }
    }

    /// Where a member's packed bytes are, by its local header.
    public func dataRange(of entry: Entry) throws -> Range<Int> {
        if source.isDistant, let derived = derivedRange(of: entry) { return derived }
        let start = try dataStarts[entry.headerOffset] ?? LocalHeader(source, entry.headerOffset).dataStart
        let (end, tooLong) = start.addingReportingOverflow(entry.packedSize)
        guard !tooLong, end <= directoryStart else {
            throw FormatError(entry.headerOffset, "the member \(quoted(entry.name)) reaches past the directory")
        }
        return start..<end
    }

    /// Where a member's bytes end follows from where the next header begins, so that a distant file's local headers, a request each, need not be looked
    /// at. Where a data descriptor may be in between, its length is open; PyTorch, which writes them, lets the bytes begin at multiples of 64.
    private func derivedRange(of entry: Entry) -> Range<Int>? {
        guard entry.method == 0, entry.packedSize > 0, let next = nextHeaders[entry.headerOffset] else { return nil }
        let least = entry.headerOffset + 30 + entry.nameLength
        guard entry.packedSize <= next else { return nil }
        let hasDescriptor = entry.flags & 8 != 0
        let starts = (hasDescriptor ? [12, 16, 20, 24] : [0]).map { next - entry.packedSize - $0 }
            .filter { $0 >= least && $0 <= least + 128 && (!hasDescriptor || $0 % 64 == 0) }
        guard starts.count == 1 else { return nil }
        return starts[0]..<starts[0] + entry.packedSize
    }

    /// A member as a file of its own: a part of the archive where it is stored, else unpacked into memory and checked.
    /// - Throws: ``FormatError`` where it is encrypted, packed in an unknown way, damaged, or larger than `limit` once unpacked.
    public func contents(of entry: Entry, limit: Int) throws -> any ByteSource {
        if entry.isEncrypted { throw FormatError(entry.headerOffset, "the member \(quoted(entry.name)) is encrypted") }
        let range = try dataRange(of: entry)
        switch entry.method {
        case 0:
            guard entry.size == entry.packedSize else {
                throw FormatError(
                    entry.place,
                    "the member \(quoted(entry.name)) is stored, and has two sizes: \(entry.size) and \(entry.packedSize)")
            }
            return PartSource(source, range)
        case 8, 12, 14:
            guard entry.size <= limit else {
                throw FormatError(
                    entry.headerOffset,
                    "the member \(quoted(entry.name)) unpacks to \(entry.size) bytes, more than the \(limit) that are read")
            }
            let bytes = try unpack(entry, range, limit: min(limit, entry.size))
            guard bytes.count == entry.size else {
                throw FormatError(
                    entry.headerOffset,
                    "the member \(quoted(entry.name)) unpacks to \(bytes.count) bytes instead of \(entry.size)")
            }
            guard crc32(of: bytes) == entry.checksum else {
                throw FormatError(entry.headerOffset, "the member \(quoted(entry.name)) is damaged: its check sum differs")
            }
            return MemorySource(bytes)
        default:
            throw FormatError(
                entry.headerOffset, "the member \(quoted(entry.name)) is packed with the unknown method \(entry.method)")
        }
    }

    private func unpack(_ entry: Entry, _ range: Range<Int>, limit: Int) throws -> [UInt8] {
        if entry.method == 8 { return try Compression.deflate.unpack(source, range, limit: limit) }
        if entry.method == 12 { return try Compression.bzip2.unpack(source, range, limit: limit) }
        // LZMA (5.8.8): two bytes of version, the length of the properties, these, and the stream: an .lzma file but for its length.
        var reader = ByteReader(source, range)
        try reader.skip(2)
        guard try reader.integer(UInt16.self) == 5, reader.remaining >= 5, range.count <= limits.unpacked else {
            throw FormatError(range.lowerBound, "the member \(quoted(entry.name)) is packed in an unknown form of LZMA")
        }
        var file = Array(try reader.bytes(5))
        for shift in 0..<8 { file.append(UInt8(truncatingIfNeeded: entry.size >> (8 * shift))) }
        file += try reader.bytes(reader.remaining)
        return try Compression.lzma.unpack(MemorySource(file), 0..<file.count, limit: limit)
    }

    /// Holds the local headers to the directory, and looks for bytes that belong to two members or to none.
    private mutating func checkLayout(_ end: EndRecord) throws {
        var reached = 0
        for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            let local: LocalHeader
            do {
                local = try LocalHeader(source, entry.headerOffset)
            } catch let error as FormatError {
                problems.append(error)
                continue
            }
            problems += local.differences(from: entry)
            dataStarts[entry.headerOffset] = local.dataStart
            if entry.headerOffset < reached {
                problems.append(FormatError(entry.headerOffset, "the member \(quoted(entry.name)) overlaps the one before it"))
            } else if entry.headerOffset > reached, reached == 0, end.shift > 0 {
                unclaimed.append(reached..<entry.headerOffset)
            } else if entry.headerOffset > reached {
                unclaimed.append(reached..<entry.headerOffset)
                problems.append(
                    FormatError(
                        reached, "\(entry.headerOffset - reached) bytes before the member \(quoted(entry.name)) belong to none"))
            }
            let dataEnd = local.dataStart.addingReportingOverflow(entry.packedSize)
            if dataEnd.overflow || dataEnd.partialValue > directoryStart {
                problems.append(FormatError(entry.headerOffset, "the member \(quoted(entry.name)) reaches past the directory"))
                reached = directoryStart
            } else {
                reached = max(reached, dataEnd.partialValue)
                if local.flags & 8 != 0 { reached += descriptorLength(at: reached, entry) }
            }
        }
        if reached < directoryStart {
            unclaimed.append(reached..<directoryStart)
            problems.append(FormatError(reached, "\(directoryStart - reached) bytes before the directory belong to no member"))
        }
    }

    /// The length of a data descriptor (4.3.9), which comes with or without a signature, and with sizes of four or eight bytes.
    private func descriptorLength(at place: Int, _ entry: Entry) -> Int {
        let next = nextHeaders[entry.headerOffset] ?? directoryStart
        return [12, 16, 20, 24].contains(next - place) ? next - place : 0
    }
}

extension TensorEntry {
    /// The tensor with its place in the archive instead of in the member, which has one there if it is stored and not packed.
    func placed(in member: any ByteSource) -> TensorEntry {
        let base = (member as? PartSource)?.range.lowerBound
        var placed = self
        placed.range = base.flatMap { base in range.map { base + $0.lowerBound..<base + $0.upperBound } }
        return placed
    }
}

extension FormatError {
    /// The error with the member's name, and its place in the archive where the member has one.
    func placed(in member: any ByteSource, named name: String) -> FormatError {
        FormatError(((member as? PartSource)?.range.lowerBound ?? 0) + offset, "\(name): \(problem)")
    }
}

/// A member's own header.
struct LocalHeader {
    let offset: Int
    let name: ArraySlice<UInt8>
    let flags: UInt16
    let method: UInt16
    let checksum: UInt32
    let packedSize: UInt32
    let size: UInt32
    let dataStart: Int

    init(_ source: any ByteSource, _ offset: Int) throws {
        self.offset = offset
        var reader = ByteReader(source)
        try reader.move(to: offset)
        guard try reader.integer(UInt32.self) == 0x0403_4b50 else {
            throw FormatError(offset, "no member begins here, and the directory says so")
        }
        try reader.skip(2)
        flags = try reader.integer()
        method = try reader.integer()
        try reader.skip(4)
        checksum = try reader.integer()
        packedSize = try reader.integer()
        size = try reader.integer()
        let nameLength = Int(try reader.integer(UInt16.self))
        let extraLength = Int(try reader.integer(UInt16.self))
        name = try reader.bytes(nameLength)
        try reader.skip(extraLength)
        dataStart = reader.position
    }

    func differences(from entry: ZipArchive.Entry) -> [FormatError] {
        var found: [FormatError] = []
        func differs(_ what: String, _ here: String, _ there: String) {
            found.append(
                FormatError(
                    offset, "the member \(quoted(entry.name)) has two \(what): \(here) in its header, \(there) in the directory"))
        }
        let localName = String(validating: name, as: UTF8.self) ?? String(name.map { Character(Unicode.Scalar($0)) })
        if !localName.utf8.elementsEqual(entry.name.utf8) { differs("names", quoted(localName), quoted(entry.name)) }
        if method != entry.method { differs("methods", "\(method)", "\(entry.method)") }
        if flags & 1 != entry.flags & 1 { differs("states of encryption", "\(flags & 1)", "\(entry.flags & 1)") }
        if flags & 8 == 0 {
            if packedSize != 0xffff_ffff, Int(packedSize) != entry.packedSize {
                differs("packed sizes", "\(packedSize)", "\(entry.packedSize)")
            }
            if size != 0xffff_ffff, Int(size) != entry.size { differs("sizes", "\(size)", "\(entry.size)") }
            if checksum != entry.checksum { differs("check sums", "\(checksum)", "\(entry.checksum)") }
        }
        return found
    }
}

/// The record at the archive's end, which says where the directory is (4.3.14 to 4.3.16).
private struct EndRecord {
    /// Where the record is.
    var place = 0
    var count = 0
    var directory = 0..<0
    /// What all offsets lack because something was put before the archive.
    var shift = 0
    /// Where else such a record seems to be.
    var others: [Int] = []
    /// The first byte behind the record and its comment.
    var afterwards = 0
    var problems: [FormatError] = []

    init(_ source: any ByteSource) throws {
        let tailStart = max(0, source.size - 65557)
        // Most archives have no comment: a distant one is asked for a little first.
        let nearStart = max(0, source.size - (source.isDistant ? 16384 : 4096))
        let found = try Self.find(source, nearStart) ?? Self.find(source, tailStart)
        guard let found else { throw FormatError(source.size, "this is no zip archive: it has no end record") }
        place = found.place
        others = found.others
        var reader = ByteReader(source)
        try reader.move(to: place + 4)
        let disk: UInt16 = try reader.integer()
        let directoryDisk: UInt16 = try reader.integer()
        let countHere = Int(try reader.integer(UInt16.self))
        count = Int(try reader.integer(UInt16.self))
        var size = Int(try reader.integer(UInt32.self))
        var start = Int(try reader.integer(UInt32.self))
        let comment = Int(try reader.integer(UInt16.self))
        let end = reader.position + comment
        afterwards = end
        if end < source.size {
            problems.append(FormatError(end, "\(source.size - end) bytes after the archive belong to nothing"))
        }
        if end > source.size {
            problems.append(FormatError(place, "the comment is said to be \(comment) bytes long, past the end of the file"))
        }
        var directoryEnd = place
        let isWide = count == 0xffff || size == 0xffff_ffff || start == 0xffff_ffff
        if let wide = try Self.wideRecord(source, before: place) {
            (count, size, start, directoryEnd) = (wide.count, wide.size, wide.start, wide.place)
        } else if isWide {
            throw FormatError(place, "the archive says that it is a ZIP64 one, and has no such record")
        } else if disk != 0 || directoryDisk != 0 || countHere != count {
            problems.append(FormatError(place, "the archive says that it is one part of several"))
        }
        guard size <= directoryEnd else {
            throw FormatError(place, "the directory is said to be \(size) bytes long, longer than what is before it")
        }
        directory = directoryEnd - size..<directoryEnd
        shift = directory.lowerBound - start
        if shift != 0 {
            problems.append(
                FormatError(0, "\(shift) bytes are before the archive, by its own offsets; some loaders refuse it, others do not")
            )
        }
    }

    private static func find(_ source: any ByteSource, _ start: Int) throws -> (place: Int, others: [Int])? {
        let tail = Array(try source.bytes(start..<source.size))
        guard tail.count >= 22 else { return nil }
        var found: Int?
        var others: [Int] = []
        for index in stride(from: tail.count - 22, through: 0, by: -1)
        where tail[index] == 0x50 && tail[index + 1] == 0x4b && tail[index + 2] == 5 && tail[index + 3] == 6 {
            if found == nil { found = index } else { others.append(start + index) }
        }
        return found.map { (start + $0, others) }
    }

    private static func wideRecord(_ source: any ByteSource, before place: Int) throws -> (
        place: Int, count: Int, size: Int, start: Int
    )? {
        guard place >= 20 else { return nil }
        var locator = ByteReader(source)
        try locator.move(to: place - 20)
        guard try locator.integer(UInt32.self) == 0x0706_4b50 else { return nil }
        try locator.skip(4)
        let stated = try locator.length(UInt64.self, of: "the place of the ZIP64 record")
        // With something before the archive the stated place is short of the true one; the record is then right before its locator.
        for offset in [stated, place - 20 - 56] where offset >= 0 && offset <= place - 20 - 56 {
            var reader = ByteReader(source)
            try reader.move(to: offset)
            guard try reader.integer(UInt32.self) == 0x0606_4b50 else { continue }
            try reader.skip(28)
            let count = try reader.length(UInt64.self, of: "the number of members")
            let size = try reader.length(UInt64.self, of: "the directory's size")
            let start = try reader.length(UInt64.self, of: "the directory's place")
            return (offset, count, size, start)
        }
        throw FormatError(place - 20, "the ZIP64 record is not where it is said to be")
    }
}
