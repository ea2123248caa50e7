/// A tag of an XML text.
struct XMLTag {
    enum Kind { case opening, closing, empty }
    let kind: Kind
    let name: String
    let attributes: [String: String]
    let offset: Int
}

/// The tags of an XML text, one after the other. Texts between tags, comments and instructions are passed over; a document type, which is where XML's
/// entities and their bombs come from, is refused.
struct XMLTags {
    private var reader: ByteReader

    init(_ source: any ByteSource) { reader = ByteReader(source) }

    mutating func next() throws -> XMLTag? {
        while !reader.isAtEnd {
            let place = reader.position
            guard try reader.byte() == UInt8(ascii: "<") else { continue }
            switch try reader.peek() {
            case UInt8(ascii: "?"): try pass(until: "?>")
            case UInt8(ascii: "!"):
                if reader.remaining >= 3, try look("!--") {
                    try pass(until: "-->")
                } else if reader.remaining >= 8, try look("![CDATA[") {
                    try pass(until: "]]>")
                } else {
                    throw FormatError(place, "a document type is not read")
                }
            default: return try tag(place)
            }
        }
        return nil
    }

    private func look(_ text: String) throws -> Bool {
        var ahead = reader
        return try ahead.bytes(text.utf8.count).elementsEqual(text.utf8)
    }

    private mutating func pass(until end: String) throws {
        let start = reader.position
        while reader.remaining >= end.utf8.count {
            if try look(end) {
                try reader.skip(end.utf8.count)
                return
            }
            _ = try reader.byte()
        }
        throw FormatError(start, "'\(end)' is missing")
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }

    private mutating func skipSpace() throws {
        while isSpace(try reader.peek()) { _ = try reader.byte() }
    }

    private mutating func name() throws -> String {
        var bytes: [UInt8] = []
        while true {
            let byte = try reader.peek()
            if isSpace(byte) || [UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "<")].contains(byte) {
                break
            }
            bytes.append(try reader.byte())
            guard bytes.count <= 1024 else { throw reader.failure("a name is longer than 1,024 bytes") }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func tag(_ place: Int) throws -> XMLTag {
        let isClosing = try reader.peek() == UInt8(ascii: "/")
        if isClosing { _ = try reader.byte() }
        let name = try name()
        guard !name.isEmpty else { throw FormatError(place, "a tag has no name") }
        var attributes: [String: String] = [:]
        while true {
            try skipSpace()
            switch try reader.peek() {
            case UInt8(ascii: ">"):
                _ = try reader.byte()
                return XMLTag(kind: isClosing ? .closing : .opening, name: name, attributes: attributes, offset: place)
            case UInt8(ascii: "/"):
                _ = try reader.byte()
                guard try reader.byte() == UInt8(ascii: ">") else { throw FormatError(place, "a tag has a '/' in it") }
                return XMLTag(kind: .empty, name: name, attributes: attributes, offset: place)
            default:
                let key = try self.name()
                try skipSpace()
                guard !key.isEmpty, try reader.byte() == UInt8(ascii: "=") else {
                    throw FormatError(place, "an attribute has no value")
                }
                try skipSpace()
                let quote = try reader.byte()
                guard quote == 0x22 || quote == 0x27 else { throw FormatError(place, "an attribute's value is not in quotes") }
                let value = try reader.bytes(upTo: quote, atMost: 1 << 20)
                attributes[key] = Self.unescaped(String(decoding: value, as: UTF8.self))
                guard attributes.count <= 256 else { throw FormatError(place, "a tag has more than 256 attributes") }
            }
        }
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = text
        for (escape, character) in [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#10;", "\n"), ("&amp;", "&"),
        ] {
            result = result.replacing(escape, with: character)
        }
        return result
    }
}
