import ModelFormats

/// Packed files and the archives that libarchive reads.
extension FileScanner {
    mutating func scanPacked(_ part: Part, _ compression: Compression) throws {
        let unpacked = try compression.unpackStreams(part.source, 0..<part.source.size, limit: limits.memberBytes)
        try budget.unpack(unpacked.bytes.count)
        cover(.parsed, unpacked.end, compression.rawValue, in: part)
        var inner = part.inner(GuardedSource(MemorySource(unpacked.bytes), budget), Self.unpackedName(part.name))
        if part.expected == .pickle { inner.expected = .pickle }
        try scan(inner)
        guard unpacked.end < part.source.size else { return }
        let rest = unpacked.end..<part.source.size
        let tail = try part.source.bytes(rest.lowerBound..<min(rest.upperBound, rest.lowerBound + 4096))
        if tail.allSatisfy({ $0 == 0 }) {
            cover(.skipped, rest.count, "padding", in: part)
            return
        }
        add(.trailingData, nil, "\(rest.count) bytes follow the packed data", at: rest.lowerBound, in: part)
        try scan(part.inner(PartSource(part.source, rest), "tail"))
    }

    /// `ZF`, the length in hexadecimal digits padded with spaces, and zlib (joblib.numpy_pickle_compat).
    mutating func scanOldJoblib(_ part: Part) throws {
        let head = Array(try part.source.prefix(64))
        guard
            let start = (3..<max(3, head.count - 1)).first(where: {
                head[$0] == 0x78 && head[$0 - 1] != UInt8(ascii: "0") && (Int(head[$0]) << 8 | Int(head[$0 + 1])) % 31 == 0
            })
        else {
            throw FormatError(2, "no packed data follow the mark")
        }
        var bytes: [UInt8] = []
        bytes = try Compression.zlib.unpack(part.source, start..<part.source.size, limit: limits.memberBytes)
        try budget.unpack(bytes.count)
        cover(.parsed, part.source.size, "joblib's old packed form", in: part)
        try scan(part.inner(GuardedSource(MemorySource(bytes), budget), "unpacked", expected: .pickle))
    }

    /// The name without the ending that says how it is packed.
    private static func unpackedName(_ name: String) -> String {
        let last = Names.last(of: name)
        let lower = last.lowercased()
        if lower.hasSuffix(".tgz") { return String(last.dropLast(4)) + ".tar" }
        for ending in [".gz", ".bz2", ".xz", ".lzma", ".zst", ".lz4", ".z"] where lower.hasSuffix(ending) {
            return String(last.dropLast(ending.count))
        }
        return last
    }

    mutating func scanArchive(_ part: Part, _ kind: LibraryArchive.Kind) throws {
        guard part.source.size <= limits.memberBytes else {
            throw FormatError(0, "the archive has \(part.source.size) bytes, more than the \(limits.memberBytes) that are read")
        }
        let bytes = try part.source.bytes(0..<part.source.size)
        var names = 0
        try LibraryArchive.read(bytes, limit: limits.memberBytes) { member in
            try budget.member()
            names += 1
            judgeMemberName(member.name, part)
            let inner = part.inner(part.source, member.name)
            if member.isEncrypted {
                fail("is encrypted", in: inner)
            } else if let content = member.bytes {
                try budget.unpack(content.count)
                if !content.isEmpty {
                    try scan(
                        Part(
                            source: GuardedSource(MemorySource(content), budget), name: member.name, member: inner.member,
                            depth: inner.depth, expected: nil))
                }
            } else {
                fail("cannot be unpacked: \(member.problem ?? "without a reason")", in: inner)
            }
        }
        if names == 0 { fail("\(kind.rawValue) archive without members that can be read", in: part) }
        cover(.parsed, part.source.size, "\(kind.rawValue) archive", in: part)
    }
}
