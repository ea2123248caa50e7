/// A link of a group.
struct HDF5Link {
    enum Target {
        /// The object's address.
        case hard(Int)
        /// A path in this file.
        case soft(String)
        /// A path in another file; never followed.
        case external(file: String, path: String)
    }

    let name: String
    let target: Target
}

extension HDF5File {
    /// The links of a group, from whichever of the three ways it keeps them: a symbol table, messages in its header, or a heap with an index.
    func links(of header: HDF5ObjectHeader) throws -> [HDF5Link] {
        var links: [HDF5Link] = []
        for message in header.messages {
            var reader = ByteReader(source, message.range)
            switch message.type {
            case 0x11:
                guard let tree = try address(&reader), let heap = try address(&reader) else { continue }
                links += try symbolTable(tree: tree, heap: heap)
            case 6: links.append(try link(&reader))
            case 2: links += try denseLinks(&reader)
            default: break
            }
        }
        // By name, as the library itself goes through them.
        return links.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// A file beside this one that holds a dataset's bytes, where it is just one (section IV.A.2.h).
    func externalFile(_ message: HDF5ObjectHeader.Message) throws -> TensorEntry.ExternalRange? {
        var reader = ByteReader(source, message.range)
        try reader.skip(6)
        let count: UInt16 = try reader.integer()
        guard count == 1, let heap = try address(&reader), let names = try localHeap(at: heap) else { return nil }
        let name = try text(at: try length(&reader), in: names, message.range.lowerBound)
        let offset = try length(&reader)
        let size = try length(&reader)
        return TensorEntry.ExternalRange(file: name, offset: offset, length: size == Int.max ? nil : size)
    }

    /// The names of a local heap (section III.D).
    private func localHeap(at place: Int) throws -> ByteReader? {
        var heapReader = try reader(at: place)
        try expect("HEAP", &heapReader)
        try heapReader.skip(4)
        let size = try length(&heapReader)
        _ = try length(&heapReader)
        return try address(&heapReader).map { try reader(at: $0, count: size) }
    }

    // MARK: Symbol tables (sections III.A.1, III.B, III.C)

    private func symbolTable(tree: Int, heap: Int) throws -> [HDF5Link] {
        guard let names = try localHeap(at: heap) else { return [] }
        var links: [HDF5Link] = []
        var waiting = [tree]
        var seen = Set<Int>()
        while let node = waiting.popLast() {
            // A hostile tree may name its own nodes.
            guard seen.insert(node).inserted else {
                throw FormatError(base + node, "a group's tree comes back to a node of its own")
            }
            var reader = try reader(at: node)
            if try reader.peek() == UInt8(ascii: "S") {
                try symbolNode(&reader, names: names, into: &links)
                continue
            }
            try expect("TREE", &reader)
            guard try reader.byte() == 0 else { throw reader.failure("a group's tree is of another kind") }
            try reader.skip(1)
            let count = Int(try reader.integer(UInt16.self))
            try reader.skip(2 * offsetSize)
            for _ in 0..<count {
                try reader.skip(lengthSize)
                if let child = try address(&reader) { waiting.append(child) }
            }
            guard waiting.count + links.count <= limits.entries else {
                throw reader.failure("a group has more than \(limits.entries) links")
            }
        }
        return links
    }

    private func symbolNode(_ reader: inout ByteReader, names: ByteReader, into links: inout [HDF5Link]) throws {
        try expect("SNOD", &reader)
        try reader.skip(2)
        for _ in 0..<Int(try reader.integer(UInt16.self)) {
            let place = reader.position
            let nameOffset = try heapOffset(&reader)
            let object = try address(&reader)
            let cache: UInt32 = try reader.integer()
            try reader.skip(4)
            let scratch: UInt32 = try reader.integer()
            try reader.skip(12)
            let name = try text(at: nameOffset, in: names, place)
            if cache == 2 {
                links.append(HDF5Link(name: name, target: .soft(try text(at: Int(scratch), in: names, place))))
            } else if let object {
                links.append(HDF5Link(name: name, target: .hard(object)))
            }
        }
    }

    /// An offset into a heap, in the size of an address.
    private func heapOffset(_ reader: inout ByteReader) throws -> Int {
        let value = try reader.littleEndian(bytes: offsetSize)
        guard let offset = Int(exactly: value) else { throw reader.failure("a name's place is \(value)") }
        return offset
    }

    private func text(at offset: Int, in heap: ByteReader, _ place: Int) throws -> String {
        var reader = heap
        guard offset <= reader.remaining else { throw FormatError(place, "a name's place is past the end of its heap") }
        try reader.skip(offset)
        return String(decoding: try reader.bytes(upTo: 0, atMost: 1 << 16), as: UTF8.self)
    }

    // MARK: Link messages (section IV.A.2.g) and dense storage (IV.A.2.c)

    private func link(_ reader: inout ByteReader) throws -> HDF5Link {
        let place = reader.position
        guard try reader.byte() == 1 else { throw FormatError(place, "a link is of an unknown version") }
        let flags = try reader.byte()
        let kind = flags & 8 != 0 ? try reader.byte() : 0
        if flags & 4 != 0 { try reader.skip(8) }
        if flags & 16 != 0 { try reader.skip(1) }
        let nameLength = Int(truncatingIfNeeded: try reader.littleEndian(bytes: 1 << Int(flags & 3)))
        let name = try reader.text(nameLength)
        switch kind {
        case 0:
            guard let object = try address(&reader) else { throw FormatError(place, "the link \(quoted(name)) leads nowhere") }
            return HDF5Link(name: name, target: .hard(object))
        case 1: return HDF5Link(name: name, target: .soft(try reader.text(Int(try reader.integer(UInt16.self)))))
        case 64:
            let length = Int(try reader.integer(UInt16.self))
            let parts = try reader.bytes(length).dropFirst().split(separator: 0, omittingEmptySubsequences: false)
            let texts = parts.map { String(decoding: $0, as: UTF8.self) }
            return HDF5Link(name: name, target: .external(file: texts.first ?? "", path: texts.dropFirst().first ?? ""))
        default: throw FormatError(place, "the link \(quoted(name)) is of the unknown kind \(kind)")
        }
    }

    private func denseLinks(_ reader: inout ByteReader) throws -> [HDF5Link] {
        try reader.skip(1)
        let flags = try reader.byte()
        if flags & 1 != 0 { try reader.skip(8) }
        guard let heapAddress = try address(&reader), let index = try address(&reader) else { return [] }
        let heap = try HDF5FractalHeap(self, at: heapAddress)
        // Records of the name index: a hash of four bytes, then the heap's identifier.
        return try records(ofTree: index).map { record in
            var inner = try heap.object(record.dropFirst(4))
            return try link(&inner)
        }
    }

    // MARK: Version 2 B-trees (section III.A.2)

    /// All records of a tree, in order.
    func records(ofTree treeAddress: Int) throws -> [ArraySlice<UInt8>] {
        var reader = try reader(at: treeAddress)
        try expect("BTHD", &reader)
        try reader.skip(2)
        let nodeSize = Int(try reader.integer(UInt32.self))
        let recordSize = Int(try reader.integer(UInt16.self))
        let depth = Int(try reader.integer(UInt16.self))
        try reader.skip(2)
        guard let root = try address(&reader) else { return [] }
        let rootCount = Int(try reader.integer(UInt16.self))
        guard recordSize > 0, nodeSize > 10, depth < 32 else { throw reader.failure("a tree has impossible measures") }
        let shape = TreeShape(nodeSize: nodeSize, recordSize: recordSize, offsetSize: offsetSize)
        var records: [ArraySlice<UInt8>] = []
        var waiting: [(address: Int, count: Int, depth: Int)] = [(root, rootCount, depth)]
        var seen = Set<Int>()
        while let node = waiting.popLast() {
            guard seen.insert(node.address).inserted else {
                throw FormatError(base + node.address, "a tree comes back to a node of its own")
            }
            var reader = try self.reader(at: node.address)
            try expect(node.depth == 0 ? "BTLF" : "BTIN", &reader)
            try reader.skip(2)
            for _ in 0..<node.count { records.append(try reader.bytes(recordSize)) }
            guard records.count <= limits.entries else { throw reader.failure("a tree has more than \(limits.entries) records") }
            guard node.depth > 0 else { continue }
            for _ in 0...node.count {
                guard let child = try address(&reader) else { throw reader.failure("a tree's node leads nowhere") }
                let count = Int(try reader.littleEndian(bytes: shape.countSize(atDepth: node.depth - 1)))
                if node.depth > 1 { try reader.skip(shape.totalSize(atDepth: node.depth - 1)) }
                waiting.append((child, count, node.depth - 1))
            }
        }
        return records
    }

    /// How wide the counts in a node's pointers are: as wide as the most records below them need.
    private struct TreeShape {
        let nodeSize: Int
        let recordSize: Int
        let offsetSize: Int

        /// Records that fit one node, and all records below it, for each depth.
        private func capacities(upTo depth: Int) -> [(own: Int, total: Int)] {
            let leaf = (nodeSize - 10) / recordSize
            var found = [(own: leaf, total: leaf)]
            for level in stride(from: 1, through: depth, by: 1) {
                let below = found[level - 1]
                let pointer = offsetSize + HDF5File.width(of: leaf) + (level > 1 ? HDF5File.width(of: below.total) : 0)
                let own = max(0, (nodeSize - 10 - pointer) / (recordSize + pointer))
                let (product, tooLarge) = (own + 1).multipliedReportingOverflow(by: below.total)
                found.append((own, tooLarge ? Int.max / 2 : product &+ own))
            }
            return found
        }

        func countSize(atDepth depth: Int) -> Int { HDF5File.width(of: (nodeSize - 10) / recordSize) }
        func totalSize(atDepth depth: Int) -> Int { HDF5File.width(of: capacities(upTo: depth)[depth].total) }
    }
}
