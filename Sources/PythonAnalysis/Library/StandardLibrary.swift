import PythonSyntax

/// Functions of Python's standard library that the interpreter knows: what they give for what.
enum StandardLibrary {
    /// The result for some arguments, or nil where it is not known.
    typealias Function = @Sendable (Interpreter, Arguments, Site) -> Value?

    static let functions: [String: Function] = conversions.merging(reflection) { $1 }.merging(iteration) { $1 }.merging(decoding)
    { $1 }
    .merging(paths) { $1 }.merging(others) { $1 }.merging(Texts.functions) { $1 }

    /// A function of constants alone.
    static func plain(_ body: @escaping @Sendable ([Atom], [String: Atom]) -> Atom?) -> Function {
        { interpreter, arguments, place in Methods.onConstants(arguments, at: place, in: interpreter, body) }
    }

    /// A function of the first argument, which is a text.
    static func ofText(_ body: @escaping @Sendable (String) -> Atom?) -> Function {
        plain { atoms, _ in
            switch atoms.first {
            case .text(let text)?: body(text.string)
            case .bytes(let bytes)?: String(validating: bytes, as: UTF8.self).flatMap(body)
            default: nil
            }
        }
    }

    /// A function of the first argument, which is bytes or a text of ASCII letters.
    private static func ofBytes(_ body: @escaping @Sendable ([UInt8]) -> Atom?) -> Function {
        plain { atoms, _ in
            switch atoms.first {
            case .bytes(let bytes)?: body(bytes)
            case .text(let text)?: text.string.utf8.allSatisfy { $0 < 0x80 } ? body(Array(text.string.utf8)) : nil
            default: nil
            }
        }
    }

    private static func text(_ string: String) -> Atom { .text(PythonText(string)) }

    // MARK: Conversions

    private static let conversions: [String: Function] = [
        "str": { interpreter, arguments, place in
            guard let value = arguments.argument(0, "object") else { return Value(text(""), Evidence(place)) }
            if arguments.positional.count > 1 || arguments["encoding"] != nil {
                return Methods.onConstants(arguments, at: place, in: interpreter) { atoms, keywords in
                    guard case .bytes(let bytes)? = atoms.first,
                        case .text(let name)? = atoms.count > 1 ? atoms[1] : keywords["encoding"]
                    else { return nil }
                    return Encodings.decode(bytes, name.string).map { text($0) }
                }
            }
            return interpreter.lift([value], at: place) {
                interpreter.formatted($0[0], conversion: UInt8(ascii: "s"), "").map { text($0) }
            }
        },
        "repr": { interpreter, arguments, place in
            interpreter.lift(arguments.positional, at: place) {
                interpreter.formatted($0[0], conversion: UInt8(ascii: "r"), "").map { text($0) }
            }
        },
        "format": { interpreter, arguments, place in
            interpreter.lift(arguments.positional, at: place) { atoms in
                var specification = ""
                if atoms.count > 1 { if case .text(let text) = atoms[1] { specification = text.string } else { return nil } }
                return interpreter.formatted(atoms[0], conversion: nil, specification).map { text($0) }
            }
        },
        "int": { interpreter, arguments, place in
            if arguments.positional.isEmpty { return Value(.int(0), Evidence(place)) }
            return Methods.onConstants(arguments, at: place, in: interpreter) { atoms, keywords in integer(atoms, keywords) }
        },
        "float": plain { atoms, _ in
            switch atoms.first {
            case .text(let text)?: Double(text.string.trimmingWhitespace).map { .float($0) }
            case .int(let value)?: .float(Double(value))
            case .float(let value)?: .float(value)
            case .bool(let value)?: .float(value ? 1 : 0)
            case nil: .float(0)
            default: nil
            }
        },
        "bool": { interpreter, arguments, place in
            guard let value = arguments[0] else { return Value(.bool(false), Evidence(place)) }
            return interpreter.lift([value], at: place) { interpreter.truth($0[0]).map { .bool($0) } }
        },
        "chr": plain { atoms, _ in
            guard case .int(let value)? = atoms.first, let scalar = UInt32(exactly: value).flatMap({ Unicode.Scalar($0) }) else {
                return nil
            }
            return .text(PythonText(CollectionOfOne(scalar)))
        },
        "unichr": plain { atoms, _ in
            guard case .int(let value)? = atoms.first, let scalar = UInt32(exactly: value).flatMap({ Unicode.Scalar($0) }) else {
                return nil
            }
            return .text(PythonText(CollectionOfOne(scalar)))
        },
        "ord": plain { atoms, _ in
            switch atoms.first {
            case .text(let text)?: text.scalars.count == 1 ? .int(Int(text.scalars[0].value)) : nil
            case .bytes(let bytes)?: bytes.count == 1 ? .int(Int(bytes[0])) : nil
            default: nil
            }
        },
        "hex": plain { atoms, _ in number(atoms).map { text(($0 < 0 ? "-0x" : "0x") + String($0.magnitude, radix: 16)) } },
        "oct": plain { atoms, _ in number(atoms).map { text(($0 < 0 ? "-0o" : "0o") + String($0.magnitude, radix: 8)) } },
        "bin": plain { atoms, _ in number(atoms).map { text(($0 < 0 ? "-0b" : "0b") + String($0.magnitude, radix: 2)) } },
        "abs": plain { atoms, _ in
            switch atoms.first {
            case .int(let value)?: value == .min ? nil : .int(abs(value))
            case .float(let value)?: .float(abs(value))
            default: nil
            }
        },
        "round": plain { atoms, _ in
            switch atoms.first {
            case .float(let value)?:
                atoms.count == 1 ? Int(exactly: value.rounded(.toNearestOrEven)).map { .int($0) } : nil
            case .int(let value)?: atoms.count == 1 ? .int(value) : nil
            default: nil
            }
        },
        "pow": plain { atoms, _ in
            if atoms.count == 2 { return Arithmetic.binary(.Pow, atoms[0], atoms[1]) }
            guard atoms.count == 3, case .int(let base) = atoms[0], case .int(var exponent) = atoms[1],
                case .int(let modulus) = atoms[2],
                exponent >= 0, modulus > 0, modulus < 1 << 31
            else { return nil }
            var result = 1 % modulus
            var factor = ((base % modulus) + modulus) % modulus
            while exponent > 0 {
                if exponent & 1 == 1 { result = result * factor % modulus }
                factor = factor * factor % modulus
                exponent >>= 1
            }
            return .int(result)
        },
        "divmod": plain { atoms, _ in
            guard atoms.count == 2, let quotient = Arithmetic.binary(.FloorDiv, atoms[0], atoms[1]),
                let rest = Arithmetic.binary(.Mod, atoms[0], atoms[1])
            else { return nil }
            return .tuple([Value(quotient), Value(rest)])
        },
        "bytes": { interpreter, arguments, place in bytes(interpreter, arguments, place) },
        "bytearray": { interpreter, arguments, place in
            guard let value = bytes(interpreter, arguments, place) else { return nil }
            return interpreter.each(value) {
                interpreter.newSequence(interpreter.elements(of: Value($0.atom, $0.evidence)), at: place, kind: .byteArray)
            }
        },
        "slice": { _, arguments, place in
            let none = Value(Atom.none)
            switch arguments.positional.count {
            case 1: return Value(.slice(none, arguments.positional[0], none), Evidence(place))
            case 2, 3:
                return Value(.slice(arguments.positional[0], arguments.positional[1], arguments[2] ?? none), Evidence(place))
            default: return nil
            }
        },
        "ascii": { interpreter, arguments, place in
            interpreter.lift(arguments.positional, at: place) {
                interpreter.formatted($0[0], conversion: UInt8(ascii: "a"), "").map { text($0) }
            }
        },
        "memoryview": { _, arguments, _ in arguments[0] },
    ]

