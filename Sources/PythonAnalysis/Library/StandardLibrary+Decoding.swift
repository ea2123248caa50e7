import PythonSyntax

/// Functions that decode texts and bytes.
extension StandardLibrary {
    static let decoding: [String: Function] = [
        "base64.b64decode": { interpreter, arguments, place in
            if let letters = arguments.argument(1, "altchars"), letters.only != Atom.none {
                guard case .bytes(let other)? = letters.only, other == Array("-_".utf8) else { return nil }
                return base64OfURLs(interpreter, Arguments(positional: Array(arguments.positional.prefix(1))), place)
            }
            return base64(interpreter, arguments, place)
        },
        "base64.standard_b64decode": base64, "base64.decodebytes": base64, "base64.decodestring": base64,
        "binascii.a2b_base64": base64, "base64.urlsafe_b64decode": base64OfURLs,
        "base64.b32decode": ofBytes { Encodings.base32($0).map { .bytes($0) } },
        "base64.b16decode": hexadecimal, "binascii.unhexlify": hexadecimal, "binascii.a2b_hex": hexadecimal,
        "bytes.fromhex": spacedHexadecimal, "bytearray.fromhex": spacedHexadecimal,
        "base64.b85decode": ofBytes { Encodings.base85($0, isASCII85: false).map { .bytes($0) } },
        "base64.a85decode": ofBytes { Encodings.base85($0, isASCII85: true).map { .bytes($0) } },
        "base64.b64encode": ofBytes { .bytes(Encodings.base64Encoded($0)) },
        "base64.urlsafe_b64encode": ofBytes { .bytes(Encodings.base64Encoded($0, isURL: true)) },
        "base64.b16encode": ofBytes {
            .bytes(Array($0.map { Formatting.hexadecimal(Int($0), width: 2).uppercased() }.joined().utf8))
        },
        "binascii.b2a_base64": ofBytes { .bytes(Encodings.base64Encoded($0) + [0x0a]) },
        "binascii.hexlify": ofBytes { .bytes(Array($0.map { Formatting.hexadecimal(Int($0), width: 2) }.joined().utf8)) },
        "zlib.decompress": plain { atoms, _ in
            guard case .bytes(let bytes)? = atoms.first else { return nil }
            var bits: Int32 = 15
            if atoms.count > 1 {
                if case .int(let given) = atoms[1], (-15...47).contains(given) { bits = Int32(given) } else { return nil }
            }
            return Encodings.inflate(bytes, windowBits: bits).map { .bytes($0) }
        },
        "gzip.decompress": plain { atoms, _ in
            if case .bytes(let bytes)? = atoms.first { Encodings.inflate(bytes, windowBits: 31).map { .bytes($0) } } else { nil }
        },
        "codecs.decode": plain { codec($0, $1) },
        "codecs.encode": plain { codec($0, $1, isEncoding: true) },
        "codecs.getdecoder": { interpreter, arguments, place in nil },
        "int.from_bytes": plain { atoms, keywords in
            guard case .bytes(let bytes)? = atoms.first else { return nil }
            var isLittle = false
            if case .text(let order)? = atoms.count > 1 ? atoms[1] : keywords["byteorder"] { isLittle = order.string == "little" }
            return LargeIntegers.number(isLittle ? bytes.reversed() : bytes)
        },
        "str.maketrans": { interpreter, arguments, place in translationTable(arguments, at: place, in: interpreter) },
        "bytes.maketrans": plain { atoms, _ in
            guard atoms.count == 2, case .bytes(let from) = atoms[0], case .bytes(let to) = atoms[1], from.count == to.count
            else { return nil }
            var table = (0...255).map { UInt8($0) }
            for (byte, mapped) in zip(from, to) { table[Int(byte)] = mapped }
            return .bytes(table)
        },
        "json.loads": { interpreter, arguments, place in
            guard let only = arguments[0]?.only else { return nil }
            let source: String? =
                switch only {
                case .text(let text): text.string
                case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
                default: nil
                }
            return source.flatMap(ConstantExpression.json).map { interpreter.thaw($0, at: place) }
        },
        "ast.literal_eval": { interpreter, arguments, place in
            guard case .text(let text)? = arguments[0]?.only else { return nil }
            return ConstantExpression.value(of: text.string).map { interpreter.thaw($0, at: place) }
        },
        "urllib.parse.unquote": ofText { Encodings.unquoted($0, plusIsSpace: false).map { text($0) } },
        "urllib.parse.unquote_plus": ofText { Encodings.unquoted($0, plusIsSpace: true).map { text($0) } },
        "html.unescape": ofText { unescaped($0).map { text($0) } },
        "textwrap.dedent": ofText { dedented($0).map { text($0) } },
    ]

