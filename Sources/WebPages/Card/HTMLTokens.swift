/// Raw HTML as it stands in a card, cut into tags and texts. Comments, declarations and what is not closed are left out.
///
/// Only names and attributes come out; what is shown of them, others decide and spell anew. Takes time in proportion to the text.
struct HTMLTokens {
    enum Token: Equatable {
        case text(String)
        /// Names are in lower case; of an attribute that stands twice, the first counts.
        case start(String, [String: String])
        case end(String)
    }

    private var rest: ArraySlice<UInt8>

    /// Attributes of one tag that are looked at.
    private static let maximumAttributes = 32

    init(_ html: String) {
        rest = Array(html.utf8)[...]
    }

    /// The next token, or nil at the end.
    mutating func next() -> Token? {
        while let first = rest.first {
            guard first == UInt8(ascii: "<"), let second = rest.dropFirst().first else { return text() }
            switch second {
            case UInt8(ascii: "!"), UInt8(ascii: "?"): skipDeclaration()
            case UInt8(ascii: "/"):
                if let token = endTag() { return token }
            case _ where Self.isLetter(second):
                if let token = startTag() { return token }
            default: return text()
            }
        }
        return nil
    }

    /// Up to the next `<`, which may be the first byte where it begins no tag.
    private mutating func text() -> Token {
        let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "<")) ?? rest.endIndex
        defer { rest = rest[end...] }
        return .text(HTMLEntities.decoded(String(decoding: rest[..<end], as: UTF8.self)))
    }

    private mutating func skipDeclaration() {
        if rest.starts(with: "<!--".utf8) {
            rest = rest.dropFirst(4)
            while !rest.isEmpty, !rest.starts(with: "-->".utf8) { rest.removeFirst() }
            rest = rest.dropFirst(3)
        } else {
            skip(past: UInt8(ascii: ">"))
        }
    }

    private mutating func endTag() -> Token? {
        rest = rest.dropFirst(2)
        let name = name()
        skip(past: UInt8(ascii: ">"))
        return name.isEmpty ? nil : .end(name)
    }

    private mutating func startTag() -> Token? {
        rest = rest.dropFirst()
        let name = name()
        var attributes: [String: String] = [:]
        while true {
            rest = rest.drop { Self.isSpace($0) || $0 == UInt8(ascii: "/") }
            // A tag without an end is none.
            guard let byte = rest.first else { return nil }
            if byte == UInt8(ascii: ">") { break }
            let (attribute, value) = attribute()
            if attributes.count < Self.maximumAttributes, attributes[attribute] == nil { attributes[attribute] = value }
        }
        rest = rest.dropFirst()
        return .start(name, attributes)
    }

    private mutating func attribute() -> (name: String, value: String) {
        // A `=` at the start belongs to the name, as browsers have it.
        let end =
            rest.dropFirst().firstIndex { Self.endsName($0) || $0 == UInt8(ascii: "=") } ?? rest.endIndex
        let name = String(decoding: rest[..<end], as: UTF8.self).lowercased()
        rest = rest[end...].drop(while: Self.isSpace)
        guard rest.first == UInt8(ascii: "=") else { return (name, "") }
        rest = rest.dropFirst().drop(while: Self.isSpace)
        let value: ArraySlice<UInt8>
        if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            rest = rest.dropFirst()
            value = rest.prefix { $0 != quote }
            rest = rest.dropFirst(value.count + 1)
        } else {
            value = rest.prefix { !Self.isSpace($0) && $0 != UInt8(ascii: ">") }
            rest = rest.dropFirst(value.count)
        }
        return (name, HTMLEntities.decoded(String(decoding: value, as: UTF8.self)))
    }

    private mutating func name() -> String {
        let name = rest.prefix { !Self.endsName($0) }
        rest = rest.dropFirst(name.count)
        return String(decoding: name, as: UTF8.self).lowercased()
    }

    private mutating func skip(past byte: UInt8) {
        rest = rest.firstIndex(of: byte).map { rest[($0 + 1)...] } ?? rest[rest.endIndex...]
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lowered = byte | 0x20
        return lowered >= UInt8(ascii: "a") && lowered <= UInt8(ascii: "z")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d || byte == 0x0c
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
    }
}
