import Foundation
import PythonSyntax

/// Functions of the standard library that make texts of texts: addresses, shell words, packed numbers, buffers.
enum Texts {
    private static func text(_ string: String) -> Atom { .text(PythonText(string)) }

    static let functions: [String: StandardLibrary.Function] = [
        "urllib.parse.quote": StandardLibrary.plain { atoms, keywords in
            guard case .text(let plain)? = atoms.first else { return nil }
            var safe = "/"
            if case .text(let given)? = atoms.count > 1 ? atoms[1] : keywords["safe"] { safe = given.string }
            return text(WebAddress.quoted(plain.string, safe: safe))
        },
        "urllib.parse.quote_plus": StandardLibrary.ofText { text(WebAddress.quoted($0, safe: " ").replacing(" ", with: "+")) },
        "urllib.parse.urlencode": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            return interpreter.constant(of: value).flatMap(WebAddress.encoded).map { Value(text($0), value.evidence) }
        },
        "urllib.parse.urljoin": StandardLibrary.plain { atoms, _ in
            guard atoms.count == 2, case .text(let base) = atoms[0], case .text(let other) = atoms[1] else { return nil }
            return WebAddress.joined(base.string, other.string).map { text($0) }
        },
        "urllib.parse.urlparse": parsed, "urllib.parse.urlsplit": parsed,
        "urllib.parse.parse_qs": { interpreter, arguments, place in
            guard case .text(let query)? = arguments[0]?.only, let pairs = WebAddress.pairs(query.string) else { return nil }
            var found = DictionaryContent()
            for (name, value) in pairs {
                let before = found[text(name)].map { interpreter.elements(of: $0.value).elements } ?? []
                found.set(text(name), interpreter.newList(before + [Value(text(value))], at: place))
            }
            return interpreter.newDictionary(found, at: place)
        },
        "html.escape": StandardLibrary.ofText {
            text(
                $0.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
                    "\"", with: "&quot;"
                )
                .replacing("'", with: "&#x27;"))
        },
        "shlex.split": { interpreter, arguments, place in
            guard case .text(let line)? = arguments[0]?.only else { return nil }
            return ShellWords.split(line.string).map { words in interpreter.newList(words.map { Value(text($0)) }, at: place) }
        },
        "shlex.quote": StandardLibrary.ofText { text(ShellWords.quoted($0)) },
        "shlex.join": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let words = interpreter.elements(of: value, at: place)
            guard words.isExact, !words.elements.isEmpty else { return nil }
            return interpreter.lift(words.elements, at: place) { atoms in
                var quoted: [String] = []
                for case .text(let word) in atoms { quoted.append(ShellWords.quoted(word.string)) }
                return quoted.count == atoms.count ? text(quoted.joined(separator: " ")) : nil
            }
        },
        "unicodedata.normalize": StandardLibrary.plain { atoms, _ in
            guard atoms.count == 2, case .text(let form) = atoms[0], case .text(let plain) = atoms[1] else { return nil }
            switch form.string {
            case "NFC": return text(plain.string.precomposedStringWithCanonicalMapping)
            case "NFD": return text(plain.string.decomposedStringWithCanonicalMapping)
            case "NFKC": return text(plain.string.precomposedStringWithCompatibilityMapping)
            case "NFKD": return text(plain.string.decomposedStringWithCompatibilityMapping)
            default: return nil
            }
        },
        "struct.pack": StandardLibrary.plain { atoms, _ in
            guard case .text(let format)? = atoms.first, let packing = Packing(format.string) else { return nil }
            return packing.packed(Array(atoms.dropFirst())).map { .bytes($0) }
        },
        "struct.unpack": StandardLibrary.plain { atoms, _ in
            guard atoms.count == 2, case .text(let format) = atoms[0], case .bytes(let bytes) = atoms[1],
                let packing = Packing(format.string)
            else { return nil }
            return packing.unpacked(bytes).map { .tuple($0.map { Value($0) }) }
        },
        "struct.calcsize": StandardLibrary.plain { atoms, _ in
            if case .text(let format)? = atoms.first { Packing(format.string).map { .int($0.size) } } else { nil }
        },
    ]

    private static let parsed: StandardLibrary.Function = { interpreter, arguments, place in
        guard case .text(let address)? = arguments[0]?.only, let parts = WebAddress(address.string) else { return nil }
        let made = interpreter.newExternal("urllib.parse.ParseResult", at: place)
        guard case .object(let id)? = made.only else { return nil }
        func set(_ name: String, _ value: Atom) {
            interpreter.keep(Value(value, Evidence(place)), as: name, in: id)
        }
        set("scheme", text(parts.scheme))
        set("netloc", text(parts.host))
        set("path", text(parts.path))
        set("query", text(parts.query))
        set("fragment", text(parts.fragment))
        let host = parts.host.split(separator: "@").last.map(String.init) ?? ""
        set("hostname", text(String(host.prefix { $0 != ":" }).lowercased()))
        if let port = host.split(separator: ":").dropFirst().last.flatMap({ Int($0) }) { set("port", .int(port)) }
        return made
    }

    // MARK: Buffers

    /// The attribute under which a buffer keeps what is in it.
    static let bufferName = "<buffer>"

    /// Methods of `io.StringIO` and `io.BytesIO`.
    static func callBuffer(
        _ name: String, _ id: ObjectID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        let cell = interpreter.attributeCell(bufferName, of: id)
        let held = interpreter.memory.value(cell)
        switch name {
        case "write":
            guard let added = arguments[0] else { return nil }
            interpreter.memory[cell] = .value(interpreter.binary(.Add, held, added, at: place))
            return .unknown
        case "getvalue", "getbuffer": return held
        case "read", "readline":
            guard name == "read", case .int(let count)? = arguments[0]?.only, count >= 0 else {
                return name == "read" ? held : nil
            }
            let slice = Value(.slice(Value(Atom.none), Value(.int(count)), Value(Atom.none)))
            return interpreter.item(slice, of: held, at: place)
        case "__enter__": return Value(.object(id), Evidence(place))
        default: return nil
        }
    }

    /// `string.Template(…).substitute(…)`
    static func substituted(_ id: ObjectID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard case .text(let template)? = interpreter.kept("template", in: id)?.only else {
            return nil
        }
        var names = Arguments()
        for entry in arguments[0]?.only.flatMap(interpreter.dictionary)?.entries ?? [] {
            if case .text(let key) = entry.key { names.keywords.append((key.string, entry.value)) }
        }
        names.keywords = arguments.keywords + names.keywords
        var parts: [Value] = []
        var rest = template.string[...]
        while let mark = rest.firstIndex(of: "$") {
            parts.append(Value(text(String(rest[..<mark]))))
            rest = rest[rest.index(after: mark)...]
            if rest.first == "$" {
                parts.append(Value(text("$")))
                rest = rest.dropFirst()
                continue
            }
            let isBraced = rest.first == "{"
            if isBraced { rest = rest.dropFirst() }
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest.dropFirst(name.count)
            if isBraced {
                guard rest.first == "}" else { return nil }
                rest = rest.dropFirst()
            }
            guard let value = names[String(name)] else { return nil }
            parts.append(StandardLibrary.functions["str"]?(interpreter, Arguments(positional: [value]), place) ?? .unknown)
        }
        parts.append(Value(text(String(rest))))
        return interpreter.concatenate(parts, at: place)
    }
}

