import CZlib
import Foundation

/// Encodings of texts and of bytes, as Python's `codecs`, `base64`, `binascii` and `zlib` decode them.
package enum Encodings {
    /// What is decompressed does not grow larger than this.
    private static let largest = 1 << 22

    // MARK: Texts

    static func normalized(_ name: String) -> String { name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " } }

    static func encode(_ text: String, _ encoding: String) -> [UInt8]? {
        switch normalized(encoding) {
        case "utf8", "u8", "utf", "cp65001": return Array(text.utf8)
        case "ascii", "usascii": return text.utf8.allSatisfy { $0 < 0x80 } ? Array(text.utf8) : nil
        case "latin1", "iso88591", "l1":
            var bytes: [UInt8] = []
            for scalar in text.unicodeScalars {
                guard let byte = UInt8(exactly: scalar.value) else { return nil }
                bytes.append(byte)
            }
            return bytes
        case "unicodeescape":
            guard let quoted = Formatting.representation(.text(text.replacing("'", with: "\""))),
                text.utf8.allSatisfy({ $0 < 0x80 })
            else { return nil }
            return text.contains("'") ? nil : Array(quoted.dropFirst().dropLast().utf8)
        case "utf16le": return text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        case "utf16be": return text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        case "utf16": return [0xff, 0xfe] + text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        case "utf32le": return text.unicodeScalars.flatMap { scalar in (0..<4).map { UInt8(scalar.value >> (8 * $0) & 0xff) } }
        default: return nil
        }
    }

    static func decode(_ bytes: [UInt8], _ encoding: String) -> String? {
        switch normalized(encoding) {
        case "utf8", "u8", "utf", "cp65001": return String(validating: bytes, as: UTF8.self)
        case "utf8sig":
            return String(validating: bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes, as: UTF8.self)
        case "ascii", "usascii": return bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
        case "latin1", "iso88591", "l1": return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case "utf16le", "utf16be", "utf16":
            var units = stride(from: 0, to: bytes.count - 1, by: 2).map { (UInt16(bytes[$0]), UInt16(bytes[$0 + 1])) }
                .map { normalized(encoding) == "utf16be" ? $0 << 8 | $1 : $1 << 8 | $0 }
            if normalized(encoding) == "utf16", units.first == 0xfeff { units.removeFirst() }
            return bytes.count.isMultiple(of: 2) ? String(validating: units, as: UTF16.self) : nil
        case "unicodeescape": return decode(bytes, "latin-1").flatMap(unescaped)
        default: return nil
        }
    }

    /// A text with its escapes resolved, as a string literal has them.
    private static func unescaped(_ text: String) -> String? {
        let source = text.replacing("'", with: "\\'").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
        guard case .text(let value)? = ConstantExpression.value(of: "'\(source)'") else { return nil }
        return value
    }

    package static func rot13(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let base: UInt32
                    switch scalar {
                    case "a"..."z": base = 97
                    case "A"..."Z": base = 65
                    default: return scalar
                    }
                    return Unicode.Scalar((scalar.value - base + 13) % 26 + base) ?? scalar
                }))
    }

    // MARK: Bytes as text

    package static func hexadecimal(_ text: some Sequence<UInt8>, ignoresSpace: Bool) -> [UInt8]? {
        var digits: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(byte - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(byte - 55)
            case 0x20, 0x09, 0x0a, 0x0d:
                if !ignoresSpace { return nil }
            default: return nil
            }
        }
        guard digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Base 64 as Python reads it: letters that do not belong to it are passed over.
    static func base64(_ text: [UInt8], isURL: Bool = false) -> [UInt8]? {
        let letters =
            isURL
            ? text.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0 } : text
        return Data(base64Encoded: Data(letters), options: .ignoreUnknownCharacters).map { Array($0) }
    }

    static func base64Encoded(_ bytes: [UInt8], isURL: Bool = false) -> [UInt8] {
        let text = Array(Data(bytes).base64EncodedString().utf8)
        return isURL
            ? text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 } : text
    }

    /// Base 32 (RFC 4648, section 6).
    static func base32(_ text: [UInt8]) -> [UInt8]? {
        var bits: UInt64 = 0
        var count = 0
        var out: [UInt8] = []
        for byte in text where byte != UInt8(ascii: "=") {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = byte - 24
            default: return nil
            }
            bits = bits << 5 | UInt64(value)
            count += 5
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt64(count)))
            }
        }
        return text.count.isMultiple(of: 8) ? out : nil
    }

    private static let alphabet85 = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~".utf8)

    /// Base 85 as `base64.b85decode` (the alphabet of git) or `a85decode` (Ascii85) reads it.
    static func base85(_ text: [UInt8], isASCII85: Bool) -> [UInt8]? {
        var values: [UInt32] = []
        for byte in text {
            if isASCII85 {
                if byte == UInt8(ascii: "z"), values.count.isMultiple(of: 5) {
                    values += [0, 0, 0, 0, 0]
                    continue
                }
                if [0x20, 0x09, 0x0a, 0x0d, 0x0b].contains(byte) { continue }
                guard (33...117).contains(byte) else { return nil }
                values.append(UInt32(byte - 33))
            } else {
                guard let value = alphabet85.firstIndex(of: byte) else { return nil }
                values.append(UInt32(value))
            }
        }
        let padding = (5 - values.count % 5) % 5
        values += Array(repeating: 84, count: padding)
        var out: [UInt8] = []
        for start in stride(from: 0, to: values.count, by: 5) {
            var word: UInt64 = 0
            for value in values[start..<(start + 5)] { word = word * 85 + UInt64(value) }
            guard word <= UInt64(UInt32.max) else { return nil }
            for shift in [24, 16, 8, 0] as [UInt64] { out.append(UInt8(word >> shift & 0xff)) }
        }
        return Array(out.dropLast(padding))
    }

    // MARK: Compression

    /// Decompresses zlib (RFC 1950), gzip (RFC 1952) or raw deflate (RFC 1951) data.
    ///
    /// - Parameter windowBits: as zlib's `inflateInit2` takes it.
    static func inflate(_ bytes: [UInt8], windowBits: Int32) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        return input.withUnsafeMutableBufferPointer { source -> [UInt8]? in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while true {
                let (status, count) = chunk.withUnsafeMutableBufferPointer { target -> (Int32, Int) in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return (status, target.count - Int(stream.avail_out))
                }
                output += chunk[..<count]
                if status == Z_STREAM_END { return output }
                guard status == Z_OK, output.count <= largest, count > 0 || stream.avail_in > 0 else { return nil }
            }
        }
    }

    /// `%41` and, where asked for, `+`, as `urllib.parse` reads them.
    static func unquoted(_ text: String, plusIsSpace: Bool) -> String? {
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let byte = hexadecimal(bytes[(index + 1)...(index + 2)], ignoresSpace: false)?.first
            {
                out.append(byte)
                index += 3
                continue
            }
            out.append(plusIsSpace && bytes[index] == UInt8(ascii: "+") ? 0x20 : bytes[index])
            index += 1
        }
        return String(validating: out, as: UTF8.self)
    }
}
