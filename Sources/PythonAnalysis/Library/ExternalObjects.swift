/// Objects of types that are not among the files: which calls make them, and what the interpreter knows of some.
enum ExternalObjects {
    /// Types whose names do not look like those of types.
    private static let plainTypes: Set<String> = [
        "socket.socket", "datetime.datetime", "datetime.date", "datetime.timedelta", "threading.local", "array.array",
        "random.Random",
    ]

    /// Whether a dotted name is that of a class: its last part begins with an upper-case letter.
    static func isClass(_ name: String) -> Bool {
        if plainTypes.contains(name) { return true }
        let last = name.lastPart
        guard let first = last.first else { return false }
        // Names such as `os.O_RDONLY` are constants.
        return first.isUppercase && (last.contains(where: \.isLowercase) || last.count <= 4)
    }

    /// The object that a call makes; nil where the call does not make one.
    static func make(_ name: String, _ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        switch name {
        case "argparse.ArgumentParser", "argparse.ArgumentParser.add_argument_group", "configargparse.ArgumentParser",
            "configargparse.ArgParser", "jsonargparse.ArgumentParser":
            return object("argparse.ArgumentParser", .dictionary(DictionaryContent()), at: place, in: interpreter)
        case "argparse.Namespace", "types.SimpleNamespace":
            let made = object("argparse.Namespace", .value(.nothing), at: place, in: interpreter)
            if case .object(let id)? = made.only {
                for (key, value) in arguments.keywords { interpreter.keep(value, as: key, in: id) }
            }
            return made
        case "transformers.HfArgumentParser":
            let types = arguments.argument(0, "dataclass_types").map { value -> SequenceContent in
                if case .class? = value.only { return SequenceContent([value]) }
                return interpreter.elements(of: value)
            }
            return object(name, .sequence(types ?? SequenceContent()), at: place, in: interpreter)
        case "collections.namedtuple", "typing.NamedTuple": return TypeTests.newNamedTuple(arguments, at: place, in: interpreter)
        case "io.StringIO", "io.BytesIO":
            let made = interpreter.newExternal(name, at: place)
            if case .object(let id)? = made.only {
                let empty: Atom = name == "io.BytesIO" ? .bytes([]) : .text(PythonText(""))
                interpreter.keep(arguments[0] ?? Value(empty, Evidence(place)), as: Texts.bufferName, in: id)
            }
            return made
        case "string.Template":
            let made = interpreter.newExternal(name, at: place)
            if case .object(let id)? = made.only, let text = arguments.argument(0, "template") {
                interpreter.keep(text, as: "template", in: id)
            }
            return made
        case "collections.UserDict": return interpreter.newDictionary(unknownDictionary, at: place)
        default: break
        }
        if isClass(name) { return interpreter.newExternal(name, at: place).tainted(by: arguments.taint) }
        // `Model.from_pretrained(…)` and its kin make a `Model`.
        if let dot = name.lastIndex(of: "."), name[dot...].hasPrefix(".from_"), isClass(String(name[..<dot])) {
            return interpreter.newExternal(String(name[..<dot]), at: place).tainted(by: arguments.taint)
        }
        return nil
    }

    private static var unknownDictionary: DictionaryContent {
        var dictionary = DictionaryContent()
        dictionary.forgetKeys()
        return dictionary
    }

    private static func object(_ type: String, _ content: Content, at place: Site, in interpreter: Interpreter) -> Value {
        Value(.object(interpreter.newObject(.external(type), at: place, content)), Evidence(place))
    }

    /// What is known of an attribute that nobody stored.
    static func attribute(_ name: String, of id: ObjectID, _ type: String, in interpreter: Interpreter) -> Value? {
        type == "argparse.Namespace" ? .unknown : nil
    }

    /// What is known of a method's result.
    static func call(
        _ name: String, of id: ObjectID, _ type: String, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        switch (type, name) {
        case ("argparse.ArgumentParser", _): return ArgumentParsers.call(name, of: id, arguments, at: place, in: interpreter)
        case ("transformers.HfArgumentParser", "parse_args_into_dataclasses"):
            guard let types = interpreter.memory.sequence(interpreter.record(id).contents), types.isExact else { return nil }
            let made = types.elements.map { interpreter.call($0, Arguments(), at: place) }
            return interpreter.tupleValue(made, at: place)
        case ("io.StringIO", _), ("io.BytesIO", _): return Texts.callBuffer(name, id, arguments, at: place, in: interpreter)
        case ("string.Template", "substitute"), ("string.Template", "safe_substitute"):
            return Texts.substituted(id, arguments, at: place, in: interpreter)
        case (_, "__enter__"), (_, "__aenter__"): return Value(.object(id), Evidence(place))
        case (_, "submit") where type.hasSuffix("Executor") || type.hasSuffix("Pool"):
            return run(arguments, at: place, in: interpreter)
        case (_, "map") where type.hasSuffix("Executor") || type.hasSuffix("Pool"):
            return Iterables.map(arguments, at: place, in: interpreter)
        case (_, "apply"), (_, "apply_async"):
            guard type.hasSuffix("Pool"), let function = arguments[0] else { return nil }
            let members = arguments.argument(1, "args").map { interpreter.elements(of: $0) }
            _ = interpreter.call(function, Arguments(positional: members?.elements ?? []), at: place)
            return nil
        default: return nil
        }
    }

