import PythonSyntax

/// Methods of constants and containers.
enum Methods {
    /// The result of a method; nil where it is not one that is known.
    static func call(
        _ name: String, of receiver: Atom, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        if let result = callOperator(name, of: receiver, arguments, at: place, in: interpreter) { return result }
        switch receiver {
        case .text(let text): return callText(name, text, arguments, at: place, in: interpreter)
        case .bytes(let bytes): return callBytes(name, bytes, arguments, at: place, in: interpreter)
        case .path(let path):
            return interpreter.lift(arguments.positional.isEmpty ? [Value(receiver)] : arguments.positional, at: place) {
                Paths.call(name, path.string, arguments.positional.isEmpty ? [] : $0)
            }
        case .int(let value): return callInteger(name, value, arguments, at: place, in: interpreter)
        case .largeInt(let digits): return callLargeInteger(name, digits, arguments, at: place)
        case .tuple(let members): return Containers.callTuple(name, members, arguments, at: place)
        case .template(let parts):
            // What is certain of a text that is known in part.
            if name == "format" || name == "strip" || name == "lower" || name == "upper" {
                return name == "strip" ? Value(.template(parts)).opened() : nil
            }
            return nil
        case .object(let id):
            switch interpreter.record(id).kind {
            case .list: return Containers.callList(name, id, arguments, at: place, in: interpreter)
            case .set: return Containers.callSet(name, id, arguments, at: place, in: interpreter)
            case .dictionary: return Containers.callDictionary(name, id, arguments, at: place, in: interpreter)
            case .iterator: return Containers.callIterator(name, id, arguments, at: place, in: interpreter)
            case .byteArray:
                if let result = Containers.callList(name, id, arguments, at: place, in: interpreter) { return result }
                return interpreter.byteArray(id).flatMap { callBytes(name, $0, arguments, at: place, in: interpreter) }
            case .external(let type): return ExternalObjects.call(name, of: id, type, arguments, at: place, in: interpreter)
            case .instance(let type): return callInstance(name, id, type, arguments, at: place, in: interpreter)
            }
        case .external where name == "__getattribute__":
            guard case .text(let attribute)? = arguments[0]?.only else { return nil }
            return interpreter.attributeIfAny(attribute.string, of: receiver, at: place)
        case .method(let owner, "__dict__"): return callNames(name, of: owner, arguments, at: place, in: interpreter)
        case .external("str"), .external("bytes"), .external("dict"), .external("list"): return nil
        default: return nil
        }
    }

    /// Operators that are written as methods: `"a".__add__("b")`.
    private static func callOperator(
        _ name: String, of receiver: Atom, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        guard name.hasPrefix("__") else { return nil }
        switch receiver {
        case .text, .bytes, .int, .float, .tuple: break
        case .object(let id):
            if case .instance = interpreter.record(id).kind { return nil }
            if case .external = interpreter.record(id).kind { return nil }
        default: return nil
        }
        let value = Value(receiver, Evidence(place))
        if name == "__len__" { return StandardLibrary.functions["len"]?(interpreter, Arguments(positional: [value]), place) }
        guard let other = arguments[0] else { return nil }
        switch name {
        case "__getitem__": return interpreter.item(other, of: value, at: place)
        case "__setitem__":
            if let new = arguments[1] { interpreter.setItem(other, new, of: receiver, isOnly: true) }
            return Value(Atom.none)
        case "__add__": return interpreter.binary(.Add, value, other, at: place)
        case "__mul__": return interpreter.binary(.Mult, value, other, at: place)
        case "__mod__": return interpreter.binary(.Mod, value, other, at: place)
        case "__xor__": return interpreter.binary(.BitXor, value, other, at: place)
        default: return nil
        }
    }

    /// Methods that an instance has from a built-in base, or as a named tuple.
    private static func callInstance(
        _ name: String, _ id: ObjectID, _ type: ClassID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        if let items = interpreter.kept(Interpreter.itemsName, in: id) {
            return items.only.flatMap { call(name, of: $0, arguments, at: place, in: interpreter) }
        }
        guard interpreter.isNamedTuple(type) else { return nil }
        switch name {
        case "_replace": return Dataclasses.replaced(id, type, arguments, at: place, in: interpreter)
        case "_asdict": return interpreter.attributeDictionary(of: id, at: place)
        default: return nil
        }
    }

    /// `globals().get("x")`, `vars(module).get("x")` and their kin.
    private static func callNames(
        _ name: String, of owner: Atom, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        if name == "update" {
            for (key, value) in arguments.keywords { interpreter.store(value, as: key, in: Value(owner), at: place) }
            let given = arguments[0].map { $0.only.flatMap(interpreter.dictionary) }
            if given == .some(nil) || given??.isExact == false || arguments.restKeywords != nil {
                interpreter.storeSomewhere(in: Value(owner))
            }
            for entry in (given ?? nil)?.entries ?? [] {
                if case .text(let key) = entry.key { interpreter.store(entry.value, as: key.string, in: Value(owner), at: place) }
            }
            return Value(Atom.none)
        }
        guard case .text(let key)? = arguments[0]?.only else { return nil }
        switch name {
        case "get", "__getitem__": return interpreter.attributeIfAny(key.string, of: owner, at: place) ?? arguments[1]
        case "setdefault", "__setitem__":
            if let value = arguments[1] { interpreter.store(value, as: key.string, in: Value(owner), at: place) }
            return arguments[1]
        default: return nil
        }
    }

