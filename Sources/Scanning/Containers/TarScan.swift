import ModelFormats

/// Tar archives (POSIX ustar and pax, GNU's long names), with what their links would do.
extension FileScanner {
    mutating func scanTar(_ part: Part) throws {
        var reader = ByteReader(part.source)
        var longName: String?
        var linkTargets: [String: String] = [:]
        var hasEnd = false
        while reader.remaining >= 512 {
            try budget.member()
            let place = reader.position
            let header = Array(try reader.bytes(512))
            if header.allSatisfy({ $0 == 0 }) {
                hasEnd = true
                break
            }
            guard TarMembers.isHeader(header[...]) else {
                fail("tar archive: no member begins at byte \(place)", in: part)
                cover(.notUnderstood, part.source.size - place, "behind a broken tar header", in: part)
                return
            }
            let size = try Self.size(header, place)
            guard size <= reader.remaining else {
                throw FormatError(place, "a member is said to have \(size) bytes, and \(reader.remaining) are left")
            }
            let data = reader.position..<reader.position + size
            try reader.skip(min(reader.remaining, (size + 511) / 512 * 512))
            switch header[156] {
            case UInt8(ascii: "L"): longName = Self.text(try part.source.bytes(data))
            case UInt8(ascii: "x"), UInt8(ascii: "g"):
                longName =
                    Self.paxPath(try part.source.bytes(data.lowerBound..<min(data.upperBound, data.lowerBound + 65536)))
                    ?? longName
            case UInt8(ascii: "K"): break
            default:
                let prefix =
                    header[257..<262].elementsEqual("ustar".utf8) && header[263] != 0x20 ? Self.text(header[345..<500]) : ""
                let short = Self.text(header[0..<100])
                let name = longName ?? (prefix.isEmpty ? short : "\(prefix)/\(short)")
                longName = nil
                judgeMemberName(name, part)
                if header[156] == UInt8(ascii: "1") || header[156] == UInt8(ascii: "2") {
                    judgeLink(
                        name, to: Self.text(header[157..<257]), isHard: header[156] == UInt8(ascii: "1"), &linkTargets, part)
                } else {
                    judgeThroughLink(name, linkTargets, part)
                    if size > 0 { try scanMember(part, name, data) }
                }
            }
        }
        if !hasEnd { fail("tar archive: it ends without an end mark", in: part) }
        cover(.parsed, 512, "tar headers", in: part)
        let rest = reader.position..<part.source.size
        if hasEnd, !rest.isEmpty {
            let head = try part.source.bytes(rest.lowerBound..<min(rest.upperBound, rest.lowerBound + 65536))
            if head.contains(where: { $0 != 0 }) {
                add(.trailingData, nil, "\(rest.count) bytes follow the end of the archive", at: rest.lowerBound, in: part)
                try scan(part.inner(PartSource(part.source, rest), "tail"))
            }
        }
    }

    private mutating func scanMember(_ part: Part, _ name: String, _ data: Range<Int>) throws {
        let last = Names.last(of: name)
        var inner = part.inner(PartSource(part.source, data), name)
        // The members of PyTorch's first form, which are pickles whatever they are called.
        if last == "pickle" || last == "storages" || last == "tensors" || last == "sys_info" { inner.expected = .pickle }
        do {
            try scan(inner)
        } catch let error as FormatError {
            fail(error.description, in: inner)
        }
    }

    mutating func judgeLink(_ name: String, to target: String, isHard: Bool, _ targets: inout [String: String], _ part: Part) {
        var depth = isHard ? 0 : name.split(separator: "/").count - 1
        var leadsOut = target.hasPrefix("/")
        for step in target.split(separator: "/") where step != "." {
            depth += step == ".." ? -1 : 1
            if depth < 0 { leadsOut = true }
        }
        if leadsOut {
            add(
                .archiveSlip, nil,
                "holds the link \(quoted(name)) to \(quoted(target)), out of the folder that it is unpacked to", in: part)
        }
        if targets.count < 10_000 { targets[name] = target }
    }

    mutating func judgeThroughLink(_ name: String, _ targets: [String: String], _ part: Part) {
        guard !targets.isEmpty else { return }
        var path = ""
        for step in name.split(separator: "/").dropLast() {
            path += path.isEmpty ? String(step) : "/\(step)"
            if let target = targets[path] {
                add(.archiveSlip, nil, "writes \(quoted(name)) through the link \(quoted(path)) to \(quoted(target))", in: part)
            }
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    /// Octal digits, or for large files GNU's base 256.
    private static func size(_ header: [UInt8], _ place: Int) throws -> Int {
        if header[124] & 0x80 != 0 {
            var value = 0
            for byte in header[128..<136] {
                guard value < 1 << 48 else { throw FormatError(place, "a member's size is past all measure") }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = String(decoding: header[124..<136].filter { 0x30...0x37 ~= $0 }, as: UTF8.self)
        guard let size = digits.isEmpty ? 0 : Int(digits, radix: 8) else {
            throw FormatError(place, "a member's size is no number")
        }
        return size
    }

    /// The `path` of a pax header: lines of length, key and value.
    private static func paxPath(_ bytes: ArraySlice<UInt8>) -> String? {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let space = line.firstIndex(of: " ") else { continue }
            let pair = line[line.index(after: space)...]
            if pair.hasPrefix("path=") { return String(pair.dropFirst(5)) }
        }
        return nil
    }
}