    /// Calls the first argument with the others, some time.
    private static func run(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let function = arguments[0] else { return nil }
        _ = interpreter.call(function, arguments.droppingFirst(), at: place)
        return nil
    }
}

/// `argparse`: a parser keeps the default of each option, and parsing gives them.
enum ArgumentParsers {
    static func call(
        _ name: String, of id: ObjectID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        let contents = interpreter.record(id).contents
        switch name {
        case "add_argument", "add_arg", "add":
            guard let (destination, value) = option(arguments, at: place, in: interpreter) else { return nil }
            interpreter.memory.editDictionary(contents) { options in
                // A flag that sets what another one set already has that one's default too.
                if options[.text(PythonText(destination))] == nil || arguments["default"] != nil {
                    options.set(.text(PythonText(destination)), value)
                }
            }
            return nil
        case "set_defaults":
            interpreter.memory.editDictionary(contents) { options in
                for (key, value) in arguments.keywords { options.set(.text(PythonText(key)), value) }
            }
            return Value(Atom.none)
        case "add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser":
            // What is added to a part is parsed with the whole.
            return Value(.object(id), Evidence(place))
        case "parse_args", "parse_intermixed_args": return namespace(id, arguments, at: place, in: interpreter)
        case "parse_known_args":
            return interpreter.tupleValue([namespace(id, arguments, at: place, in: interpreter), .unknown], at: place)
        case "get_default":
            guard let key = arguments[0]?.only else { return nil }
            return interpreter.memory.dictionary(contents)?[key]?.value
        default: return nil
        }
    }

    /// The name and the default of an option.
    private static func option(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> (String, Value)? {
        var flags: [String] = []
        for value in arguments.positional { if case .text(let flag)? = value.only { flags.append(flag.string) } }
        let destination: String
        if case .text(let given)? = arguments["dest"]?.only {
            destination = given.string
        } else {
            guard let longest = flags.first(where: { $0.hasPrefix("--") }) ?? flags.first else { return nil }
            destination = String(longest.drop { $0 == "-" }).replacing("-", with: "_")
        }
        if let value = arguments["default"] {
            return (destination, converted(value, arguments["type"], at: place, in: interpreter))
        }
        if case .text(let action)? = arguments["action"]?.only {
            if action.string == "store_true" { return (destination, Value(.bool(false), Evidence(place))) }
            if action.string == "store_false" { return (destination, Value(.bool(true), Evidence(place))) }
        }
        return (destination, .unknown)
    }

    /// A default that is a text goes through the option's type, as on the command line.
    private static func converted(_ value: Value, _ type: Value?, at place: Site, in interpreter: Interpreter) -> Value {
        guard let type, case .text? = value.only, type.only != .external("str") else { return value }
        return interpreter.call(type, Arguments(positional: [value]), at: place)
    }

    private static func namespace(_ id: ObjectID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value {
        let made = interpreter.newExternal("argparse.Namespace", at: place)
        guard case .object(let namespace)? = made.only,
            let options = interpreter.memory.dictionary(interpreter.record(id).contents)
        else {
            return made
        }
        for entry in options.entries {
            guard case .text(let name) = entry.key else { continue }
            interpreter.keep(entry.value, as: name.string, in: namespace)
        }
        guard let given = arguments.argument(0, "args"), given.only != Atom.none else { return made }
        let words = interpreter.elements(of: given)
        guard words.isExact else {
            for cell in interpreter.record(namespace).attributes.values {
                interpreter.memory[cell] = .value(interpreter.memory.value(cell).opened())
            }
            return made
        }
        // `--name value` and `--name=value`, as far as they are known.
        var rest = words.elements[...]
        while let word = rest.popFirst() {
            guard case .text(let text)? = word.only, text.string.hasPrefix("-") else { continue }
            let parts = text.string.drop { $0 == "-" }.split(separator: "=", maxSplits: 1)
            guard let flag = parts.first else { continue }
            let name = String(flag).replacing("-", with: "_")
            let value = parts.count > 1 ? Value(.text(PythonText(String(parts[1]))), word.evidence) : rest.popFirst()
            if let value { interpreter.keep(value, as: name, in: namespace) }
        }
        return made
    }
}
