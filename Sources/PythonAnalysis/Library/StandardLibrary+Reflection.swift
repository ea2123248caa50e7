import PythonSyntax

/// Functions that find names, modules and attributes, and that make objects and callables.
extension StandardLibrary {
    static let reflection: [String: Function] = [
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
        "functools.partial": partial(isMethod: false), "functools.partialmethod": partial(isMethod: true),
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
        "compile": { interpreter, arguments, place in
            guard let source = arguments.argument(0, "source") else { return nil }
            let code = interpreter.newExternal(Interpreter.code, at: place)
            if case .object(let id)? = code.only { interpreter.memory[interpreter.record(id).contents] = .value(source) }
            return code.tainted(by: arguments.taint)
        },
        "exec": { _, _, place in Value(Atom.none, Evidence(place)) },
        "print": { _, _, place in Value(Atom.none, Evidence(place)) },
        "sys.exit": exit, "exit": exit, "quit": exit, "os._exit": exit, "os.abort": exit,
    ]

    static let exit: Function = { interpreter, _, _ in
        interpreter.isLeaving = true
        return .unknown
    }

    static func partial(isMethod: Bool) -> Function {
        { _, arguments, place in
            guard let function = arguments[0], !function.candidates.isEmpty else { return nil }
            return Value(.partial(PartialCall(function, arguments.droppingFirst(), isMethod: isMethod)), Evidence(place))
        }
    }

    static func made(_ name: String) -> Function {
        { _, arguments, place in Value(.partial(PartialCall(Value(.external(name)), arguments)), Evidence(place)) }
    }

    static func wrapped(_ kind: FunctionReference.Kind) -> Function {
        { _, arguments, place in
            guard case .function(let function)? = arguments[0]?.only else { return arguments[0] }
            return Value(.function(function.with(kind: kind)), Evidence(place))
        }
    }

    static func field(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        let made = interpreter.newExternal("dataclasses.Field", at: place)
        guard case .object(let id)? = made.only else { return nil }
        for name in ["default", "default_factory"] {
            if let value = arguments[name] { interpreter.keep(value, as: name, in: id) }
        }
        return made
    }

    static func copied(_ arguments: Arguments, isDeep: Bool, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let value = arguments[0] else { return nil }
        return Copying.copy(value, isDeep: isDeep, at: place, in: interpreter)
    }
}