    static let base64 = ofBytes { Encodings.base64($0).map { .bytes($0) } }
    static let base64OfURLs = ofBytes { Encodings.base64($0, isURL: true).map { .bytes($0) } }
    static let hexadecimal = ofBytes { Encodings.hexadecimal($0, ignoresSpace: false).map { .bytes($0) } }
    static let spacedHexadecimal = ofBytes { Encodings.hexadecimal($0, ignoresSpace: true).map { .bytes($0) } }

    static func codec(_ atoms: [Atom], _ keywords: [String: Atom], isEncoding: Bool = false) -> Atom? {
        var name = "utf-8"
        if case .text(let given)? = atoms.count > 1 ? atoms[1] : keywords["encoding"] { name = given.string }
        let normal = Encodings.normalized(name)
        switch (atoms.first, normal) {
        case (.text(let plain)?, "rot13"): return text(Encodings.rot13(plain.string))
        case (.text(let digits)?, "hex") where !isEncoding:
            return Encodings.hexadecimal(digits.string.utf8, ignoresSpace: false).map { .bytes($0) }
        case (.bytes(let bytes)?, "hex"), (.bytes(let bytes)?, "hexcodec"):
            return isEncoding
                ? .bytes(Array(bytes.map { Formatting.hexadecimal(Int($0), width: 2) }.joined().utf8))
                : Encodings.hexadecimal(bytes, ignoresSpace: false).map { .bytes($0) }
        case (.bytes(let bytes)?, "base64"), (.bytes(let bytes)?, "base64codec"):
            return isEncoding ? .bytes(Encodings.base64Encoded(bytes) + [0x0a]) : Encodings.base64(bytes).map { .bytes($0) }
        case (.bytes(let bytes)?, "zlib"), (.bytes(let bytes)?, "zlibcodec"), (.bytes(let bytes)?, "zip"):
            return isEncoding ? nil : Encodings.inflate(bytes, windowBits: 15).map { .bytes($0) }
        case (.bytes(let bytes)?, _) where !isEncoding: return Encodings.decode(bytes, name).map { text($0) }
        case (.text(let plain)?, _) where isEncoding: return Encodings.encode(plain.string, name).map { .bytes($0) }
        default: return nil
        }
    }

    static func translationTable(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        var table = DictionaryContent()
        func key(_ scalar: Unicode.Scalar) -> Atom { .int(Int(scalar.value)) }
        if arguments.positional.count == 1, let given = arguments[0]?.only.flatMap(interpreter.dictionary), given.isExact {
            for entry in given.entries {
                switch entry.key {
                case .text(let text): if let scalar = text.scalars.first { table.set(key(scalar), entry.value) }
                default: table.set(entry.key, entry.value)
                }
            }
            return interpreter.newDictionary(table, at: place)
        }
        guard case .text(let from)? = arguments[0]?.only, case .text(let to)? = arguments[1]?.only,
            from.scalars.count == to.scalars.count
        else { return nil }
        for (old, new) in zip(from.scalars, to.scalars) { table.set(key(old), Value(.int(Int(new.value)))) }
        if case .text(let dropped)? = arguments[2]?.only {
            for scalar in dropped.scalars { table.set(key(scalar), Value(Atom.none)) }
        }
        return interpreter.newDictionary(table, at: place)
    }

    /// Numbered and the commonest named character references of HTML; nil where there are others.
    static func unescaped(_ source: String) -> String? {
        let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{a0}"]
        var out = ""
        var rest = source[...]
        while let mark = rest.firstIndex(of: "&") {
            out += rest[..<mark]
            rest = rest[rest.index(after: mark)...]
            guard let end = rest.prefix(12).firstIndex(of: ";") else {
                out += "&"
                continue
            }
            let name = rest[..<end]
            if name.first == "#" {
                let digits = name.dropFirst()
                let value = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
                guard let scalar = value.flatMap({ Unicode.Scalar($0) }) else { return nil }
                out.unicodeScalars.append(scalar)
            } else {
                guard let text = named[String(name)] else { return nil }
                out += text
            }
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }

    static func dedented(_ source: String) -> String? {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let margins = lines.filter { !$0.allSatisfy(\.isWhitespace) }.map { $0.prefix { $0 == " " || $0 == "\t" } }
        guard var margin = margins.first else { return nil }
        for other in margins { margin = margin.prefix(zip(margin, other).prefix { $0 == $1 }.count) }
        let width = margin.count
        return lines.map { $0.allSatisfy(\.isWhitespace) ? "" : String($0.dropFirst(width)) }.joined(separator: "\n")
    }
}
