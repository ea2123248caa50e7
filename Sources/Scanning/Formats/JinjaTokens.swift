/// The pieces of a Jinja template that are code (https://jinja.palletsprojects.com/en/stable/templates/): what stands in `{{ }}` and `{% %}`.
enum JinjaToken: Equatable, Sendable {
    case name(String)
    case text(String)
    case number(String)
    case symbol(String)

    var symbol: String? { if case .symbol(let symbol) = self { symbol } else { nil } }
    var name: String? { if case .name(let name) = self { name } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// One `{{ … }}` or `{% … %}`.
struct JinjaBlock: Sendable {
    var isStatement: Bool
    var tokens: [JinjaToken]
    /// From 1.
    var line: Int
}

enum JinjaTokens {
    /// The template's blocks; nil in their place where one does not end.
    static func blocks(_ template: String) -> (blocks: [JinjaBlock], unclosedAt: Int?) {
        let bytes = Array(template.utf8)
        var blocks: [JinjaBlock] = []
        var index = 0
        var line = 1
        var isRaw = false
        while index + 1 < bytes.count {
            if bytes[index] == 0x0a { line += 1 }
            guard bytes[index] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            let second = bytes[index + 1]
            if second == UInt8(ascii: "#"), !isRaw {
                let start = index
                index += 2
                while index + 1 < bytes.count, !(bytes[index] == UInt8(ascii: "#") && bytes[index + 1] == UInt8(ascii: "}")) {
                    index += 1
                }
                line += bytes[start..<min(index, bytes.count)].count { $0 == 0x0a }
                index += 2
                continue
            }
            guard second == UInt8(ascii: "{") || second == UInt8(ascii: "%") else {
                index += 1
                continue
            }
            let isStatement = second == UInt8(ascii: "%")
            var lexer = JinjaLexer(bytes, index + 2, closing: isStatement ? UInt8(ascii: "%") : UInt8(ascii: "}"))
            let tokens = lexer.run()
            if isRaw {
                if isStatement, tokens.first?.name == "endraw" {
                    isRaw = false
                } else {
                    index += 1
                    continue
                }
            } else {
                guard lexer.isClosed else {
                    return (blocks + [JinjaBlock(isStatement: isStatement, tokens: tokens, line: line)], line)
                }
                if isStatement, tokens.first?.name == "raw" { isRaw = true }
                blocks.append(JinjaBlock(isStatement: isStatement, tokens: tokens, line: line))
            }
            line += bytes[index..<min(lexer.index, bytes.count)].count { $0 == 0x0a }
            index = lexer.index
        }
        return (blocks, nil)
    }
}

private struct JinjaLexer {
    let bytes: [UInt8]
    let closing: UInt8
    var index: Int
    var isClosed = false

    init(_ bytes: [UInt8], _ index: Int, closing: UInt8) {
        self.bytes = bytes
        self.index = index
        self.closing = closing
    }

    mutating func run() -> [JinjaToken] {
        var tokens: [JinjaToken] = []
        var open = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == closing, open <= 0 || closing == UInt8(ascii: "%"), index + 1 < bytes.count,
                bytes[index + 1] == UInt8(ascii: "}")
            {
                index += 2
                isClosed = true
                break
            }
            switch byte {
            case 0x20, 0x09, 0x0a, 0x0d: index += 1
            case UInt8(ascii: "'"), UInt8(ascii: "\""): tokens.append(.text(string(byte)))
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let start = index
                while index < bytes.count, bytes[index].isWord || bytes[index] == UInt8(ascii: ".") { index += 1 }
                tokens.append(.number(String(decoding: bytes[start..<index], as: UTF8.self)))
            case _ where byte.isWord || byte >= 0x80:
                let start = index
                while index < bytes.count, bytes[index].isWord || bytes[index] >= 0x80 { index += 1 }
                tokens.append(.name(String(decoding: bytes[start..<index], as: UTF8.self)))
            default:
                if byte == UInt8(ascii: "{") { open += 1 }
                if byte == UInt8(ascii: "}") { open -= 1 }
                tokens.append(.symbol(String(decoding: [byte], as: UTF8.self)))
                index += 1
            }
        }
        return tokens
    }

    /// A literal, with the escapes of Python.
    private mutating func string(_ quote: UInt8) -> String {
        index += 1
        var content: [UInt8] = []
        while index < bytes.count, bytes[index] != quote {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                content.append(bytes[index])
                index += 1
                continue
            }
            let escaped = bytes[index + 1]
            index += 2
            let digits = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][escaped]
            if let digits, index + digits <= bytes.count,
                let value = UInt32(String(decoding: bytes[index..<index + digits], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value)
            {
                content += Array(String(Character(scalar)).utf8)
                index += digits
            } else if 0x30...0x37 ~= escaped {
                var value = UInt32(escaped - 0x30)
                var count = 1
                while count < 3, index < bytes.count, 0x30...0x37 ~= bytes[index] {
                    value = value * 8 + UInt32(bytes[index] - 0x30)
                    index += 1
                    count += 1
                }
                content += Array(String(Character(Unicode.Scalar(value) ?? " ")).utf8)
            } else {
                content.append([UInt8(ascii: "n"): 0x0a, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0d][escaped] ?? escaped)
            }
        }
        index += 1
        return String(decoding: content, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isWord: Bool {
        0x30...0x39 ~= self || 0x41...0x5a ~= self || 0x61...0x7a ~= self || self == UInt8(ascii: "_")
    }
}
