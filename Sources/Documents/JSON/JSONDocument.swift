/// A JSON text (RFC 8259) that has been checked whole and indexed, with every value at hand by its place in the text.
///
/// The index is one flat array in document order; no object is made for a value until it is asked for. Values know
/// their byte range, so a part of a record can be kept verbatim and an error can name its offset. Measured against
/// Foundation's `JSONDecoder`, see docs/benchmarks.md.
///
/// The reader takes hostile bytes: nesting and the number of values are bounded, strings must be valid UTF-8, and nothing
/// is accepted that RFC 8259 does not allow.
public final class JSONDocument: Sendable {
    let bytes: ArraySlice<UInt8>
    let nodes: [JSONNode]

    /// Reads one JSON text that takes up all of `bytes` but surrounding white space.
    ///
    /// - Throws: ``JSONError`` with the offset, counted from the start of `bytes`.
    public init(_ bytes: ArraySlice<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.size else {
            throw JSONError(
                offset: limits.size, problem: "the text has \(bytes.count) bytes, over the limit of \(limits.size)")
        }
        self.bytes = bytes
        var parser = JSONParser(limits: limits)
        let failure = bytes.withUnsafeBufferPointer { buffer in parser.parse(buffer) }
        if let failure { throw failure }
        nodes = parser.nodes
    }

    public convenience init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(bytes[...], limits: limits)
    }

    /// The value that the text is.
    public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// What a JSON text may cost.
public struct JSONLimits: Sendable {
    /// Bytes of text.
    public var size: Int
    /// Arrays and objects inside one another.
    public var depth: Int
    /// Values, keys included.
    public var values: Int

    public init(size: Int = 64 << 20, depth: Int = 128, values: Int = 4_000_000) {
        self.size = size
        self.depth = depth
        self.values = values
    }
}

/// Why a text is not JSON, or not JSON of a size that is read.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Bytes from the start of the text.
    public let offset: Int
    public let problem: String

    public init(offset: Int, problem: String) {
        self.offset = offset
        self.problem = problem
    }

    public var description: String { "\(problem) at byte \(offset)" }
}

/// One value, or one key of an object, in document order.
struct JSONNode: Sendable {
    enum Kind: UInt8, Sendable {
        case null, yes, no, number, string, escapedString, array, object
    }

    /// First byte; of a string, the byte after its opening quote.
    let start: UInt32
    /// Byte after the last one; of a string, its closing quote.
    var end: UInt32
    /// The node after this value and all inside it.
    var next: UInt32
    let kind: Kind
}

/// Recursion-free: the open arrays and objects are a stack of node indices.
private struct JSONParser {
    let limits: JSONLimits
    var nodes: [JSONNode] = []
    private var open: [Int] = []

    init(limits: JSONLimits) {
        self.limits = limits
    }

    mutating func parse(_ text: UnsafeBufferPointer<UInt8>) -> JSONError? {
        nodes.reserveCapacity(text.count / 12 + 1)
        do throws(JSONError) {
            try parseText(text)
            return nil
        } catch {
            return error
        }
    }