    private static func number(_ atoms: [Atom]) -> Int? {
        if case .int(let value)? = atoms.first { return value }
        return nil
    }

    private static func integer(_ atoms: [Atom], _ keywords: [String: Atom]) -> Atom? {
        var radix = 10
        switch atoms.count > 1 ? atoms[1] : keywords["base"] {
        case .int(let value)?: radix = value
        case nil: break
        default: return nil
        }
        switch atoms.first {
        case .int(let value)?: return .int(value)
        case .bool(let value)?: return .int(value ? 1 : 0)
        case .float(let value)?: return Int(exactly: value.rounded(.towardZero)).map { .int($0) }
        case .text(let text)?: return digits(text.string, radix)
        case .bytes(let bytes)?: return String(validating: bytes, as: UTF8.self).flatMap { digits($0, radix) }
        default: return nil
        }
    }

    private static func digits(_ text: String, _ radix: Int) -> Atom? {
        var digits = text.trimmingWhitespace.replacing("_", with: "").lowercased()
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        var base = radix
        for (prefix, value) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) && (radix == value || radix == 0)
        {
            digits.removeFirst(2)
            base = value
        }
        if base == 0 { base = 10 }
        guard (2...36).contains(base), digits.first?.isNumber == true || digits.first?.isLetter == true,
            let value = Int(digits, radix: base)
        else { return nil }
        return .int(isNegative ? -value : value)
    }

    private static func bytes(_ interpreter: Interpreter, _ arguments: Arguments, _ place: Site) -> Value? {
        guard let value = arguments[0] else { return Value(.bytes([]), Evidence(place)) }
        let encoding = arguments.argument(1, "encoding")
        return interpreter.lift([value, encoding ?? Value(text("utf-8"))], at: place) { atoms in
            switch atoms[0] {
            case .bytes(let bytes): return .bytes(bytes)
            case .object(let id) where interpreter.record(id).kind == .byteArray:
                return interpreter.byteArray(id).map { .bytes($0) }
            case .text(let text):
                guard encoding != nil, case .text(let name) = atoms[1] else { return nil }
                return Encodings.encode(text.string, name.string).map { .bytes($0) }
            case .int(let count): return (0...4_096).contains(count) ? .bytes(Array(repeating: 0, count: count)) : nil
            default:
                let members = interpreter.elements(of: Value(atoms[0]))
                guard members.isExact else { return nil }
                var bytes: [UInt8] = []
                for element in members.elements {
                    guard case .int(let number)? = element.only, let byte = UInt8(exactly: number) else { return nil }
                    bytes.append(byte)
                }
                return .bytes(bytes)
            }
        }
    }

    // MARK: Names and objects

    private static let reflection: [String: Function] = [
        "getattr": { interpreter, arguments, place in
            guard let object = arguments[0], let name = arguments[1] else { return nil }
            guard !name.isOpen, !name.candidates.isEmpty else { return .unknown }
            return interpreter.each(name) { candidate in
                guard case .text(let name) = candidate.atom else { return .unknown }
                return interpreter.each(object) { object in
                    interpreter.attributeIfAny(name.string, of: object.atom, at: place) ?? arguments[2] ?? .unknown
                }
            }
        },
        "setattr": { interpreter, arguments, place in
            guard let object = arguments[0], let value = arguments[2] else { return nil }
            guard case .text(let name)? = arguments[1]?.only else {
                interpreter.storeSomewhere(in: object)
                return nil
            }
            interpreter.store(value, as: name.string, in: object, at: place)
            return Value(Atom.none, Evidence(place))
        },
        "hasattr": { interpreter, arguments, place in
            guard let object = arguments[0]?.only, case .text(let name)? = arguments[1]?.only else { return nil }
            switch object {
            case .object(let id):
                guard case .instance(let type) = interpreter.record(id).kind, interpreter.firstExternalBase(of: type) == nil
                else { return nil }
            case .class(let type): if interpreter.firstExternalBase(of: type) != nil { return nil }
            default: return nil
            }
            return Value(.bool(interpreter.attributeIfAny(name.string, of: object, at: place) != nil), Evidence(place))
        },
        "isinstance": { interpreter, arguments, place in
            guard let value = arguments[0], let type = arguments[1]?.only else { return nil }
            return interpreter.lift([value], at: place) { atoms in
                TypeTests.isInstance(atoms[0], of: type, in: interpreter).map { .bool($0) }
            }
        },
        "callable": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            return interpreter.lift([value], at: place) { atoms in
                switch atoms[0] {
                case .function, .bound, .class, .partial: .bool(true)
                case .text, .int, .none, .bytes, .tuple: .bool(false)
                default: nil
                }
            }
        },
        "type": { interpreter, arguments, place in
            if arguments.positional.count == 3 { return TypeTests.newType(arguments, at: place, in: interpreter) }
            guard let only = arguments[0]?.only else { return nil }
            if case .object(let id) = only, case .instance(let type) = interpreter.record(id).kind {
                return Value(.class(type), Evidence(place))
            }
            return interpreter.typeName(only).map { Value(.external($0), Evidence(place)) }
        },
        "__import__": { interpreter, arguments, place in
            guard let name = arguments.argument(0, "name") else { return nil }
            let takesAll = arguments.argument(3, "fromlist").map { interpreter.truth($0) != false } ?? false
            return interpreter.each(name) { candidate in
                guard case .text(let dotted) = candidate.atom else { return .unknown }
                interpreter.noteImport(place, module: dotted.string, name: nil, alias: nil, level: 0, isDynamic: true)
                let path = takesAll ? dotted.string : String(dotted.string.prefix { $0 != "." })
                return interpreter.moduleValue(path, at: place)
            }
        },
        "importlib.import_module": { interpreter, arguments, place in
            guard let name = arguments.argument(0, "name") else { return nil }
            let package: String? = if case .text(let text)? = arguments.argument(1, "package")?.only { text.string } else { nil }
            return interpreter.each(name) { candidate in
                guard case .text(let text) = candidate.atom else { return .unknown }
                var dotted = text.string
                if dotted.hasPrefix("."), let package {
                    let level = dotted.prefix { $0 == "." }.count
                    let parts = package.split(separator: ".").dropLast(level - 1)
                    dotted = (parts.map(String.init) + [String(dotted.dropFirst(level))]).filter { !$0.isEmpty }.joined(
                        separator: ".")
                }
                interpreter.noteImport(place, module: dotted, name: nil, alias: nil, level: 0, isDynamic: true)
                return interpreter.moduleValue(dotted, at: place)
            }
        },
        "importlib.__import__": { interpreter, arguments, place in functions["__import__"]?(interpreter, arguments, place) },
        "functools.partial": { _, arguments, place in
            guard let function = arguments[0], !function.candidates.isEmpty else { return nil }
            var rest = arguments
            rest.positional.removeFirst()
            return Value(.partial(PartialCall(function, rest)), Evidence(place))
        },
        "functools.partialmethod": { _, arguments, place in
            guard let function = arguments[0], !function.candidates.isEmpty else { return nil }
            var rest = arguments
            rest.positional.removeFirst()
            return Value(.partial(PartialCall(function, rest, isMethod: true)), Evidence(place))
        },
        "dataclasses.replace": { interpreter, arguments, place in
            guard case .object(let id)? = arguments[0]?.only, case .instance(let type) = interpreter.record(id).kind else {
                return nil
            }
            return Dataclasses.replaced(id, type, arguments, at: place, in: interpreter)
        },
        "dataclasses.asdict": { interpreter, arguments, place in
            arguments[0].flatMap { Dataclasses.dictionary($0, at: place, in: interpreter) }
        },
        "enum.auto": { interpreter, arguments, place in
            // One more than the members before it.
            guard let owner = interpreter.frame.owner, interpreter.frame.scope.kind == .class else { return nil }
            let bound = interpreter.frame.symbols.compactMap { interpreter.frame.cell($0) }.count { cell in
                if case .int? = interpreter.memory.value(cell).only { true } else { false }
            }
            return interpreter.isEnum(owner) ? Value(.int(bound + 1), Evidence(place)) : nil
        },
        "typing.NewType": { _, _, place in Value(.external("typing.cast.identity"), Evidence(place)) },
        "typing.cast.identity": { _, arguments, _ in arguments[0] },
        "pkgutil.resolve_name": { interpreter, arguments, place in
            guard case .text(let path)? = arguments[0]?.only else { return nil }
            let parts = path.string.split(separator: ":").map(String.init)
            guard let module = parts.first else { return nil }
            let value = interpreter.moduleValue(module, at: place)
            return parts.count == 1
                ? value : parts[1].split(separator: ".").reduce(value) { interpreter.attribute(String($1), of: $0, at: place) }
        },
        "object.__getattribute__": { interpreter, arguments, place in functions["getattr"]?(interpreter, arguments, place) },
        "operator.attrgetter": made("operator.attrgetter"),
        "operator.itemgetter": made("operator.itemgetter"),
        "operator.methodcaller": made("operator.methodcaller"),
        "dataclasses.dataclass": { _, arguments, place in
            if let given = arguments[0] { return given }
            return Value(.partial(PartialCall(Value(.external("dataclasses.dataclass")), arguments)), Evidence(place))
        },
        "attr.s": { _, arguments, place in
            if let given = arguments[0] { return given }
            return Value(.partial(PartialCall(Value(.external("attr.s")), arguments)), Evidence(place))
        },
        "dataclasses.field": { interpreter, arguments, place in field(arguments, at: place, in: interpreter) },
        "pydantic.Field": { interpreter, arguments, place in
            var given = arguments
            if let first = arguments[0] { given.keywords.append(("default", first)) }
            return field(given, at: place, in: interpreter)
        },
        "classmethod": wrapped(.classMethod),
        "staticmethod": wrapped(.staticMethod),
        "property": { interpreter, arguments, place in
            guard let getter = arguments.argument(0, "fget") else { return nil }
            return wrapped(.property)(interpreter, Arguments(positional: [getter]), place)
        },
        "functools.lru_cache": { _, arguments, _ in arguments[0].flatMap { if case .function? = $0.only { $0 } else { nil } } },
        "functools.cache": { _, arguments, _ in arguments[0] },
        "typing.cast": { interpreter, arguments, place in
            guard let value = arguments[1] else { return nil }
            guard value.isOpen, value.candidates.isEmpty, case .external(let name)? = arguments[0]?.only,
                ExternalObjects.isClass(name)
            else {
                return value
            }
            return interpreter.newExternal(name, at: place).opened().tainted(by: value.taint)
        },
        "random.shuffle": { interpreter, arguments, place in
            guard case .object(let id)? = arguments[0]?.only, interpreter.record(id).kind == .list else { return nil }
            interpreter.memory.editSequence(interpreter.record(id).contents) { $0 = SequenceContent(rest: $0.anyMember) }
            return Value(Atom.none, Evidence(place))
        },
        "copy.copy": { interpreter, arguments, place in copied(arguments, isDeep: false, at: place, in: interpreter) },
        "copy.deepcopy": { interpreter, arguments, place in copied(arguments, isDeep: true, at: place, in: interpreter) },
        "asyncio.run": { interpreter, arguments, _ in arguments[0].map(interpreter.awaited) },
        "asyncio.gather": { interpreter, arguments, place in
            interpreter.newSequence(SequenceContent(arguments.positional.map(interpreter.awaited)), at: place)
        },
        "asyncio.create_task": { _, arguments, _ in arguments[0] },
        "asyncio.ensure_future": { _, arguments, _ in arguments[0] },
        "asyncio.wait_for": { _, arguments, _ in arguments[0] },
        "exec": { _, _, place in Value(Atom.none, Evidence(place)) },
        "print": { _, _, place in Value(Atom.none, Evidence(place)) },
        "sys.exit": exit, "exit": exit, "quit": exit, "os._exit": exit, "os.abort": exit,
    ]

    private static let exit: Function = { interpreter, _, _ in
        interpreter.isLeaving = true
        return .unknown
    }

    private static func made(_ name: String) -> Function {
        { _, arguments, place in Value(.partial(PartialCall(Value(.external(name)), arguments)), Evidence(place)) }
    }

    private static func wrapped(_ kind: FunctionReference.Kind) -> Function {
        { _, arguments, place in
            guard case .function(let function)? = arguments[0]?.only else { return arguments[0] }
            return Value(.function(function.with(kind: kind)), Evidence(place))
        }
    }

    private static func field(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        let made = interpreter.newExternal("dataclasses.Field", at: place)
        guard case .object(let id)? = made.only else { return nil }
        for name in ["default", "default_factory"] {
            if let value = arguments[name] { interpreter.memory[interpreter.attributeCell(name, of: id)] = .value(value) }
        }
        return made
    }

    private static func copied(_ arguments: Arguments, isDeep: Bool, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let value = arguments[0] else { return nil }
        return Copying.copy(value, isDeep: isDeep, at: place, in: interpreter)
    }

    // MARK: Things to go through

    private static let iteration: [String: Function] = [
        "list": container(.list), "set": container(.set), "frozenset": container(.set),
        "collections.deque": { interpreter, arguments, place in
            let isBounded = arguments.argument(1, "maxlen").map { $0.only != Atom.none } ?? false
            let made = container(.list)(interpreter, arguments, place)
            if isBounded, case .object(let id)? = made?.only {
                interpreter.memory.editSequence(interpreter.record(id).contents) { $0 = SequenceContent(rest: $0.anyMember) }
            }
            return made
        },
        "tuple": { interpreter, arguments, place in
            guard let value = arguments[0] else { return Value(.tuple([]), Evidence(place)) }
            let members = interpreter.elements(of: value, at: place)
            return members.isExact
                ? interpreter.tupleValue(members.elements, at: place) : interpreter.newSequence(members, at: place)
        },
        "iter": container(.iterator),
        "reversed": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            return interpreter.newSequence(
                members.isExact ? SequenceContent(members.elements.reversed()) : members, at: place, kind: .iterator)
        },
        "next": { interpreter, arguments, _ in
            guard case .object(let id)? = arguments[0]?.only, interpreter.record(id).kind == .iterator else { return nil }
            if let members = interpreter.memory.sequence(interpreter.record(id).contents), members.isExact,
                members.elements.isEmpty
            {
                return arguments[1]
            }
            return Containers.next(id, in: interpreter)
        },
        "dict": { interpreter, arguments, place in dictionary(arguments, at: place, in: interpreter) },
        "collections.OrderedDict": { interpreter, arguments, place in dictionary(arguments, at: place, in: interpreter) },
        "collections.defaultdict": { interpreter, arguments, place in
            var rest = arguments
            let factory = rest.positional.isEmpty ? nil : rest.positional.removeFirst()
            return dictionary(rest, factory: factory, at: place, in: interpreter)
        },
        "collections.Counter": { interpreter, arguments, place in
            guard let value = arguments[0] else { return dictionary(arguments, isCounter: true, at: place, in: interpreter) }
            let members = interpreter.elements(of: value, at: place)
            guard interpreter.dictionary(value.only ?? Atom.none) == nil, members.isExact else { return nil }
            var counts = DictionaryContent()
            for element in members.elements {
                guard let only = element.only, only.isConstant else { return nil }
                var count = 1
                if case .int(let before)? = counts[only]?.value.only { count += before }
                counts.set(only, Value(.int(count), Evidence(place)))
            }
            let made = dictionary(Arguments(), isCounter: true, at: place, in: interpreter)
            if case .object(let id)? = made.only {
                interpreter.memory.editDictionary(interpreter.record(id).contents) { $0 = counts }
            }
            return made
        },
        "collections.ChainMap": { interpreter, arguments, place in
            var merged = DictionaryContent()
            for value in arguments.positional.reversed() {
                guard let other = value.only.flatMap(interpreter.dictionary) else { return nil }
                merged.update(with: other)
            }
            return interpreter.newDictionary(merged, at: place)
        },
        "dict.fromkeys": { interpreter, arguments, place in
            guard let keys = arguments[0] else { return nil }
            let members = interpreter.elements(of: keys, at: place)
            guard members.isExact else { return nil }
            var made = DictionaryContent()
            for key in members.elements {
                guard let only = key.only else { return nil }
                made.set(only, arguments[1] ?? Value(Atom.none))
            }
            return interpreter.newDictionary(made, at: place)
        },
        "types.MappingProxyType": { _, arguments, _ in arguments[0] },
        "len": { interpreter, arguments, place in
            interpreter.lift(arguments.positional, at: place) { atoms in
                switch atoms[0] {
                case .text(let text): return .int(text.scalars.count)
                case .bytes(let bytes): return .int(bytes.count)
                case .tuple(let members): return .int(members.count)
                case .object(let id):
                    if case .instance(let type) = interpreter.record(id).kind {
                        guard case .function(let function)? = interpreter.method("__len__", of: type)?.only else { return nil }
                        return interpreter.enter(function, receiver: atoms[0], Arguments(), at: place).only
                    }
                    if let dictionary = interpreter.dictionary(atoms[0]) {
                        return dictionary.isExact ? .int(dictionary.entries.count) : nil
                    }
                    guard let members = interpreter.sequence(atoms[0]), members.isExact else { return nil }
                    return .int(members.elements.count)
                default: return nil
                }
            }
        },
        "range": { Iterables.range($1, at: $2, in: $0) },
        "xrange": { Iterables.range($1, at: $2, in: $0) },
        "zip": { Iterables.zip($1, at: $2, in: $0) },
        "enumerate": { Iterables.enumerate($1, at: $2, in: $0) },
        "map": { Iterables.map($1, at: $2, in: $0) },
        "filter": { Iterables.filter($1, at: $2, in: $0) },
        "functools.reduce": { Iterables.reduce($1, at: $2, in: $0) },
        "reduce": { Iterables.reduce($1, at: $2, in: $0) },
        "sorted": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            return interpreter.newSequence(Iterables.sorted(members, arguments, at: place, in: interpreter), at: place)
        },
        "min": { Iterables.extreme(isLargest: false, $1, at: $2, in: $0) },
        "max": { Iterables.extreme(isLargest: true, $1, at: $2, in: $0) },
        "sum": { Iterables.sum($1, at: $2, in: $0) },
        "any": { Iterables.quantified(isAny: true, $1, at: $2, in: $0) },
        "all": { Iterables.quantified(isAny: false, $1, at: $2, in: $0) },
        "itertools.chain": { interpreter, arguments, place in
            var all = SequenceContent()
            for value in arguments.positional { all.append(contentsOf: interpreter.elements(of: value, at: place)) }
            return interpreter.newSequence(all, at: place, kind: .iterator)
        },
        "itertools.chain.from_iterable": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let outer = interpreter.elements(of: value, at: place)
            guard outer.isExact else { return nil }
            var all = SequenceContent()
            for value in outer.elements { all.append(contentsOf: interpreter.elements(of: value, at: place)) }
            return interpreter.newSequence(all, at: place, kind: .iterator)
        },
        "itertools.product": { interpreter, arguments, place in
            var rows: [[Value]] = [[]]
            var columns = arguments.positional.map { interpreter.elements(of: $0, at: place) }
            if case .int(let times)? = arguments["repeat"]?.only, (1...64).contains(times) {
                columns = Array(repeatElement(columns, count: times).joined())
            }
            for members in columns {
                guard members.isExact, rows.count * members.elements.count <= 4_096 else { return nil }
                rows = rows.flatMap { row in members.elements.map { row + [$0] } }
            }
            return interpreter.newList(rows.map { interpreter.tupleValue($0, at: place) }, at: place, kind: .iterator)
        },
        "itertools.islice": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = Iterables.column(value, atLeast: 4_096, at: place, in: interpreter)
            let bounds = arguments.positional.dropFirst().map(\.only)
            guard members.isExact, case .int(let first)?? = bounds.first, first >= 0 else { return nil }
            guard bounds.count > 1 else {
                return interpreter.newList(Array(members.elements.prefix(first)), at: place, kind: .iterator)
            }
            guard case .int(let end)? = bounds[1], end >= first else { return nil }
            return interpreter.newList(Array(members.elements.prefix(end).dropFirst(first)), at: place, kind: .iterator)
        },
        "itertools.cycle": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            let made = interpreter.newSequence(SequenceContent(rest: members.anyMember), at: place, kind: .iterator)
            if case .object(let id)? = made.only, members.isExact, !members.elements.isEmpty {
                // Those who take only some of them can know which.
                interpreter.memory[interpreter.attributeCell(Iterables.cycleName, of: id)] = .value(
                    interpreter.newSequence(members, at: place))
            }
            return made
        },
        "itertools.accumulate": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            guard members.isExact else { return nil }
            var sums: [Value] = []
            for element in members.elements {
                guard let last = sums.last else {
                    sums.append(element)
                    continue
                }
                let function = arguments.argument(1, "func")
                sums.append(
                    function.map { interpreter.call($0, Arguments(positional: [last, element]), at: place) }
                        ?? interpreter.binary(.Add, last, element, at: place))
            }
            return interpreter.newList(sums, at: place, kind: .iterator)
        },
        "itertools.groupby": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            guard members.isExact else { return nil }
            var groups: [(key: Value, members: [Value])] = []
            for element in members.elements {
                let key =
                    arguments.argument(1, "key").map { interpreter.call($0, Arguments(positional: [element]), at: place) }
                    ?? element
                guard let only = key.only, only.isConstant else { return nil }
                if groups.last?.key.only == only {
                    groups[groups.count - 1].members.append(element)
                } else {
                    groups.append((key, [element]))
                }
            }
            let rows = groups.map {
                interpreter.tupleValue([$0.key, interpreter.newList($0.members, at: place, kind: .iterator)], at: place)
            }
            return interpreter.newList(rows, at: place, kind: .iterator)
        },
        "itertools.zip_longest": { interpreter, arguments, place in
            let columns = arguments.positional.map { interpreter.elements(of: $0, at: place) }
            guard columns.allSatisfy(\.isExact), let longest = columns.map(\.elements.count).max() else { return nil }
            let fill = arguments["fillvalue"] ?? Value(Atom.none)
            let rows = (0..<longest).map { row in
                interpreter.tupleValue(columns.map { row < $0.elements.count ? $0.elements[row] : fill }, at: place)
            }
            return interpreter.newList(rows, at: place, kind: .iterator)
        },
        "itertools.repeat": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            if case .int(let count)? = arguments[1]?.only, (0...4_096).contains(count) {
                return interpreter.newList(Array(repeating: value, count: count), at: place, kind: .iterator)
            }
            return interpreter.newSequence(SequenceContent(rest: value), at: place, kind: .iterator)
        },
        "itertools.starmap": { interpreter, arguments, place in
            guard let function = arguments[0], let rows = arguments[1] else { return nil }
            let members = interpreter.elements(of: rows, at: place)
            guard members.isExact else { return nil }
            let results = members.elements.map { row in
                interpreter.call(function, Arguments(positional: interpreter.elements(of: row).elements), at: place)
            }
            return interpreter.newList(results, at: place, kind: .iterator)
        },
    ]

    private static func container(_ kind: ObjectRecord.Kind) -> Function {
        { interpreter, arguments, place in
            guard let value = arguments[0] else { return interpreter.newList([], at: place, kind: kind) }
            let members = interpreter.elements(of: value, at: place)
            return interpreter.newSequence(kind == .set ? interpreter.unique(members) : members, at: place, kind: kind)
        }
    }

    private static func dictionary(
        _ arguments: Arguments, factory: Value? = nil, isCounter: Bool = false, at place: Site, in interpreter: Interpreter
    ) -> Value {
        let made = interpreter.newDictionary(DictionaryContent(), at: place)
        if case .object(let id)? = made.only {
            if isCounter {
                interpreter.memory[interpreter.attributeCell(Interpreter.missingName, of: id)] = .value(
                    Value(.int(0), Evidence(place)))
            }
            if let factory, factory.only != Atom.none {
                interpreter.memory[interpreter.attributeCell("default_factory", of: id)] = .value(factory)
            }
            _ = Containers.callDictionary("update", id, arguments, at: place, in: interpreter)
        }
        return made
    }

    // MARK: Decoding

    private static let decoding: [String: Function] = [
        "base64.b64decode": { interpreter, arguments, place in
            if let letters = arguments.argument(1, "altchars"), letters.only != Atom.none {
                guard case .bytes(let other)? = letters.only, other == Array("-_".utf8) else { return nil }
                return ofBytes { Encodings.base64($0, isURL: true).map { .bytes($0) } }(
                    interpreter, Arguments(positional: Array(arguments.positional.prefix(1))), place)
            }
            return ofBytes { Encodings.base64($0).map { .bytes($0) } }(interpreter, arguments, place)
        },
        "base64.standard_b64decode": ofBytes { Encodings.base64($0).map { .bytes($0) } },
        "base64.decodebytes": ofBytes { Encodings.base64($0).map { .bytes($0) } },
        "base64.decodestring": ofBytes { Encodings.base64($0).map { .bytes($0) } },
        "base64.urlsafe_b64decode": ofBytes { Encodings.base64($0, isURL: true).map { .bytes($0) } },
        "base64.b32decode": ofBytes { Encodings.base32($0).map { .bytes($0) } },
        "base64.b16decode": ofBytes { Encodings.hexadecimal($0, ignoresSpace: false).map { .bytes($0) } },
        "base64.b85decode": ofBytes { Encodings.base85($0, isASCII85: false).map { .bytes($0) } },
        "base64.a85decode": ofBytes { Encodings.base85($0, isASCII85: true).map { .bytes($0) } },
        "base64.b64encode": ofBytes { .bytes(Encodings.base64Encoded($0)) },
        "base64.urlsafe_b64encode": ofBytes { .bytes(Encodings.base64Encoded($0, isURL: true)) },
        "base64.b16encode": ofBytes {
            .bytes(Array($0.map { Formatting.hexadecimal(Int($0), width: 2).uppercased() }.joined().utf8))
        },
        "binascii.a2b_base64": ofBytes { Encodings.base64($0).map { .bytes($0) } },
        "binascii.b2a_base64": ofBytes { .bytes(Encodings.base64Encoded($0) + [0x0a]) },
        "binascii.unhexlify": ofBytes { Encodings.hexadecimal($0, ignoresSpace: false).map { .bytes($0) } },
        "binascii.a2b_hex": ofBytes { Encodings.hexadecimal($0, ignoresSpace: false).map { .bytes($0) } },
        "binascii.hexlify": ofBytes { .bytes(Array($0.map { Formatting.hexadecimal(Int($0), width: 2) }.joined().utf8)) },
        "bytes.fromhex": ofBytes { Encodings.hexadecimal($0, ignoresSpace: true).map { .bytes($0) } },
        "bytearray.fromhex": ofBytes { Encodings.hexadecimal($0, ignoresSpace: true).map { .bytes($0) } },
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
            guard case .bytes(let bytes)? = atoms.first, bytes.count <= 8, bytes.count < 8 || bytes[0] < 0x80 else { return nil }
            var isLittle = false
            if case .text(let order)? = atoms.count > 1 ? atoms[1] : keywords["byteorder"] { isLittle = order.string == "little" }
            return .int((isLittle ? bytes.reversed() : bytes).reduce(0) { $0 << 8 | Int($1) })
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

    private static func codec(_ atoms: [Atom], _ keywords: [String: Atom], isEncoding: Bool = false) -> Atom? {
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

    private static func translationTable(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
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
    private static func unescaped(_ source: String) -> String? {
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

    private static func dedented(_ source: String) -> String? {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let margins = lines.filter { !$0.allSatisfy(\.isWhitespace) }.map { $0.prefix { $0 == " " || $0 == "\t" } }
        guard var margin = margins.first else { return nil }
        for other in margins { margin = margin.prefix(zip(margin, other).prefix { $0 == $1 }.count) }
        let width = margin.count
        return lines.map { $0.allSatisfy(\.isWhitespace) ? "" : String($0.dropFirst(width)) }.joined(separator: "\n")
    }

    // MARK: Paths

    private static let paths: [String: Function] = [
        "os.path.join": { interpreter, arguments, place in
            guard arguments.isFullyKnown else { return nil }
            return interpreter.lift(arguments.positional, at: place) { atoms in pathTexts(atoms).map { text(Paths.join($0)) } }
        },
        "posixpath.join": { interpreter, arguments, place in functions["os.path.join"]?(interpreter, arguments, place) },
        "os.path.basename": ofPath { text(Paths.baseName($0)) },
        "os.path.dirname": ofPath { text(Paths.folder($0)) },
        "os.path.normpath": ofPath { text(Paths.normalized($0)) },
        "os.path.split": ofPath { .tuple([Value(text(Paths.folder($0))), Value(text(Paths.baseName($0)))]) },
        "os.path.splitext": ofPath { .tuple([Value(text(Paths.split($0).0)), Value(text(Paths.split($0).1))]) },
        "os.path.isabs": ofPath { .bool($0.hasPrefix("/")) },
        "os.fspath": ofPath { text($0) },
        "pathlib.Path": path, "pathlib.PurePath": path, "pathlib.PosixPath": path, "pathlib.PurePosixPath": path,
        "os.getenv": { interpreter, arguments, place in environment(arguments, in: interpreter) },
        "os.environ.get": { interpreter, arguments, place in environment(arguments, in: interpreter) },
        "os.environ.setdefault": { interpreter, arguments, place in
            guard let key = arguments[0], let value = arguments[1] else { return nil }
            interpreter.setItem(key, value, of: .external("os.environ"), isOnly: true)
            return value
        },
        "os.environ.pop": { interpreter, arguments, place in environment(arguments, in: interpreter) },
        "os.putenv": { interpreter, arguments, place in functions["os.environ.setdefault"]?(interpreter, arguments, place) },
    ]

    private static func ofPath(_ body: @escaping @Sendable (String) -> Atom?) -> Function {
        plain { atoms, _ in pathTexts(atoms)?.first.flatMap(body) }
    }

    private static let path: Function = { interpreter, arguments, place in
        if arguments.positional.isEmpty { return Value(.path(PythonText(".")), Evidence(place)) }
        guard arguments.isFullyKnown else { return nil }
        return interpreter.lift(arguments.positional, at: place) { atoms in
            pathTexts(atoms).map { .path(PythonText(Paths.canonical(Paths.join($0)))) }
        }
    }

    private static func pathTexts(_ atoms: [Atom]) -> [String]? {
        var texts: [String] = []
        for atom in atoms {
            switch atom {
            case .text(let text), .path(let text): texts.append(text.string)
            default: return nil
            }
        }
        return texts
    }

    /// What the program put into the environment itself, or else the default that it names.
    private static func environment(_ arguments: Arguments, in interpreter: Interpreter) -> Value? {
        if case .text(let name)? = arguments.argument(0, "key")?.only,
            let cell = interpreter.externalCells["os.environ[\(name.string)]"]
        {
            interpreter.noteRead(cell)
            let value = interpreter.memory.value(cell)
            if !value.isNothing { return value }
        }
        guard let fallback = arguments.argument(1, "default"), fallback.only != Atom.none else { return .unknown }
        return fallback
    }

    // MARK: Others

    private static let others: [String: Function] = [
        "json.dumps": { interpreter, arguments, place in
            guard let value = arguments[0], arguments.keywords.isEmpty else { return nil }
            let frozen = interpreter.freeze(value)
            guard frozen.isComplete, frozen.candidates.count == 1 else { return nil }
            return JSONText.written(frozen.candidates[0].constant).map { Value(text($0), Evidence(place)) }
        },
        "operator.add": operation(.Add), "operator.concat": operation(.Add), "operator.sub": operation(.Sub),
        "operator.mul": operation(.Mult),
        "operator.mod": operation(.Mod), "operator.xor": operation(.BitXor), "operator.or_": operation(.BitOr),
        "operator.and_": operation(.BitAnd), "operator.floordiv": operation(.FloorDiv), "operator.truediv": operation(.Div),
        "operator.pow": operation(.Pow), "operator.lshift": operation(.LShift), "operator.rshift": operation(.RShift),
        "operator.getitem": { interpreter, arguments, place in
            guard let object = arguments[0], let key = arguments[1] else { return nil }
            return interpreter.item(key, of: object, at: place)
        },
        "operator.neg": plain { atoms, _ in atoms.first.flatMap { Arithmetic.unary(.USub, $0) } },
        "operator.call": { interpreter, arguments, place in
            guard let function = arguments[0] else { return nil }
            var rest = arguments
            rest.positional.removeFirst()
            return interpreter.call(function, rest, at: place)
        },
        "threading.Thread": runner(
            target: "target", arguments: "args", keywords: "kwargs", position: 1, type: "threading.Thread"),
        "multiprocessing.Process": runner(
            target: "target", arguments: "args", keywords: "kwargs", position: 1, type: "multiprocessing.Process"),
        "threading.Timer": { interpreter, arguments, place in
            if let function = arguments.argument(1, "function") {
                let members = arguments.argument(2, "args").map { interpreter.elements(of: $0) }
                _ = interpreter.call(function, Arguments(positional: members?.elements ?? []), at: place)
            }
            return interpreter.newExternal("threading.Timer", at: place)
        },
        "atexit.register": { interpreter, arguments, place in
            guard let function = arguments[0] else { return nil }
            var rest = arguments
            rest.positional.removeFirst()
            _ = interpreter.call(function, rest, at: place)
            return function
        },
        "asyncio.to_thread": { interpreter, arguments, place in functions["operator.call"]?(interpreter, arguments, place) },
    ]

    private static func operation(_ operation: OperatorKind) -> Function {
        { interpreter, arguments, place in
            guard let left = arguments[0], let right = arguments[1] else { return nil }
            return interpreter.binary(operation, left, right, at: place)
        }
    }

    /// A constructor of something that calls a function with arguments which it is given as a tuple and a dictionary.
    private static func runner(target: String, arguments name: String, keywords: String, position: Int, type: String) -> Function
    {
        { interpreter, given, place in
            if let function = given.argument(position, target), !function.candidates.isEmpty, function.only != Atom.none {
                var passed = Arguments()
                if let members = given[name].map({ interpreter.elements(of: $0) }) {
                    if members.isExact { passed.positional = members.elements } else { passed.restPositional = members.anyMember }
                }
                if let named = given[keywords]?.only.flatMap(interpreter.dictionary) {
                    for entry in named.entries {
                        if case .text(let key) = entry.key { passed.keywords.append((key.string, entry.value)) }
                    }
                }
                _ = interpreter.call(function, passed, at: place)
            }
            return interpreter.newExternal(type, at: place)
        }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmingWhitespace: String {
        var rest = self[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
