import Foundation

/// How Python writes constants (The Python Standard Library, "Format Specification Mini-Language" and "printf-style String Formatting").
enum Formatting {
    /// Wider fields and finer precisions than this are not written out.
    private static let widest = 100_000

    // MARK: str and repr

    static func text(_ constant: PythonConstant) -> String? {
        switch constant {
        case .text(let text), .path(let text): text
        default: representation(constant)
        }
    }

    static func representation(_ constant: PythonConstant) -> String? {
        switch constant {
        case .none: return "None"
        case .ellipsis: return "Ellipsis"
        case .bool(let value): return value ? "True" : "False"
        case .int(let value): return String(value)
        case .largeInt(let digits): return digits
        case .float(let value): return real(value)
        case .text(let text): return quoted(text)
        case .bytes(let bytes): return quoted(bytes)
        case .path(let path): return "PosixPath(\(quoted(path)))"
        case .list(let members): return joined(members).map { "[\($0)]" }
        case .tuple(let members): return joined(members).map { members.count == 1 ? "(\($0),)" : "(\($0))" }
        case .set(let members): return members.isEmpty ? "set()" : joined(members).map { "{\($0)}" }
        case .dictionary(let pairs):
            var parts: [String] = []
            for pair in pairs {
                guard let key = representation(pair.key), let value = representation(pair.value) else { return nil }
                parts.append("\(key): \(value)")
            }
            return "{\(parts.joined(separator: ", "))}"
        }
    }

    private static func joined(_ members: [PythonConstant]) -> String? {
        var parts: [String] = []
        for member in members {
            guard let part = representation(member) else { return nil }
            parts.append(part)
        }
        return parts.joined(separator: ", ")
    }

    static func real(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        return "\(value)"
    }

