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