    private mutating func parseText(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var position = 0
        skipSpace(text, &position)
        try parseValueStart(text, &position)
        while let container = open.last {
            skipSpace(text, &position)
            guard position < text.count else { throw JSONError(offset: position, problem: "the text ends inside a value") }
            let isObject = nodes[container].kind == .object
            let byte = text[position]
            if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                position += 1
                nodes[container].end = UInt32(position)
                nodes[container].next = UInt32(nodes.count)
                open.removeLast()
                continue
            }
            if nodes.count > container + 1 {
                guard byte == UInt8(ascii: ",") else {
                    throw JSONError(offset: position, problem: "expected ',' or '\(isObject ? "}" : "]")'")
                }
                position += 1
                skipSpace(text, &position)
            }
            if isObject {
                guard position < text.count, text[position] == UInt8(ascii: "\"") else {
                    throw JSONError(offset: position, problem: "expected a key in quotes")
                }
                try parseString(text, &position)
                skipSpace(text, &position)
                guard position < text.count, text[position] == UInt8(ascii: ":") else {
                    throw JSONError(offset: position, problem: "expected ':' after a key")
                }
                position += 1
                skipSpace(text, &position)
            }
            try parseValueStart(text, &position)
        }
        skipSpace(text, &position)
        guard position == text.count else {
            throw JSONError(offset: position, problem: "there is text after the end of the value")
        }
    }

    /// Reads a whole scalar, or the opening bracket of an array or object.
    private mutating func parseValueStart(_ text: UnsafeBufferPointer<UInt8>, _ position: inout Int) throws(JSONError) {
        guard position < text.count else { throw JSONError(offset: position, problem: "the text ends where a value is due") }
        switch text[position] {
        case UInt8(ascii: "\""): try parseString(text, &position)
        case UInt8(ascii: "{"): try openContainer(.object, &position)
        case UInt8(ascii: "["): try openContainer(.array, &position)
        case UInt8(ascii: "t"): try parseWord("true", .yes, text, &position)
        case UInt8(ascii: "f"): try parseWord("false", .no, text, &position)
        case UInt8(ascii: "n"): try parseWord("null", .null, text, &position)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber(text, &position)
        default: throw JSONError(offset: position, problem: "expected a value")
        }
    }

    private mutating func openContainer(_ kind: JSONNode.Kind, _ position: inout Int) throws(JSONError) {
        guard open.count < limits.depth else {
            throw JSONError(offset: position, problem: "nested deeper than \(limits.depth)")
        }
        open.append(nodes.count)
        try append(kind, position, position + 1)
        position += 1
    }

    private mutating func append(_ kind: JSONNode.Kind, _ start: Int, _ end: Int) throws(JSONError) {
        guard nodes.count < limits.values else {
            throw JSONError(offset: start, problem: "more than \(limits.values) values")
        }
        nodes.append(JSONNode(start: UInt32(start), end: UInt32(end), next: UInt32(nodes.count + 1), kind: kind))
    }

    private mutating func parseWord(
        _ word: StaticString, _ kind: JSONNode.Kind, _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) throws(JSONError) {
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count else { throw JSONError(offset: position, problem: "expected a value") }
        for index in 0..<word.utf8CodeUnitCount where text[position + index] != word.utf8Start[index] {
            throw JSONError(offset: position, problem: "expected a value")
        }
        try append(kind, position, end)
        position = end
    }

    private mutating func parseNumber(_ text: UnsafeBufferPointer<UInt8>, _ position: inout Int) throws(JSONError) {
        let start = position
        func digits() -> Int {
            let first = position
            while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
            return position - first
        }
        if text[position] == UInt8(ascii: "-") { position += 1 }
        let leading = position
        let whole = digits()
        if whole == 0 || (whole > 1 && text[leading] == UInt8(ascii: "0")) {
            throw JSONError(offset: start, problem: "this is not a number")
        }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            if digits() == 0 { throw JSONError(offset: start, problem: "this is not a number") }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
                position += 1
            }
            if digits() == 0 { throw JSONError(offset: start, problem: "this is not a number") }
        }
        try append(.number, start, position)
    }

    private mutating func parseString(_ text: UnsafeBufferPointer<UInt8>, _ position: inout Int) throws(JSONError) {
        let start = position + 1
        var cursor = start
        var hasEscape = false
        var highBits: UInt8 = 0
        scan: while true {
            guard cursor < text.count else { throw JSONError(offset: start - 1, problem: "a string does not end") }
            let byte = text[cursor]
            switch byte {
            case UInt8(ascii: "\""): break scan
            case UInt8(ascii: "\\"):
                hasEscape = true
                cursor = try endOfEscape(text, cursor)
            case 0..<0x20: throw JSONError(offset: cursor, problem: "a control character stands in a string")
            default:
                highBits |= byte
                cursor += 1
            }
        }
        if highBits >= 0x80, let invalid = firstInvalidUTF8(in: text, from: start, to: cursor) {
            throw JSONError(offset: invalid, problem: "this is not UTF-8")
        }
        try append(hasEscape ? .escapedString : .string, start, cursor)
        position = cursor + 1
    }

    private func endOfEscape(_ text: UnsafeBufferPointer<UInt8>, _ backslash: Int) throws(JSONError) -> Int {
        guard backslash + 1 < text.count else { throw JSONError(offset: backslash, problem: "a string does not end") }
        switch text[backslash + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return backslash + 2
        case UInt8(ascii: "u"):
            guard backslash + 6 <= text.count, (2..<6).allSatisfy({ hexDigit(text[backslash + $0]) != nil }) else {
                throw JSONError(offset: backslash, problem: "'\\u' needs four hexadecimal digits")
            }
            return backslash + 6
        default: throw JSONError(offset: backslash, problem: "this escape does not exist")
        }
    }

    private func skipSpace(_ text: UnsafeBufferPointer<UInt8>, _ position: inout Int) {
        while position < text.count, isJSONSpace(text[position]) { position += 1 }
    }
}

public func isJSONSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}

/// The first byte that well-formed UTF-8 (Unicode 16, table 3-7) does not allow, or nil.
private func firstInvalidUTF8(in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int? {
    var index = start
    while index < end {
        let lead = text[index]
        if lead < 0x80 {
            index += 1
            continue
        }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch lead {
        case 0xc2...0xdf: length = 2
        case 0xe0...0xef:
            length = 3
            if lead == 0xe0 { second = 0xa0...0xbf } else if lead == 0xed { second = 0x80...0x9f }
        case 0xf0...0xf4:
            length = 4
            if lead == 0xf0 { second = 0x90...0xbf } else if lead == 0xf4 { second = 0x80...0x8f }
        default: return index
        }
        guard index + length <= end, second.contains(text[index + 1]) else { return index }
        for offset in 2..<max(2, length) where text[index + offset] & 0xc0 != 0x80 { return index }
        index += length
    }
    return nil
}
