import Foundation

/// The text of a file in UTF-8, with the places of its lines.
public struct SourceText: Sendable {
    /// The text, then eight zeros.
    let bytes: ContiguousArray<UInt8>
    public let count: Int
    /// Where each line begins.
    let lines: ContiguousArray<UInt32>
    /// What is wrong with the encoding.
    let problem: SyntaxProblem?

    /// Decodes a file by its byte order mark or its cookie (PEP 263); UTF-8 where it has neither.
    public init(_ file: [UInt8]) {
        self.init(file, takesCookie: true)
    }

    /// - Parameter takesCookie: whether a declaration of the encoding counts; in a notebook or Markdown, it does not.
    init(_ file: [UInt8], takesCookie: Bool) {
        let (text, problem) = Self.decode(file, takesCookie: takesCookie)
        var bytes = ContiguousArray<UInt8>()
        bytes.reserveCapacity(text.count + 8)
        bytes.append(contentsOf: text)
        for _ in 0..<8 { bytes.append(0) }
        count = text.count
        self.problem = problem
        self.bytes = bytes
        var lines: ContiguousArray<UInt32> = [0]
        lines.reserveCapacity(text.count / 30 + 2)
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < text.count {
                let byte = buffer[index]
                index += 1
                if byte == 0x0a {
                    lines.append(UInt32(index))
                } else if byte == 0x0d {
                    if buffer[index] == 0x0a { index += 1 }
                    lines.append(UInt32(index))
                }
            }
        }
        self.lines = lines
    }

    /// The line, from 1, and the column, in bytes from 0, of a place.
    public func position(_ offset: Int) -> (line: Int, column: Int) {
        var low = 0
        var high = lines.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if Int(lines[middle]) <= offset { low = middle } else { high = middle }
        }
        // A byte order mark is no part of the first line.
        let mark = low == 0 && hasMark ? 3 : 0
        return (low + 1, max(0, offset - Int(lines[low]) - mark))
    }

    private var hasMark: Bool { count >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf }

    /// The text of a range of bytes.
    public func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func identifier(_ range: Range<Int>) -> String {
        let text = text(range)
        return text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCompatibilityMapping
    }

    private static func decode(_ file: [UInt8], takesCookie: Bool) -> ([UInt8], SyntaxProblem?) {
        let hasMark = file.starts(with: [0xef, 0xbb, 0xbf])
        let name = takesCookie ? cookie(file) : nil
        let isUTF8 =
            name.map { ["utf-8", "utf8", "utf_8", "utf-8-sig", "u8", "utf", "cp65001"].contains($0) || $0.hasPrefix("utf-8-") }
            ?? true
        if hasMark || isUTF8 {
            let normal = name?.replacing("_", with: "-")
            if hasMark, let normal, normal != "utf-8", !normal.hasPrefix("utf-8-") {
                return (file, SyntaxProblem(offset: 0, message: "encoding problem: \(name ?? "") with BOM"))
            }
            guard let bad = firstInvalid(file) else { return (file, nil) }
            let text = Array(String(decoding: file, as: UTF8.self).utf8)
            return (
                text, SyntaxProblem(offset: bad, message: "invalid or missing encoding declaration: not UTF-8", isPython2: false)
            )
        }
        switch name ?? "" {
        case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso_8859_1", "l1", "iso-latin-1", "8859", "cp819":
            return (Array(String(String.UnicodeScalarView(file.map { Unicode.Scalar($0) })).utf8), nil)
        case "ascii", "us-ascii", "646":
            let bad = file.firstIndex { $0 >= 0x80 }
            return (
                Array(String(decoding: file, as: UTF8.self).utf8),
                bad.map { SyntaxProblem(offset: $0, message: "a byte that ASCII lacks") }
            )
        case let other:
            if let text = converted(file, from: other) { return (text, nil) }
            return (
                Array(String(decoding: file, as: UTF8.self).utf8), SyntaxProblem(offset: 0, message: "unknown encoding: \(other)")
            )
        }
    }

    /// A text of another encoding in UTF-8, by the C library's tables; nil where it knows none of that name, or the bytes are none of it.
    private static func converted(_ file: [UInt8], from name: String) -> [UInt8]? {
        guard let converter = iconv_open("UTF-8", name), converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        var input = file.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: file.count * 4 + 16)
        var inputLeft = input.count
        var outputLeft = output.count
        let result = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                var source = from.baseAddress
                var target = to.baseAddress
                return iconv(converter, &source, &inputLeft, &target, &outputLeft)
            }
        }
        guard result != -1, inputLeft == 0 else { return nil }
        return output[..<(output.count - outputLeft)].map { UInt8(bitPattern: $0) }
    }

    /// The encoding that the first or second line names: `coding[=:]\s*([-\w.]+)` in a comment (PEP 263).
    private static func cookie(_ file: [UInt8]) -> String? {
        var start = file.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        for _ in 0..<2 {
            let end = file[start...].firstIndex { $0 == 0x0a || $0 == 0x0d } ?? file.count
            let line = file[start..<end]
            let first = line.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0c }
            if first == UInt8(ascii: "#") {
                let text = String(decoding: line, as: UTF8.self)
                if let match = text.firstMatch(of: /coding[=:][ \t]*([-A-Za-z0-9_.]+)/) { return match.1.lowercased() }
            } else if first != nil {
                return nil
            }
            start = end < file.count && file[end] == 0x0d && end + 1 < file.count && file[end + 1] == 0x0a ? end + 2 : end + 1
            if start >= file.count { return nil }
        }
        return nil
    }

    /// The first byte that is not part of UTF-8.
    private static func firstInvalid(_ file: [UInt8]) -> Int? {
        if file.allSatisfy({ $0 < 0x80 }) { return nil }
        var index = 0
        while index < file.count {
            let byte = file[index]
            if byte < 0x80 {
                index += 1
                continue
            }
            let length = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 0
            guard length > 0, index + length <= file.count else { return index }
            for offset in 1..<length where file[index + offset] & 0xc0 != 0x80 { return index }
            let second = file[index + 1]
            if byte == 0xe0 && second < 0xa0 || byte == 0xed && second >= 0xa0 || byte == 0xf0 && second < 0x90
                || byte == 0xf4 && second >= 0x90
            {
                return index
            }
            index += length
        }
        return nil
    }
}