/// The parts of a web address, as `urllib.parse` cuts it (RFC 3986, appendix B).
struct WebAddress {
    private(set) var scheme = ""
    private(set) var host = ""
    private(set) var path = ""
    private(set) var query = ""
    private(set) var fragment = ""

    init?(_ text: String) {
        var rest = text[...]
        if let colon = rest.firstIndex(of: ":"), colon != rest.startIndex,
            rest[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }),
            rest.first?.isLetter == true
        {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let authority = rest.prefix { !"/?#".contains($0) }
            host = String(authority)
            rest = rest.dropFirst(authority.count)
        }
        if let mark = rest.firstIndex(of: "#") {
            fragment = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        path = String(rest)
    }

    static func quoted(_ text: String, safe: String) -> String {
        var out = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80
                && (Character(scalar).isLetter || Character(scalar).isNumber || "_.-~".unicodeScalars.contains(scalar))
            if isPlain || byte < 0x80 && safe.unicodeScalars.contains(scalar) {
                out.unicodeScalars.append(scalar)
            } else {
                out += "%" + Formatting.hexadecimal(Int(byte), width: 2).uppercased()
            }
        }
        return out
    }

    /// `urlencode` of a dictionary.
    static func encoded(_ constant: PythonConstant) -> String? {
        guard case .dictionary(let pairs) = constant else { return nil }
        var parts: [String] = []
        for pair in pairs {
            guard let key = Formatting.text(pair.key), let value = Formatting.text(pair.value) else { return nil }
            parts.append([key, value].map { quoted($0, safe: " ").replacing(" ", with: "+") }.joined(separator: "="))
        }
        return parts.joined(separator: "&")
    }

    /// The names and values of a query.
    static func pairs(_ query: String) -> [(String, String)]? {
        var pairs: [(String, String)] = []
        for part in query.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, let name = Encodings.unquoted(sides[0], plusIsSpace: true),
                let value = Encodings.unquoted(sides[1], plusIsSpace: true)
            else { continue }
            if !value.isEmpty { pairs.append((name, value)) }
        }
        return pairs
    }

    /// `urljoin` (RFC 3986, section 5.2).
    static func joined(_ base: String, _ other: String) -> String? {
        guard !other.isEmpty, let start = WebAddress(base), var target = WebAddress(other) else { return base }
        if !target.scheme.isEmpty { return other }
        target.scheme = start.scheme
        if target.host.isEmpty {
            target.host = start.host
            if target.path.isEmpty {
                target.path = start.path
                if target.query.isEmpty { target.query = start.query }
            } else if !target.path.hasPrefix("/") {
                let folder = start.path.lastIndex(of: "/").map { String(start.path[...$0]) } ?? "/"
                target.path = folder + target.path
            }
            let isFolder = target.path.hasSuffix("/") || target.path.hasSuffix("/..") || target.path.hasSuffix("/.")
            let normal = Paths.normalized(target.path)
            target.path = isFolder && normal != "/" ? normal + "/" : normal
        }
        return target.text
    }

    private var text: String {
        (scheme.isEmpty ? "" : "\(scheme):") + (host.isEmpty ? "" : "//\(host)") + path + (query.isEmpty ? "" : "?\(query)")
            + (fragment.isEmpty ? "" : "#\(fragment)")
    }
}

