import PythonSyntax

/// Functions of paths and of the environment.
extension StandardLibrary {
    static let paths: [String: Function] = [
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

    static func ofPath(_ body: @escaping @Sendable (String) -> Atom?) -> Function {
        plain { atoms, _ in pathTexts(atoms)?.first.flatMap(body) }
    }

    static let path: Function = { interpreter, arguments, place in
        if arguments.positional.isEmpty { return Value(.path(PythonText(".")), Evidence(place)) }
        guard arguments.isFullyKnown else { return nil }
        return interpreter.lift(arguments.positional, at: place) { atoms in
            pathTexts(atoms).map { .path(PythonText(Paths.canonical(Paths.join($0)))) }
        }
    }

    static func pathTexts(_ atoms: [Atom]) -> [String]? {
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
    static func environment(_ arguments: Arguments, in interpreter: Interpreter) -> Value? {
        if let value = interpreter.environmentValue(arguments.argument(0, "key")) { return value }
        guard let fallback = arguments.argument(1, "default"), fallback.only != Atom.none else { return .unknown }
        return interpreter.options.takesEnvironmentAsEmpty ? fallback : fallback.opened()
    }
}
