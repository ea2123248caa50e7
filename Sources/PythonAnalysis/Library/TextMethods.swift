/// Methods of `str` and `bytes` on constants (The Python Standard Library, "Text Sequence Type" and "Binary Sequence Types").
enum TextMethods {
    typealias Scalars = [Unicode.Scalar]

    /// The result of a method, for methods that need nothing but constants; nil where it is not known.
    static func call(_ name: String, _ text: PythonText, _ arguments: [Atom], _ keywords: [String: Atom]) -> Atom? {
        let whole = text.scalars
        func scalars(_ index: Int) -> Scalars? {
            if index < arguments.count, case .text(let text) = arguments[index] { return text.scalars }
            return nil
        }
        func int(_ index: Int, or fallback: Int) -> Int? {
            guard index < arguments.count else { return fallback }
            if case .int(let value) = arguments[index] { return value }
            return nil
        }
        func made(_ string: String) -> Atom { .text(PythonText(string)) }
        switch name {
        case "upper": return made(text.string.uppercased())
        // The last sigma of a word has a form of its own.
        case "lower": return whole.contains("\u{3a3}") ? nil : made(text.string.lowercased())
        case "casefold": return isPlain(whole) ? made(text.string.lowercased()) : nil
        case "title": return isPlain(whole) ? .text(PythonText(titled(whole))) : nil
        case "capitalize" where !isPlain(whole), "swapcase" where !isPlain(whole), "isdigit" where !isPlain(whole),
            "isdecimal" where !isPlain(whole), "isnumeric" where !isPlain(whole):
            return nil
        case "capitalize": return made(String(text.string.prefix(1)).uppercased() + text.string.dropFirst().lowercased())
        case "swapcase":
            return made(text.string.map { $0.isUppercase ? $0.lowercased() : $0.uppercased() }.joined())
        case "strip", "lstrip", "rstrip":
            let set: (Unicode.Scalar) -> Bool
            if let given = scalars(0) {
                set = { given.contains($0) }
            } else if arguments.isEmpty || arguments[0] == Atom.none {
                set = isSpace
            } else {
                return nil
            }
            var rest = whole[...]
            if name != "rstrip" { rest = rest.drop(while: set) }
            if name != "lstrip" { while let last = rest.last, set(last) { rest.removeLast() } }
            return .text(PythonText(rest))
        case "removeprefix":
            return scalars(0).map { whole.starts(with: $0) ? .text(PythonText(whole.dropFirst($0.count))) : .text(text) }
        case "removesuffix":
            return scalars(0).map {
                whole.reversed().starts(with: $0.reversed()) && !$0.isEmpty
                    ? .text(PythonText(whole.dropLast($0.count))) : .text(text)
            }
        case "replace":
            guard let old = scalars(0), let new = scalars(1), let count = keywords["count"].map({ number($0) }) ?? int(2, or: -1)
            else {
                return nil
            }
            return Searching.replaced(whole, old, with: new, count: count).map { .text(PythonText($0)) }
        case "startswith", "endswith":
            guard arguments.count == 1 else { return nil }
            let candidates: [Atom]
            if case .tuple(let members) = arguments[0] { candidates = members.compactMap(\.only) } else { candidates = arguments }
            var holds = false
            for case .text(let part) in candidates {
                let part = part.scalars
                holds =
                    holds
                    || (name == "startswith" ? whole.starts(with: part) : whole.reversed().starts(with: part.reversed()))
            }
            return .bool(holds)
        case "find", "index", "rfind", "rindex":
            guard arguments.count == 1, let part = scalars(0) else { return nil }
            let place =
                name.hasPrefix("r") ? Searching.lastIndex(of: part, in: whole) : Searching.firstIndex(of: part, in: whole[...])
            return place.map { .int($0) } ?? (name.hasSuffix("find") ? .int(-1) : nil)
        case "count": return scalars(0).map { .int(Searching.pieces(of: whole, at: $0, limit: -1).count - 1) }
        case "zfill":
            guard let width = int(0, or: 0), width <= 100_000 else { return nil }
            let sign = whole.first == "-" || whole.first == "+" ? 1 : 0
            let zeros = Scalars(repeating: "0", count: max(0, width - whole.count))
            return .text(PythonText(whole.prefix(sign) + zeros + whole.dropFirst(sign)))
        case "ljust", "rjust", "center":
            guard let width = int(0, or: 0), width <= 100_000, let fill = arguments.count > 1 ? scalars(1)?.first : " " else {
                return nil
            }
            let gap = max(0, width - whole.count)
            let left = name == "ljust" ? 0 : name == "rjust" ? gap : gap / 2 + (gap & width & 1)
            return .text(PythonText(Scalars(repeating: fill, count: left) + whole + Scalars(repeating: fill, count: gap - left)))
        case "partition", "rpartition":
            guard let separator = scalars(0), !separator.isEmpty else { return nil }
            let isLast = name == "rpartition"
            guard
                let place = isLast
                    ? Searching.lastIndex(of: separator, in: whole) : Searching.firstIndex(of: separator, in: whole[...])
            else {
                let rest = [Atom.text(PythonText("")), .text(PythonText(""))]
                return tuple(isLast ? rest + [.text(text)] : [.text(text)] + rest)
            }
            return tuple([
                .text(PythonText(whole[..<place])), .text(PythonText(separator)),
                .text(PythonText(whole[(place + separator.count)...])),
            ])
        case "encode":
            guard let encoding = encodingName(arguments, keywords) else { return nil }
            return Encodings.encode(text.string, encoding).map { .bytes($0) }
        case "isdigit", "isdecimal", "isnumeric":
            return .bool(!whole.isEmpty && whole.allSatisfy { $0.properties.numericType == .decimal })
        case "isalpha": return .bool(!whole.isEmpty && whole.allSatisfy(\.properties.isAlphabetic))
        case "isalnum":
            return .bool(!whole.isEmpty && whole.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil })
        case "isspace": return .bool(!whole.isEmpty && whole.allSatisfy(\.properties.isWhitespace))
        case "isupper": return .bool(text.string.contains(where: \.isUppercase) && !text.string.contains(where: \.isLowercase))
        case "islower": return .bool(text.string.contains(where: \.isLowercase) && !text.string.contains(where: \.isUppercase))
        case "isidentifier":
            return .bool(
                whole.first.map { $0 == "_" || $0.properties.isXIDStart } == true && whole.allSatisfy(\.properties.isXIDContinue))
        case "expandtabs": return int(0, or: 8).flatMap { expanded(whole, tab: $0) }
        case "__str__", "__format__": return .text(text)
        default: return nil
        }
    }

    /// The pieces of `split`, `rsplit` and `splitlines`; nil where they are not known.
    static func split(_ name: String, _ text: PythonText, _ arguments: [Atom], _ keywords: [String: Atom]) -> [PythonText]? {
        let whole = text.scalars
        if name == "splitlines" {
            guard arguments.isEmpty, keywords.isEmpty, !whole.contains(where: { (0x1c...0x1e).contains($0.value) }) else {
                return nil
            }
            var lines = text.string.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
            if lines.last?.isEmpty == true { lines.removeLast() }
            return lines.map { PythonText($0) }
        }
        let limit: Int
        switch arguments.count > 1 ? arguments[1] : keywords["maxsplit"] {
        case nil: limit = -1
        case .int(let value)?: limit = value
        default: return nil
        }
        switch arguments.first ?? keywords["sep"] {
        case nil, Atom.none?:
            guard limit < 0 || name == "split" else { return nil }
            var words: [PythonText] = []
            var rest = whole[...].drop(while: isSpace)
            while !rest.isEmpty {
                if limit >= 0, words.count == limit {
                    while let last = rest.last, isSpace(last) { rest.removeLast() }
                    words.append(PythonText(rest))
                    break
                }
                let word = rest.prefix { !isSpace($0) }
                words.append(PythonText(word))
                rest = rest.dropFirst(word.count).drop(while: isSpace)
            }
            return words
        case .text(let separator)?:
            let separator = separator.scalars
            guard !separator.isEmpty else { return nil }
            if name == "rsplit", limit >= 0 {
                let pieces = Searching.pieces(of: Array(whole.reversed()), at: Array(separator.reversed()), limit: limit)
                return pieces.reversed().map { PythonText($0.reversed()) }
            }
            return Searching.pieces(of: whole, at: separator, limit: limit).map { PythonText($0) }
        default: return nil
        }
    }

    /// Methods of `bytes`.
    static func call(_ name: String, _ bytes: [UInt8], _ arguments: [Atom], _ keywords: [String: Atom]) -> Atom? {
        func part(_ index: Int) -> [UInt8]? {
            if index < arguments.count, case .bytes(let bytes) = arguments[index] { return bytes }
            return nil
        }
        switch name {
        case "decode":
            guard let encoding = encodingName(arguments, keywords) else { return nil }
            return Encodings.decode(bytes, encoding).map { .text(PythonText($0)) }
        case "hex":
            return arguments.isEmpty ? .text(PythonText(bytes.map { Formatting.hexadecimal(Int($0), width: 2) }.joined())) : nil
        case "upper": return .bytes(bytes.map { $0 &- 0x61 < 26 ? $0 - 32 : $0 })
        case "lower": return .bytes(bytes.map { $0 &- 0x41 < 26 ? $0 + 32 : $0 })
        case "replace":
            guard let old = part(0), let new = part(1), arguments.count == 2 else { return nil }
            return Searching.replaced(bytes, old, with: new, count: -1).map { .bytes($0) }
        case "startswith": return part(0).map { .bool(bytes.starts(with: $0)) }
        case "endswith": return part(0).map { .bool(bytes.reversed().starts(with: $0.reversed())) }
        case "find": return part(0).map { .int(Searching.firstIndex(of: $0, in: bytes[...]) ?? -1) }
        case "strip", "lstrip", "rstrip":
            let set = part(0) ?? Array(" \t\n\r\u{0b}\u{0c}".utf8)
            var rest = bytes[...]
            if name != "rstrip" { rest = rest.drop { set.contains($0) } }
            if name != "lstrip" { while let last = rest.last, set.contains(last) { rest.removeLast() } }
            return .bytes(Array(rest))
        case "translate":
            let dropped = part(1) ?? []
            let kept = bytes.filter { !dropped.contains($0) }
            if arguments.first == Atom.none { return .bytes(kept) }
            guard let table = part(0), table.count == 256 else { return nil }
            return .bytes(kept.map { table[Int($0)] })
        default: return nil
        }
    }

    private static func encodingName(_ arguments: [Atom], _ keywords: [String: Atom]) -> String? {
        switch arguments.first ?? keywords["encoding"] {
        case nil: return "utf-8"
        case .text(let name)?: return name.string
        default: return nil
        }
    }

    private static func number(_ atom: Atom) -> Int? { if case .int(let value) = atom { value } else { nil } }

    private static func tuple(_ atoms: [Atom]) -> Atom { .tuple(atoms.map { Value($0) }) }

    /// Whether a text is ASCII, where upper and lower case hold no surprise.
    private static func isPlain(_ scalars: Scalars) -> Bool { scalars.allSatisfy(\.isASCII) }

    /// What Python counts as white space.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }

    private static func expanded(_ scalars: Scalars, tab: Int) -> Atom? {
        guard (0...1_000).contains(tab) else { return nil }
        var out = Scalars()
        var column = 0
        for scalar in scalars {
            if scalar == "\t" {
                let width = tab == 0 ? 0 : tab - column % tab
                out += Scalars(repeating: " ", count: width)
                column += width
            } else {
                out.append(scalar)
                column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
            }
        }
        return .text(PythonText(out))
    }

    private static func titled(_ scalars: Scalars) -> Scalars {
        var out = Scalars()
        var isInWord = false
        for scalar in scalars {
            let mapping = isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
            out += Array(mapping.unicodeScalars)
            isInWord = scalar.properties.isAlphabetic
        }
        return out
    }
}