/// Words as a Unix shell cuts them, as far as Python's `shlex` does it.
enum ShellWords {
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var rest = Array(line)[...]
        while let character = rest.popFirst() {
            switch character {
            case " ", "\t", "\n", "\r":
                if let ended = word { words.append(ended) }
                word = nil
            case "'":
                guard let end = rest.firstIndex(of: "'") else { return nil }
                word = (word ?? "") + String(rest[..<end])
                rest = rest[(end + 1)...]
            case "\"":
                var text = word ?? ""
                while let inner = rest.popFirst(), inner != "\"" {
                    if inner == "\\", let next = rest.first, next == "\"" || next == "\\" {
                        text.append(rest.removeFirst())
                    } else {
                        text.append(inner)
                    }
                    if rest.isEmpty { return nil }
                }
                word = text
            case "\\":
                guard let next = rest.popFirst() else { return nil }
                word = (word ?? "") + String(next)
            default: word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }

    static func quoted(_ text: String) -> String {
        if text.isEmpty { return "''" }
        let isSafe = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (Character(scalar).isLetter || Character(scalar).isNumber || "@%+=:,./-_".unicodeScalars.contains(scalar))
        }
        return isSafe ? text : "'" + text.replacing("'", with: "'\"'\"'") + "'"
    }
}

/// Whole numbers and bytes as `struct` packs them. Floats and native alignment are left out.
struct Packing {
    private var fields: [(code: Character, width: Int)] = []
    private var isLittle = true

    init?(_ format: String) {
        var rest = format[...]
        guard let first = rest.first else { return nil }
        switch first {
        case "<": isLittle = true
        case ">", "!": isLittle = false
        default: return nil
        }
        rest = rest.dropFirst()
        while let character = rest.first {
            let digits = rest.prefix { $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let code = rest.popFirst() else { return nil }
            let count = digits.isEmpty ? 1 : Int(digits) ?? -1
            guard (0...65_536).contains(count), character != " " else { return nil }
            if code == "s" {
                fields.append((code, count))
                continue
            }
            let width = ["b": 1, "B": 1, "x": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 4, "L": 4, "q": 8, "Q": 8][code]
            guard let width, fields.count + count <= 65_536 else { return nil }
            fields += Array(repeating: (code, width), count: count)
        }
    }

    var size: Int { fields.reduce(0) { $0 + $1.width } }

    func packed(_ atoms: [Atom]) -> [UInt8]? {
        var out: [UInt8] = []
        var rest = atoms[...]
        for (code, width) in fields {
            if code == "x" {
                out.append(0)
            } else if code == "s" {
                guard case .bytes(let bytes)? = rest.popFirst() else { return nil }
                out += bytes.prefix(width) + Array(repeating: 0, count: max(0, width - bytes.count))
            } else {
                guard case .int(let value)? = rest.popFirst() else { return nil }
                let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
                out += isLittle ? little : little.reversed()
            }
        }
        return rest.isEmpty ? out : nil
    }

    func unpacked(_ bytes: [UInt8]) -> [Atom]? {
        guard bytes.count == size else { return nil }
        var atoms: [Atom] = []
        var place = 0
        for (code, width) in fields {
            let part = bytes[place..<(place + width)]
            place += width
            switch code {
            case "x": break
            case "s": atoms.append(.bytes(Array(part)))
            default:
                let unsigned = (isLittle ? part.reversed() : Array(part)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                if code.isUppercase {
                    guard let value = Int(exactly: unsigned) else { return nil }
                    atoms.append(.int(value))
                } else {
                    let shift = UInt64(64 - 8 * width)
                    atoms.append(.int(Int(Int64(bitPattern: unsigned << shift) >> Int64(shift))))
                }
            }
        }
        return atoms
    }
}
