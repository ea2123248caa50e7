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
