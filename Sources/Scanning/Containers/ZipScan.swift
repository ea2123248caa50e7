import ModelFormats

/// Zip archives as every loader would see them: by the directory, by the local headers, and what neither speaks of.
extension FileScanner {
    mutating func scanZip(_ part: Part) throws {
        let archive: ZipArchive
        do {
            archive = try ZipArchive(part.source, limits: limits.reading)
        } catch let error as FormatError {
            // Without a directory there are still members, by their own headers.
            fail("zip archive: \(error)", in: part)
            try scanUnlisted(part, 0..<part.source.size)
            return
        }
        for problem in archive.problems.prefix(20) { add(.archiveLie, nil, problem.problem, at: problem.offset, in: part) }
        let torch = TorchLayout(archive)
        var linkTargets: [String: String] = [:]
        cover(.parsed, part.source.size - archive.directoryStart, "zip directory", in: part)
        for entry in archive.entries where !entry.isFolder {
            try budget.member()
            judgeMemberName(entry.name, part)
            judgeThroughLink(entry.name, linkTargets, part)
            if archive.problems.isEmpty, !entry.isEncrypted, torch.isStorage(entry.name) {
                cover(.skipped, entry.packedSize, "storages of PyTorch, numbers only", in: part)
                continue
            }
            let inner = part.inner(part.source, entry.name)
            do {
                let reading = try archive.reading(of: entry, limit: limits.memberBytes)
                if entry.method != 0 { try budget.unpack(reading.content.size) }
                if entry.isLink, reading.content.size <= 4096 {
                    let target = String(decoding: try reading.content.bytes(0..<reading.content.size), as: UTF8.self)
                    judgeLink(entry.name, to: target, isHard: false, &linkTargets, part)
                }
                for lie in reading.lies {
                    add(
                        .archiveLie, nil, "the member \(quoted(entry.name)) is not as it says: \(lie)", at: entry.headerOffset,
                        in: part)
                }
                try scan(
                    Part(
                        source: GuardedSource(reading.content, budget), name: entry.name, member: inner.member,
                        depth: inner.depth,
                        expected: torch.isPickle(entry.name) ? .pickle : nil))
            } catch let error as FormatError {
                fail(error.problem, in: inner)
                cover(.notUnderstood, entry.packedSize, "a member that cannot be read", in: inner)
            }
        }
        for range in archive.unclaimed { try scanUnlisted(part, range) }
    }

    /// Bytes of an archive that its directory does not speak of.
    private mutating func scanUnlisted(_ part: Part, _ range: Range<Int>) throws {
        guard !range.isEmpty else { return }
        let members = try ZipArchive.unlistedMembers(of: part.source, in: range, limit: limits.memberBytes)
        for member in members {
            try budget.member()
            add(
                .archiveLie, nil, "holds the member \(quoted(member.name)), which its directory does not list", at: member.offset,
                in: part)
            try budget.unpack(member.content.size)
            var inner = part.inner(GuardedSource(member.content, budget), member.name)
            if member.name.hasSuffix(".pkl") { inner.expected = .pickle }
            try scan(inner)
        }
        // What stands before the first member may be a file of its own: a pickle, a script.
        let bare = members.first.map { range.lowerBound..<max(range.lowerBound, $0.offset) } ?? range
        guard !bare.isEmpty, bare.count < part.source.size, bare.count > 1 else { return }
        let inner = part.inner(PartSource(part.source, bare), "bytes \(bare.lowerBound) to \(bare.upperBound)")
        let kinds = try ContentDetection.kinds(inner.source, name: "bytes")
        if kinds.contains(where: { ![.unknown, .text, .zip].contains($0) }) { try scan(inner) }
    }

    /// A member that, once unpacked, would lie outside the folder that it is unpacked to.
    mutating func judgeMemberName(_ name: String, _ part: Part) {
        let slashed = name.replacingBackslashes
        let isAbsolute = slashed.hasPrefix("/") || slashed.dropFirst().hasPrefix(":/")
        if isAbsolute || slashed.split(separator: "/", omittingEmptySubsequences: false).contains("..") {
            add(
                .archiveSlip, nil, "holds the member \(quoted(name)), which leads out of the folder that it is unpacked to",
                in: part)
        }
    }
}

extension String {
    fileprivate var replacingBackslashes: String { String(map { $0 == "\\" ? "/" : $0 }) }
}

/// What the members of an archive are to PyTorch.
struct TorchLayout {
    private let prefixes: [String]

    init(_ archive: ZipArchive) {
        prefixes = archive.entries.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }.map {
            String($0.name.dropLast("data.pkl".count))
        }
    }

    /// Raw numbers that no loader takes for anything else: `PREFIX/data/NUMBER`, and TorchScript's constants.
    func isStorage(_ name: String) -> Bool {
        prefixes.contains { prefix in
            ["data/", "constants/", "tensors/"].contains { folder in
                name.hasPrefix(prefix + folder) && !name.dropFirst(prefix.count + folder.count).isEmpty
                    && name.dropFirst(prefix.count + folder.count).allSatisfy { $0.isASCII && $0.isNumber }
            }
        }
    }

    func isPickle(_ name: String) -> Bool {
        name.hasSuffix(".pkl") && prefixes.contains { name.hasPrefix($0) }
    }
}
