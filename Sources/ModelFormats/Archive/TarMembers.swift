/// The plain files of a tar archive (POSIX ustar, with GNU's long names left alone: no reader here needs them).
package enum TarMembers {
    package static func read(_ source: any ByteSource, limits: ReadLimits) throws -> [String: Range<Int>] {
        var members: [String: Range<Int>] = [:]
        var reader = ByteReader(source)
        while reader.remaining >= 512, members.count < limits.entries {
            let place = reader.position
            let header = Array(try reader.bytes(512))
            if header.allSatisfy({ $0 == 0 }) { break }
            guard isHeader(header[...]) else { throw FormatError(place, "this is no header of a tar archive") }
            let name = String(decoding: header[..<100].prefix { $0 != 0 }, as: UTF8.self)
            let sizeText = String(decoding: header[124..<136].filter { 0x30...0x37 ~= $0 }, as: UTF8.self)
            guard let size = Int(sizeText, radix: 8), size <= reader.remaining else {
                throw FormatError(place, "the member \(quoted(name)) is said to have \(quoted(sizeText)) bytes")
            }
            let kind = header[156]
            if kind == 0 || kind == 0x30 {
                members[name.hasPrefix("./") ? String(name.dropFirst(2)) : name] = reader.position..<reader.position + size
            }
            try reader.skip(min(reader.remaining, (size + 511) / 512 * 512))
        }
        return members
    }

    /// Whether the 512 bytes have the check sum that they say.
    package static func isHeader(_ block: ArraySlice<UInt8>) -> Bool {
        guard block.count >= 512 else { return false }
        let header = Array(block.prefix(512))
        let stated = Int(String(decoding: header[148..<156].filter { 0x30...0x37 ~= $0 }, as: UTF8.self), radix: 8)
        let sum = header.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        return stated == sum
    }
}