    private static func quoted(_ text: String) -> String {
        let mark: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var out = String(mark)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where Character(scalar) == mark: out += "\\\(mark)"
            case _ where !isPrintable(scalar): out += ascii(scalar)
            default: out.unicodeScalars.append(scalar)
            }
        }
        out.append(mark)
        return out
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        let mark: UInt8 =
            bytes.contains(UInt8(ascii: "'")) && !bytes.contains(UInt8(ascii: "\"")) ? UInt8(ascii: "\"") : UInt8(ascii: "'")
        var out = "b" + String(Unicode.Scalar(mark))
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\\"): out += "\\\\"
            case 0x0a: out += "\\n"
            case 0x0d: out += "\\r"
            case 0x09: out += "\\t"
            case mark: out += "\\" + String(Unicode.Scalar(mark))
            case 0x20..<0x7f: out.unicodeScalars.append(Unicode.Scalar(byte))
            default: out += "\\x" + hexadecimal(Int(byte), width: 2)
            }
        }
        return out + String(Unicode.Scalar(mark))
    }

    /// What lies outside ASCII as escapes.
    private static func ascii(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII ? String(Character($0)) : ascii($0) }.joined()
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case ..<0x100: "\\x" + hexadecimal(Int(scalar.value), width: 2)
        case ..<0x10000: "\\u" + hexadecimal(Int(scalar.value), width: 4)
        default: "\\U" + hexadecimal(Int(scalar.value), width: 8)
        }
    }

    /// What `str.isprintable` lets through.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    static func hexadecimal(_ value: Int, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    // MARK: format()

    /// `format(constant, specification)`, after a conversion (`!r`, `!s`, `!a`); nil where it would fail or is not known.
    static func format(_ constant: PythonConstant, conversion: UInt8?, _ specification: String) -> String? {
        var constant = constant
        switch conversion {
        case UInt8(ascii: "r"), UInt8(ascii: "a"):
            guard let text = representation(constant) else { return nil }
            constant = .text(conversion == UInt8(ascii: "a") ? ascii(text) : text)
        case UInt8(ascii: "s"):
            guard let text = text(constant) else { return nil }
            constant = .text(text)
        default: break
        }
        if specification.isEmpty { return text(constant) }
        guard let parsed = Specification(specification) else { return nil }
        switch constant {
        case .text(let text):
            guard parsed.type == nil || parsed.type == "s", parsed.sign == nil else { return nil }
            return parsed.padded(parsed.precision.map { String(text.unicodeScalars.prefix($0)) } ?? text, alignedTo: "<")
        case .int(let value): return integer(value, parsed)
        case .bool(let value):
            return parsed.type == nil || parsed.type == "s"
                ? parsed.padded(value ? "True" : "False", alignedTo: "<")
                : integer(value ? 1 : 0, parsed)
        case .float(let value): return real(value, parsed)
        default: return nil
        }
    }

    private static func integer(_ value: Int, _ form: Specification) -> String? {
        let magnitude = value.magnitude
        let digits: String
        var prefix = ""
        switch form.type {
        case nil, "d", "n": digits = form.grouped(String(magnitude), by: 3)
        case "x", "X":
            digits = form.grouped(String(magnitude, radix: 16, uppercase: form.type == "X"), by: 4)
            if form.isAlternate { prefix = form.type == "X" ? "0X" : "0x" }
        case "o":
            digits = form.grouped(String(magnitude, radix: 8), by: 4)
            if form.isAlternate { prefix = "0o" }
        case "b":
            digits = form.grouped(String(magnitude, radix: 2), by: 4)
            if form.isAlternate { prefix = "0b" }
        case "c":
            guard let scalar = UInt32(exactly: value).flatMap({ Unicode.Scalar($0) }) else { return nil }
            return form.padded(String(Character(scalar)), alignedTo: "<")
        case "e", "E", "f", "F", "g", "G", "%": return real(Double(value), form)
        default: return nil
        }
        return form.signed(digits, prefix: prefix, isNegative: value < 0)
    }

    private static func real(_ value: Double, _ form: Specification) -> String? {
        guard value.isFinite else { return nil }
        let magnitude = abs(value)
        let precision = form.precision ?? 6
        let digits: String
        switch form.type {
        case nil:
            digits = form.precision.map { general(magnitude, max(1, $0), isUpper: false, keepsPoint: true) } ?? real(magnitude)
        case "f", "F": digits = String(format: "%.\(precision)f", magnitude)
        case "e", "E": digits = String(format: "%.\(precision)\(form.type == "E" ? "E" : "e")", magnitude)
        case "g", "G": digits = general(magnitude, max(1, precision), isUpper: form.type == "G", keepsPoint: false)
        case "%": digits = String(format: "%.\(precision)f", magnitude * 100) + "%"
        default: return nil
        }
        let whole = digits.prefix { $0.isNumber }
        return form.signed(
            form.grouped(String(whole), by: 3) + digits.dropFirst(whole.count), prefix: "", isNegative: value.sign == .minus)
    }

    private static func general(_ value: Double, _ precision: Int, isUpper: Bool, keepsPoint: Bool) -> String {
        let text = String(format: "%.\(precision)\(isUpper ? "G" : "g")", value)
        return keepsPoint && !text.contains(".") && !text.lowercased().contains("e") ? text + ".0" : text
    }

    /// `[[fill]align][sign][#][0][width][grouping][.precision][type]`
    struct Specification {
        private(set) var fill: Character = " "
        private(set) var align: Character?
        private(set) var sign: Character?
        private(set) var isAlternate = false
        private(set) var width = 0
        private(set) var grouping: Character?
        private(set) var precision: Int?
        private(set) var type: Character?

        init?(_ text: String) {
            var rest = Array(text)[...]
            let alignments: Set<Character> = ["<", ">", "^", "="]
            if rest.count >= 2, alignments.contains(rest[1]) {
                fill = rest[0]
                align = rest[1]
                rest = rest.dropFirst(2)
            } else if let first = rest.first, alignments.contains(first) {
                align = first
                rest = rest.dropFirst()
            }
            if let first = rest.first, first == "+" || first == "-" || first == " " {
                sign = first
                rest = rest.dropFirst()
            }
            if rest.first == "#" {
                isAlternate = true
                rest = rest.dropFirst()
            }
            if rest.first == "0" {
                if align == nil {
                    fill = "0"
                    align = "="
                }
                rest = rest.dropFirst()
            }
            guard let width = Self.number(&rest) else { return nil }
            self.width = width ?? 0
            if rest.first == "," || rest.first == "_" { grouping = rest.popFirst() }
            if rest.first == "." {
                rest = rest.dropFirst()
                guard let digits = Self.number(&rest), let digits else { return nil }
                precision = digits
            }
            type = rest.popFirst()
            if !rest.isEmpty { return nil }
        }

        /// Digits, if there are any; nil where they are too many.
        private static func number(_ rest: inout ArraySlice<Character>) -> Int?? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            if digits.isEmpty { return .some(nil) }
            guard let value = Int(String(digits)), value <= widest else { return nil }
            return .some(value)
        }

        func grouped(_ digits: String, by size: Int) -> String {
            guard let grouping else { return digits }
            var out: [Character] = []
            for (number, digit) in digits.reversed().enumerated() {
                if number > 0, number.isMultiple(of: size) { out.append(grouping) }
                out.append(digit)
            }
            return String(out.reversed())
        }

        func signed(_ digits: String, prefix: String, isNegative: Bool) -> String {
            let mark = isNegative ? "-" : sign == "+" ? "+" : sign == " " ? " " : ""
            guard align == "=" else { return padded(mark + prefix + digits, alignedTo: ">") }
            let gap = max(0, width - mark.count - prefix.count - digits.count)
            return mark + prefix + String(repeating: fill, count: gap) + digits
        }

        func padded(_ text: String, alignedTo side: Character) -> String {
            let gap = max(0, width - text.unicodeScalars.count)
            let used = align == "=" || align == nil ? (align == "=" && fill == "0" && side == "<" ? "<" : side) : align
            switch used {
            case "<": return text + String(repeating: fill, count: gap)
            case "^": return String(repeating: fill, count: gap / 2) + text + String(repeating: fill, count: gap - gap / 2)
            default: return String(repeating: fill, count: gap) + text
            }
        }
    }

    // MARK: %

    /// A piece of a format for `%`.
    enum PercentPiece {
        case literal(String)
        /// `%(key)flags width.precision type`; `*` takes the next value for a width or precision.
        case field(key: String?, specification: String, type: Character, starCount: Int)
    }

    /// Cuts a format for `%`; nil where it is none.
    static func percentPieces(_ format: String) -> [PercentPiece]? {
        var pieces: [PercentPiece] = []
        var literal = ""
        var rest = Array(format)[...]
        while let character = rest.popFirst() {
            guard character == "%" else {
                literal.append(character)
                continue
            }
            if rest.first == "%" {
                rest = rest.dropFirst()
                literal.append("%")
                continue
            }
            var key: String?
            if rest.first == "(" {
                guard let end = rest.firstIndex(of: ")") else { return nil }
                key = String(rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[(end + 1)...]
            }
            let flags = rest.prefix { "#0- +".contains($0) }
            rest = rest.dropFirst(flags.count)
            let width = rest.prefix { $0.isNumber || $0 == "." || $0 == "*" }
            rest = rest.dropFirst(width.count)
            while let letter = rest.first, "hlL".contains(letter) { rest = rest.dropFirst() }
            guard let type = rest.popFirst() else { return nil }
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(
                .field(key: key, specification: String(flags) + String(width), type: type, starCount: width.count { $0 == "*" }))
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        return pieces
    }

    /// One value in the form of a field of `%`.
    static func percent(_ constant: PythonConstant, _ specification: String, _ type: Character) -> String? {
        let flags = specification.prefix { "#0- +".contains($0) }
        let size = specification.dropFirst(flags.count)
        let parts = size.split(separator: ".", omittingEmptySubsequences: false)
        let width = parts.first.map(String.init) ?? ""
        let precision = parts.count > 1 ? ".\(parts[1].isEmpty ? "0" : parts[1])" : ""
        let sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : ""
        let align = flags.contains("-") ? "<" : ""
        switch type {
        case "s", "r", "a":
            guard let text = type == "s" ? text(constant) : representation(constant) else { return nil }
            return format(.text(text), conversion: nil, (flags.contains("-") ? "<" : ">") + width + precision)
        case "c":
            if case .int = constant { return format(constant, conversion: nil, ">" + width + "c") }
            return format(constant, conversion: nil, ">" + width)
        case "d", "i", "u":
            var whole = constant
            if case .float(let value) = constant, let number = Int(exactly: value.rounded(.towardZero)) { whole = .int(number) }
            if case .bool(let value) = constant { whole = .int(value ? 1 : 0) }
            return format(whole, conversion: nil, align + sign + (flags.contains("0") && align.isEmpty ? "0" : "") + width + "d")
        case "x", "X", "o":
            let alternate = flags.contains("#") ? "#" : ""
            return format(
                constant, conversion: nil,
                align + sign + alternate + (flags.contains("0") && align.isEmpty ? "0" : "") + width + String(type))
        case "f", "F", "e", "E", "g", "G":
            return format(
                constant, conversion: nil,
                align + sign + (flags.contains("0") && align.isEmpty ? "0" : "") + width + precision + String(type))
        default: return nil
        }
    }
}
