/// Objects of types that are not among the files: which calls make them, and what the interpreter knows of some.
enum ExternalObjects {
    /// Types whose names do not look like those of types.
    private static let plainTypes: Set<String> = [
        "socket.socket", "datetime.datetime", "datetime.date", "datetime.timedelta", "threading.local", "array.array",
        "random.Random", "IPython.get_ipython",
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
        case "ctypes.cdll.LoadLibrary", "ctypes.windll.LoadLibrary": return interpreter.newExternal("ctypes.CDLL", at: place)
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
