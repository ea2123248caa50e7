/// The messages of an object (section IV.A), from all blocks of its header.
struct HDF5ObjectHeader {
    struct Message {
        let type: Int
        let flags: UInt8
        /// The message's bytes in the file.
        let range: Range<Int>
    }

    private(set) var messages: [Message] = []

    init(_ file: HDF5File, at address: Int) throws {
        var reader = try file.reader(at: address)
        let place = reader.position
        if try reader.peek() == UInt8(ascii: "O") {
            try readVersion2(file, &reader)
        } else {
            guard try reader.byte() == 1 else { throw FormatError(place, "no object begins here") }
            try readVersion1(file, &reader)
        }
    }

    func first(_ type: Int) -> Message? { messages.first { $0.type == type } }

    private mutating func readVersion1(_ file: HDF5File, _ reader: inout ByteReader) throws {
        try reader.skip(1)
        let count = Int(try reader.integer(UInt16.self))
        try reader.skip(4)
        let size = Int(try reader.integer(UInt32.self))
        try reader.skip(4)
        var blocks = [reader.position..<reader.position + size]
        var blocksRead = 0
        while let block = blocks.popLast(), messages.count < count {
            blocksRead += 1
            guard blocksRead <= 4096 else {
                throw FormatError(block.lowerBound, "an object's header goes on in more than 4,096 places")
            }
            guard block.upperBound <= file.source.size else {
                throw FormatError(block.lowerBound, "an object's header reaches past the end of the file")
            }
            var inner = ByteReader(file.source, block)
            while inner.remaining >= 8, messages.count < count {
                let type = Int(try inner.integer(UInt16.self))
                let length = Int(try inner.integer(UInt16.self))
                let flags = try inner.byte()
                try inner.skip(3)
                let range = inner.position..<inner.position + length
                try inner.skip(length)
                try add(Message(type: type, flags: flags, range: range), file, &blocks)
            }
        }
    }

    private mutating func readVersion2(_ file: HDF5File, _ reader: inout ByteReader) throws {
        try file.expect("OHDR", &reader)
        let place = reader.position
        guard try reader.byte() == 2 else { throw FormatError(place, "the object's header is of an unknown version") }
        let flags = try reader.byte()
        if flags & 0x20 != 0 { try reader.skip(16) }
        if flags & 0x10 != 0 { try reader.skip(4) }
        let stated = try reader.littleEndian(bytes: 1 << Int(flags & 3))
        guard let size = Int(exactly: stated), size <= reader.remaining else {
            throw reader.failure("an object's header is said to be \(stated) bytes long")
        }
        var blocks = [reader.position..<reader.position + size]
        var blocksRead = 0
        let headSize = flags & 4 != 0 ? 6 : 4
        while let block = blocks.popLast() {
            blocksRead += 1
            guard blocksRead <= 4096 else {
                throw FormatError(block.lowerBound, "an object's header goes on in more than 4,096 places")
            }
            var inner = ByteReader(file.source, block)
            if blocksRead > 1 {
                // A continuation has a signature of its own, and a check sum at its end.
                try file.expect("OCHK", &inner)
                inner = ByteReader(file.source, inner.position..<max(inner.position, block.upperBound - 4))
            }
            while inner.remaining >= headSize {
                let type = Int(try inner.byte())
                let length = Int(try inner.integer(UInt16.self))
                let messageFlags = try inner.byte()
                if flags & 4 != 0 { try inner.skip(2) }
                let range = inner.position..<inner.position + length
                try inner.skip(length)
                try add(Message(type: type, flags: messageFlags, range: range), file, &blocks)
            }
        }
    }

    private mutating func add(_ message: Message, _ file: HDF5File, _ blocks: inout [Range<Int>]) throws {
        messages.append(message)
        guard messages.count <= 65536 else {
            throw FormatError(message.range.lowerBound, "an object has more than 65,536 messages")
        }
        guard message.type == 0x10 else { return }
        var reader = ByteReader(file.source, message.range)
        guard let address = try file.address(&reader) else { return }
        let length = try file.length(&reader)
        let block = try file.reader(at: address, count: length)
        blocks.insert(block.position..<block.end, at: 0)
    }
}

extension HDF5File {
    /// The bytes of a message, which may be kept with another object, as a type is that has a name (section IV.A.1.a, "shared").
    func body(of message: HDF5ObjectHeader.Message) throws -> ByteReader {
        var reader = ByteReader(source, message.range)
        return message.flags & 2 != 0 ? try shared(&reader, type: message.type) : reader
    }

    /// The message of that type in the object that a shared message names (section IV.A.2, "Shared Message").
    func shared(_ reader: inout ByteReader, type: Int) throws -> ByteReader {
        let place = reader.position
        let version = try reader.byte()
        let kind = try reader.byte()
        if version == 1 { try reader.skip(6) }
        guard 1...3 ~= version, version < 3 || kind == 2, let address = try address(&reader) else {
            throw FormatError(place, "a message is kept in the file's heap of shared messages, which is not read")
        }
        guard let message = try HDF5ObjectHeader(self, at: address).first(type), message.flags & 2 == 0 else {
            throw FormatError(place, "a message is said to be kept at \(address), and is not")
        }
        return ByteReader(source, message.range)
    }
}