    private static func callText(
        _ name: String, _ text: PythonText, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        switch name {
        case "join":
            guard let parts = arguments[0] else { return nil }
            let members = interpreter.elements(of: parts, at: place)
            guard members.isExact else {
                return Value.unknown.tainted(
                    by: parts.taint ?? members.anyMember.taint ?? interpreter.deepTaint(members.anyMember))
            }
            let separator = Value(.text(text))
            var all: [Value] = []
            for (index, member) in members.elements.enumerated() {
                if index > 0, !text.string.isEmpty { all.append(separator) }
                all.append(member)
            }
            return interpreter.concatenate(all, at: place)
        case "format": return interpreter.formatFields(text.string, arguments, at: place)
        case "format_map":
            guard let dictionary = arguments[0]?.only.flatMap(interpreter.dictionary) else { return nil }
            var fields = Arguments()
            for entry in dictionary.entries {
                if case .text(let key) = entry.key { fields.keywords.append((key.string, entry.value)) }
            }
            return interpreter.formatFields(text.string, fields, at: place)
        case "split", "rsplit", "splitlines":
            return onConstants(arguments, at: place, in: interpreter) { positional, keywords in
                TextMethods.split(name, text, positional, keywords).flatMap { pieces in
                    interpreter.newList(pieces.map { Value(.text($0)) }, at: place).only
                }
            }
        case "translate":
            guard let table = arguments[0]?.only.flatMap(interpreter.dictionary), table.isExact else { return nil }
            return translated(text, table).map { Value(.text($0)) }
        default:
            return onConstants(arguments, at: place, in: interpreter) { TextMethods.call(name, text, $0, $1) }
        }
    }

    private static func translated(_ text: PythonText, _ table: DictionaryContent) -> PythonText? {
        var out: [Unicode.Scalar] = []
        for scalar in text.scalars {
            guard let entry = table[.int(Int(scalar.value))] else {
                out.append(scalar)
                continue
            }
            switch entry.value.only {
            case .int(let value)?:
                guard let mapped = UInt32(exactly: value).flatMap({ Unicode.Scalar($0) }) else { return nil }
                out.append(mapped)
            case .text(let text)?: out += text.scalars
            case Atom.none?: break
            default: return nil
            }
        }
        return PythonText(out)
    }

    private static func callBytes(
        _ name: String, _ bytes: [UInt8], _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        switch name {
        case "join":
            guard let parts = arguments[0] else { return nil }
            let members = interpreter.elements(of: parts, at: place)
            guard members.isExact else { return nil }
            return interpreter.lift(members.elements.isEmpty ? [Value(.bytes(bytes))] : members.elements, at: place) { atoms in
                if members.elements.isEmpty { return .bytes([]) }
                var pieces: [[UInt8]] = []
                for case .bytes(let piece) in atoms { pieces.append(piece) }
                return pieces.count == atoms.count ? .bytes(Array(pieces.joined(separator: bytes))) : nil
            }
        case "split":
            guard case .bytes(let separator)? = arguments[0]?.only, !separator.isEmpty else { return nil }
            let pieces = Searching.pieces(of: bytes, at: separator, limit: -1)
            return interpreter.newList(pieces.map { Value(.bytes(Array($0))) }, at: place)
        default:
            return onConstants(arguments, at: place, in: interpreter) { TextMethods.call(name, bytes, $0, $1) }
        }
    }

    private static func callInteger(
        _ name: String, _ value: Int, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        switch name {
        case "to_bytes":
            let length: Int
            if case .int(let given)? = arguments.argument(0, "length")?.only { length = given } else { length = 1 }
            var isLittle = false
            if case .text(let order)? = arguments.argument(1, "byteorder")?.only { isLittle = order.string == "little" }
            guard value >= 0, (1...1024).contains(length), length >= 8 || value >> (8 * length) == 0 else { return nil }
            let little = (0..<length).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
            return Value(.bytes(isLittle ? little : little.reversed()), Evidence(place))
        case "bit_length":
            return Value(.int(value == 0 ? 0 : Int.bitWidth - Int(value.magnitude).leadingZeroBitCount), Evidence(place))
        default: return nil
        }
    }

    private static func callLargeInteger(_ name: String, _ digits: String, _ arguments: Arguments, at place: Site) -> Value? {
        guard let bytes = LargeIntegers.bytes(decimal: digits) else { return nil }
        switch name {
        case "to_bytes":
            guard case .int(let length)? = arguments.argument(0, "length")?.only else { return nil }
            var isLittle = false
            if case .text(let order)? = arguments.argument(1, "byteorder")?.only { isLittle = order.string == "little" }
            return LargeIntegers.padded(bytes, count: length, isLittle: isLittle).map { Value(.bytes($0), Evidence(place)) }
        case "bit_length":
            let bits = bytes.first.map { (bytes.count - 1) * 8 + UInt8.bitWidth - $0.leadingZeroBitCount } ?? 0
            return Value(.int(bits), Evidence(place))
        default: return nil
        }
    }

    /// Applies an operation to each combination of the arguments' constants.
    static func onConstants(
        _ arguments: Arguments, at place: Site, in interpreter: Interpreter, _ operation: ([Atom], [String: Atom]) -> Atom?
    ) -> Value? {
        guard arguments.isFullyKnown else { return nil }
        let values = arguments.positional + arguments.keywords.map(\.value)
        let count = arguments.positional.count
        func apply(_ atoms: [Atom]) -> Atom? {
            var keywords: [String: Atom] = [:]
            for (keyword, atom) in zip(arguments.keywords, atoms.dropFirst(count)) { keywords[keyword.name] = atom }
            return operation(Array(atoms.prefix(count)), keywords)
        }
        if values.isEmpty { return apply([]).map { Value($0, Evidence(place)) } ?? .unknown }
        return interpreter.lift(values, at: place, apply)
    }
}
