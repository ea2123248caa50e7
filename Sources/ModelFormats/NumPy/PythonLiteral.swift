/// A Python literal as NumPy writes it into headers: texts, numbers, constants, tuples, lists and dictionaries of these.
package indirect enum PythonLiteral: Equatable {
    case text(String)
    case integer(Int)
    case name(String)
    case sequence([PythonLiteral])
    case dictionary([(key: PythonLiteral, value: PythonLiteral)])

    package static func == (left: PythonLiteral, right: PythonLiteral) -> Bool {
        switch (left, right) {
        case (.text(let a), .text(let b)), (.name(let a), .name(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.sequence(let a), .sequence(let b)): a == b
        case (.dictionary(let a), .dictionary(let b)): a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
        default: false
        }
    }

    subscript(key: String) -> PythonLiteral? {
        guard case .dictionary(let entries) = self else { return nil }
        return entries.last { $0.key == .text(key) }?.value
    }

    /// - Parameter place: where the text begins in its file, for errors.
    static func parse(_ text: ArraySlice<UInt8>, at place: Int) throws -> PythonLiteral {
        var parser = Parser(text: text, index: text.startIndex, place: place - text.startIndex)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == text.endIndex else { throw parser.failure("the header goes on after its value") }
        return value
    }

    private struct Parser {
        let text: ArraySlice<UInt8>
        var index: Int
        let place: Int

        func failure(_ problem: String) -> FormatError { FormatError(place + index, problem) }

        mutating func skipSpace() {
            while index < text.endIndex, [0x20, 0x0a, 0x0d, 0x09, 0].contains(text[index]) { index += 1 }
        }

        mutating func take(_ character: Character) -> Bool {
            skipSpace()
            guard index < text.endIndex, text[index] == character.asciiValue else { return false }
            index += 1
            return true
        }

        mutating func value(depth: Int) throws -> PythonLiteral {
            guard depth < 32 else { throw failure("the header's values are in each other more than 32 deep") }
            skipSpace()
            guard index < text.endIndex else { throw failure("the header ends early") }
            switch text[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["):
                let close: Character = text[index] == UInt8(ascii: "(") ? ")" : "]"
                index += 1
                return try items(until: close, depth: depth)
            case UInt8(ascii: "{"):
                index += 1
                return try dictionary(depth: depth)
            case UInt8(ascii: "'"), UInt8(ascii: "\""): return try string()
            default: return try word()
            }
        }

        private mutating func items(until close: Character, depth: Int) throws -> PythonLiteral {
            var items: [PythonLiteral] = []
            while !take(close) {
                items.append(try value(depth: depth + 1))
                if !take(",") {
                    guard take(close) else { throw failure("a ',' or '\(close)' is missing") }
                    // One value in parentheses is that value.
                    return close == ")" && items.count == 1 ? items[0] : .sequence(items)
                }
            }
            return .sequence(items)
        }

        private mutating func dictionary(depth: Int) throws -> PythonLiteral {
            var entries: [(key: PythonLiteral, value: PythonLiteral)] = []
            while !take("}") {
                let key = try value(depth: depth + 1)
                guard take(":") else { throw failure("a ':' is missing") }
                entries.append((key, try value(depth: depth + 1)))
                if !take(",") {
                    guard take("}") else { throw failure("a ',' or '}' is missing") }
                    break
                }
            }
            return .dictionary(entries)
        }

        private mutating func string() throws -> PythonLiteral {
            let quote = text[index]
            index += 1
            var bytes: [UInt8] = []
            while index < text.endIndex, text[index] != quote {
                if text[index] == 0x5c, index + 1 < text.endIndex { index += 1 }
                bytes.append(text[index])
                index += 1
            }
            guard index < text.endIndex else { throw failure("a text has no end") }
            index += 1
            return .text(String(decoding: bytes, as: UTF8.self))
        }

        private mutating func word() throws -> PythonLiteral {
            let start = index
            while index < text.endIndex, ![0x2c, 0x29, 0x5d, 0x7d, 0x3a, 0x20, 0x0a].contains(text[index]) { index += 1 }
            let word = String(decoding: text[start..<index], as: UTF8.self)
            guard !word.isEmpty else { throw failure("a value is missing") }
            // Python 2 wrote long integers with an L.
            if let number = Int(word.hasSuffix("L") ? String(word.dropLast()) : word) { return .integer(number) }
            return .name(word)
        }
    }
}
