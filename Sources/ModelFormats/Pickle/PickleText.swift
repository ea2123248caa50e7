/// The texts of protocol 0.
enum PickleText {
    /// The argument of `STRING`: a Python literal in quotes, with the escapes of `codecs.escape_decode`.
    static func string(_ line: ArraySlice<UInt8>, _ place: Int) throws -> PickleObject {
        var body = line
        while let last = body.last, last == 0x20 || last == 0x0d { body = body.dropLast() }
        guard body.count >= 2, let quote = body.first, quote == 0x27 || quote == 0x22, body.last == quote else {
            throw FormatError(place, "a text is not in quotes")
        }
        body = body.dropFirst().dropLast()
        var bytes: [UInt8] = []
        var index = body.startIndex
        while index < body.endIndex {
            let byte = body[index]
            index += 1
            guard byte == 0x5c, index < body.endIndex else {
                bytes.append(byte)
                continue
            }
            let escaped = body[index]
            index += 1
            switch escaped {
            case UInt8(ascii: "n"): bytes.append(0x0a)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "r"): bytes.append(0x0d)
            case UInt8(ascii: "a"): bytes.append(7)
            case UInt8(ascii: "b"): bytes.append(8)
            case UInt8(ascii: "f"): bytes.append(12)
            case UInt8(ascii: "v"): bytes.append(11)
            case 0x27, 0x22, 0x5c: bytes.append(escaped)
            case UInt8(ascii: "x"):
                guard let value = UInt8(String(decoding: body[index...].prefix(2), as: UTF8.self), radix: 16),
                    body[index...].count >= 2
                else {
                    throw FormatError(place, "a text has a broken escape")
                }
                bytes.append(value)
                index += 2
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                var value = Int(escaped - 0x30)
                var digits = 1
                while digits < 3, index < body.endIndex, 0x30...0x37 ~= body[index] {
                    value = value * 8 + Int(body[index] - 0x30)
                    index += 1
                    digits += 1
                }
                bytes.append(UInt8(truncatingIfNeeded: value))
            default: bytes += [0x5c, escaped]
            }
        }
        if let text = String(validating: bytes, as: UTF8.self) { return .text(text) }
        // No range of the file holds these bytes; as Latin-1 none of them is lost.
        return .text(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
    }

    /// The argument of `UNICODE`: Latin-1 with `\u` and `\U` escapes.
    static func rawUnicodeEscaped(_ line: ArraySlice<UInt8>) -> String {
        var scalars = String.UnicodeScalarView()
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            if byte == 0x5c, index + 1 < line.endIndex, line[index + 1] == 0x5c {
                // A backslash before another one is no escape, and neither is what follows the two.
                scalars.append("\\")
                scalars.append("\\")
                index += 2
            } else if byte == 0x5c, index + 1 < line.endIndex,
                let digits = [UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][line[index + 1]],
                index + 2 + digits <= line.endIndex,
                let value = UInt32(String(decoding: line[index + 2..<index + 2 + digits], as: UTF8.self), radix: 16)
            {
                scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
                index += 2 + digits
            } else {
                scalars.append(Unicode.Scalar(byte))
                index += 1
            }
        }
        return String(scalars)
    }
}
