/// The text of string constants: escapes resolved, side-by-side strings joined.
///
/// Text is kept as Unicode scalar values and lone surrogates, for Python's strings may hold these.
struct StringLiteral {
    let source: SourceText
    /// Code points, surrogates among them; or bytes.
    private(set) var units: [UInt32] = []

    init(_ source: SourceText) {
        self.source = source
    }

    /// Adds a string token with its prefix and quotes.
    mutating func add(token range: Range<Int>) {
        var start = range.lowerBound
        var isRaw = false
        var isBytes = false
        while source.bytes[start] != UInt8(ascii: "'"), source.bytes[start] != UInt8(ascii: "\"") {
            let letter = source.bytes[start] | 0x20
            if letter == UInt8(ascii: "r") { isRaw = true }
            if letter == UInt8(ascii: "b") { isBytes = true }
            start += 1
        }
        let quote = source.bytes[start]
        let isTriple =
            range.upperBound - start >= 6 && source.bytes[start + 1] == quote && source.bytes[start + 2] == quote
        let width = isTriple ? 3 : 1
        add(from: start + width, to: range.upperBound - width, isRaw: isRaw, isBytes: isBytes, isFormatted: false)
    }

    /// Adds text between the braces of an f-string.
    mutating func add(middle range: Range<Int>, isRaw: Bool) {
        add(from: range.lowerBound, to: range.upperBound, isRaw: isRaw, isBytes: false, isFormatted: true)
    }

    mutating func add(verbatim range: Range<Int>) {
        add(from: range.lowerBound, to: range.upperBound, isRaw: true, isBytes: false, isFormatted: false)
    }

    private mutating func add(from start: Int, to end: Int, isRaw: Bool, isBytes: Bool, isFormatted: Bool) {
        var offset = start
        while offset < end {
            let byte = source.bytes[offset]
            switch byte {
            case 0x5c where !isRaw: offset = addEscape(at: offset, end: end, isBytes: isBytes)
            case 0x0d:
                units.append(0x0a)
                offset += source.bytes[offset + 1] == 0x0a ? 2 : 1
            case UInt8(ascii: "{") where isFormatted, UInt8(ascii: "}") where isFormatted:
                units.append(UInt32(byte))
                offset += source.bytes[offset + 1] == byte && offset + 1 < end ? 2 : 1
            case 0x80...:
                let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
                var value = UInt32(byte) & (length == 4 ? 0x07 : length == 3 ? 0x0f : 0x1f)
                for index in 1..<length where offset + index < end {
                    value = value << 6 | UInt32(source.bytes[offset + index] & 0x3f)
                }
                units.append(value)
                offset += length
            default:
                units.append(UInt32(byte))
                offset += 1
            }
        }
    }

    /// Adds what a backslash and what follows it stand for. Returns the place behind.
    private mutating func addEscape(at offset: Int, end: Int, isBytes: Bool) -> Int {
        guard offset + 1 < end else {
            units.append(0x5c)
            return offset + 1
        }
        let byte = source.bytes[offset + 1]
        func simple(_ value: UInt32) -> Int {
            units.append(value)
            return offset + 2
        }
        switch byte {
        case 0x0a: return offset + 2
        case 0x0d: return offset + (source.bytes[offset + 2] == 0x0a ? 3 : 2)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return simple(UInt32(byte))
        case UInt8(ascii: "a"): return simple(7)
        case UInt8(ascii: "b"): return simple(8)
        case UInt8(ascii: "f"): return simple(12)
        case UInt8(ascii: "n"): return simple(10)
        case UInt8(ascii: "r"): return simple(13)
        case UInt8(ascii: "t"): return simple(9)
        case UInt8(ascii: "v"): return simple(11)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            var value: UInt32 = 0
            var place = offset + 1
            while place < min(end, offset + 4), source.bytes[place] &- 0x30 < 8 {
                value = value << 3 | UInt32(source.bytes[place] - 0x30)
                place += 1
            }
            units.append(isBytes ? value & 0xff : value)
            return place
        case UInt8(ascii: "x"): return addHexadecimal(offset, digits: 2, end)
        case UInt8(ascii: "u") where !isBytes: return addHexadecimal(offset, digits: 4, end)
        case UInt8(ascii: "U") where !isBytes: return addHexadecimal(offset, digits: 8, end)
        case UInt8(ascii: "N") where !isBytes:
            var close = offset + 3
            while close < end, source.bytes[close] != UInt8(ascii: "}") { close += 1 }
            guard close < end, let scalar = UnicodeNames.scalar(named: source.text((offset + 3)..<close)) else { break }
            units.append(scalar.value)
            return close + 1
        default: break
        }
        // An escape that is none stays as it is.
        units.append(0x5c)
        return offset + 1
    }

    private mutating func addHexadecimal(_ offset: Int, digits: Int, _ end: Int) -> Int {
        var value: UInt32 = 0
        for index in 0..<digits {
            guard offset + 2 + index < end, let digit = hexDigit(source.bytes[offset + 2 + index]) else {
                units.append(0x5c)
                return offset + 1
            }
            value = value << 4 | digit
        }
        units.append(value)
        return offset + 2 + digits
    }
}
