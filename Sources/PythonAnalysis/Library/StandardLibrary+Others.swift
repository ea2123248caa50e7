import PythonSyntax

/// Operators as functions, and what calls functions that it is given.
extension StandardLibrary {
    static let others: [String: Function] = [
        "json.dumps": { interpreter, arguments, place in
            guard let value = arguments[0], arguments.keywords.isEmpty else { return nil }
            return interpreter.constant(of: value).flatMap(JSONText.written).map { Value(text($0), Evidence(place)) }
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
            arguments[0].map { interpreter.call($0, arguments.droppingFirst(), at: place) }
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
            _ = interpreter.call(function, arguments.droppingFirst(), at: place)
            return function
        },
        "asyncio.to_thread": { interpreter, arguments, place in functions["operator.call"]?(interpreter, arguments, place) },
    ]

    static func operation(_ operation: OperatorKind) -> Function {
        { interpreter, arguments, place in
            guard let left = arguments[0], let right = arguments[1] else { return nil }
            return interpreter.binary(operation, left, right, at: place)
        }
    }

    /// A constructor of something that calls a function with arguments which it is given as a tuple and a dictionary.
    static func runner(target: String, arguments name: String, keywords: String, position: Int, type: String) -> Function {
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
