/// What loaders that are less strict than Weir would find in a zip archive. Checkers were passed by archives whose flags, methods, sizes or check sums lie, for
/// loaders ignore one or the other of them.
extension ZipArchive {
    /// A member's content however a loader may come to it, and what its headers lie about.
    package struct Reading {
        package var content: any ByteSource
        package var lies: [String]
    }

    /// The member as its directory has it; where that fails, as it decodes.
    /// - Throws: ``FormatError`` where no method gives anything, as for members that are really encrypted.
    package func reading(of entry: Entry, limit: Int) throws -> Reading {
        let refusal: FormatError
        do {
            let content = try contents(of: entry, limit: limit)
            if entry.method == 0, content.size <= limit, crc32(of: try content.bytes(0..<content.size)) != entry.checksum {
                return Reading(content: content, lies: ["its check sum differs"])
            }
            return Reading(content: content, lies: [])
        } catch let error as FormatError {
            refusal = error
        }
        let start = try LocalHeader(source, entry.headerOffset).dataStart
        let end = min(
            directoryStart, start.addingReportingOverflow(entry.packedSize).overflow ? directoryStart : start + entry.packedSize)
        guard start <= end else { throw refusal }
        var candidates: [(bytes: [UInt8], what: String)] = []
        do {
            candidates.append((try Compression.deflate.unpack(source, start..<max(end, start), limit: limit), "it is deflated"))
        } catch is FormatError {}
        if end - start <= limit { candidates.append((Array(try source.bytes(start..<end)), "it is stored")) }
        if let exact = candidates.first(where: { crc32(of: $0.bytes) == entry.checksum }) {
            return Reading(
                content: MemorySource(exact.bytes), lies: ["\(exact.what), whatever its headers say (\(refusal.problem))"])
        }
        if !entry.isEncrypted, entry.method == 8, let first = candidates.first, first.what == "it is deflated" {
            return Reading(content: MemorySource(first.bytes), lies: [refusal.problem])
        }
        throw refusal
    }

    /// Members that a range holds by their own headers, of which the directory says nothing.
    package static func unlistedMembers(of source: any ByteSource, in range: Range<Int>, limit: Int) throws -> [(
        name: String, content: any ByteSource, offset: Int
    )] {
        var found: [(name: String, content: any ByteSource, offset: Int)] = []
        var place = range.lowerBound
        while place + 30 <= range.upperBound, found.count < 10_000 {
            guard let next = try firstHeader(source, place..<range.upperBound) else { break }
            place = next + 4
            let header: LocalHeader
            do {
                header = try LocalHeader(source, next)
            } catch is FormatError {
                continue
            }
            guard header.dataStart <= range.upperBound else { continue }
            let name = String(decoding: header.name, as: UTF8.self)
            let stated = Int(header.packedSize)
            let end = stated > 0 && stated <= range.upperBound - header.dataStart ? header.dataStart + stated : range.upperBound
            if header.method == 8 {
                do {
                    found.append(
                        (name, MemorySource(try Compression.deflate.unpack(source, header.dataStart..<end, limit: limit)), next))
                } catch is FormatError {
                    found.append((name, PartSource(source, header.dataStart..<end), next))
                }
            } else {
                found.append((name, PartSource(source, header.dataStart..<end), next))
            }
            if stated > 0 { place = max(place, end) }
        }
        return found
    }

    private static func firstHeader(_ source: any ByteSource, _ range: Range<Int>) throws -> Int? {
        var place = range.lowerBound
        while place + 4 <= range.upperBound {
            let chunk = Array(try source.bytes(place..<min(range.upperBound, place + (1 << 16))))
            var index = 0
            while index + 4 <= chunk.count {
                if chunk[index] == 0x50, chunk[index + 1] == 0x4b, chunk[index + 2] == 3, chunk[index + 3] == 4 {
                    return place + index
                }
                index += 1
            }
            if place + chunk.count >= range.upperBound { return nil }
            place += chunk.count - 3
        }
        return nil
    }
}
