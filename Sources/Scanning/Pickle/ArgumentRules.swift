import ModelFormats

/// Which arguments keep a harmless constructor harmless.
enum ArgumentRules {
    struct Problem {
        var severity: Severity
        var reason: String
    }

    static func problem(of name: String, _ call: PickleCall, _ program: PickleProgram, _ constants: PickleConstants) throws
        -> Problem?
    {
        guard let arguments = program.members(call.arguments) else {
            return HarmlessCallables.names.contains(name)
                ? Problem(severity: .medium, reason: "with arguments that are no tuple") : nil
        }
        switch name {
        case "builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset", "builtins.dict", "builtins.bytearray",
            "builtins.bytes", "collections.deque":
            // `list(map(f, x))` calls f; `bytes(10 ** 12)` takes the memory.
            for argument in arguments {
                if let inner = program.call(argument), let made = program.importedName(inner.callable),
                    made.hasPrefix("itertools.") || ["builtins.map", "builtins.filter", "builtins.zip"].contains(made)
                {
                    return Problem(severity: .high, reason: "on what \(quoted(made)) gives, without end or with calls")
                }
                if name.hasPrefix("builtins.bytes") || name == "builtins.bytearray", let count = program.integer(argument),
                    count > 1 << 30
                {
                    return Problem(severity: .high, reason: "to take \(count) bytes of memory")
                }
            }
            return nil
        case "builtins.iter":
            // A list's iterator is pickled so.
            guard arguments.count == 1 else { return Problem(severity: .high, reason: "to call something again and again") }
            switch program[arguments[0]] {
            case .list, .tuple, .text, .bytes, .set, .dictionary: return nil
            default: return Problem(severity: .high, reason: "on something computed")
            }
        case "joblib.numpy_pickle.NDArrayWrapper", "joblib.numpy_pickle_compat.NDArrayWrapper",
            "joblib.numpy_pickle.ZNDArrayWrapper",
            "joblib.numpy_pickle_compat.ZNDArrayWrapper", "sklearn.externals.joblib.numpy_pickle.NDArrayWrapper":
            return sideFile(call, program)
        case "builtins.type":
            return arguments.count > 1 ? Problem(severity: .high, reason: "to make a class at loading") : nil
        case "numpy.core._ufunc_reconstruct", "numpy._core._ufunc_reconstruct":
            // It imports the module and takes the name from it, whatever they are (numpy.core.__init__).
            guard arguments.count == 2, let module = try constants.constant(arguments[0])?.text,
                let function = try constants.constant(arguments[1])?.text
            else {
                return Problem(severity: .critical, reason: "with a computed name, which it imports")
            }
            return HarmlessCallables.isNumeric(module, function)
                ? nil : Problem(severity: .critical, reason: "to import \(quoted("\(module).\(function)"))")
        case "_codecs.encode", "codecs.encode":
            guard arguments.count > 1, let codec = program.text(arguments[1])?.lowercased() else { return nil }
            return [
                "latin1", "latin-1", "utf-8", "utf8", "ascii", "iso8859-1", "iso-8859-1", "raw_unicode_escape", "unicode_escape",
            ].contains(codec)
                ? nil : Problem(severity: .medium, reason: "with the codec \(quoted(codec)), which hides what is written")
        case "copyreg._reconstructor", "copy_reg._reconstructor":
            guard arguments.count == 3, isImportOrPlain(arguments[0], program) else {
                return Problem(severity: .high, reason: "for a class that is computed")
            }
            return nil
        case "torch._tensor._rebuild_from_type_v2", "torch._tensor._rebuild_from_type", "torch.tensor._rebuild_from_type",
            "functools.partial", "_functools.partial":
            guard let first = arguments.first else { return nil }
            if case .imported = program[first] { return nil }
            if program.legacyModule(first) != nil { return nil }
            // A bound method, or what another call made: what is called later is not known by its name.
            return name.hasSuffix("partial") && isHarmlessMethod(first, program)
                ? nil : Problem(severity: .high, reason: "to call something that is computed")
        case "collections.defaultdict":
            guard let first = arguments.first else { return nil }
            switch program[first] {
            case .imported, .none: return nil
            case .call(let inner) where program.importedName(program.calls[inner].callable) == "functools.partial": return nil
            default: return Problem(severity: .high, reason: "with a factory that is computed")
            }
        case "torch.jit._pickle.restore_type_tag", "torch._utils._set_obj_state": return nil
        case "operator.itemgetter", "operator.attrgetter", "_operator.itemgetter", "_operator.attrgetter":
            for argument in arguments {
                switch program[argument] {
                case .text(let text):
                    if text.split(separator: ".").contains(where: {
                        QualifiedName.isDunder($0) || DangerousCallables.escapingParts.contains(String($0))
                            || DangerousCallables.effect(of: "os.\($0)") == .process
                    }) {
                        return Problem(severity: .high, reason: "to reach \(quoted(text))")
                    }
                case .integer, .bool: break
                default: return Problem(severity: .high, reason: "with something computed")
                }
            }
            return nil
        case "pandas.compat.pickle_compat.load_reduce":
            return Problem(severity: .high, reason: "which runs another unpickler's call")
        default: return nil
        }
    }

    /// Before joblib 0.10 an array was a file of its own beside the pickle, called like it; the loader reads whatever file is named, pickles in it too.
    private static func sideFile(_ call: PickleCall, _ program: PickleProgram) -> Problem? {
        let arguments = program.members(call.arguments) ?? []
        let named = call.states.compactMap { program.value($0, "filename") } + arguments.prefix(1)
        for reference in named {
            guard let name = program.text(reference) else {
                return Problem(severity: .high, reason: "for a file whose name is computed")
            }
            let isUsual = !name.contains("/") && !name.contains("\\") && [".npy", ".npy.z", ".z"].contains { name.hasSuffix($0) }
            if !isUsual { return Problem(severity: .high, reason: "which loads the file \(quoted(name)), objects in it too") }
        }
        return nil
    }

    private static func isImportOrPlain(_ reference: PickleReference, _ program: PickleProgram) -> Bool {
        switch program[reference] {
        case .imported: return true
        // A class that the pickle makes by value.
        case .call(let inner):
            return program.importedName(program.calls[inner].callable).map { CodeMakers.names.contains($0) } ?? false
        default: return false
        }
    }

    private static func isHarmlessMethod(_ reference: PickleReference, _ program: PickleProgram) -> Bool {
        guard let call = program.call(reference), let name = program.importedName(call.callable) else { return false }
        return ["builtins.getattr", "functools.partial"].contains(name) || CodeMakers.names.contains(name)
            || name.hasPrefix("numpy.")
    }
}

/// Names that code uses: global names, attributes and modules of a code object.
enum CodeNames {
    private static let telling = NameTable(
        """
        system popen Popen check_output check_call getoutput exec eval compile __import__ import_module subprocess socket ctypes pty urlopen urlretrieve requests httpx
        spawn spawnl spawnv execv execve execl posix_spawn loads run_module run_path __subclasses__ __globals__ __builtins__ b64decode marshal paramiko ftplib smtplib
        telnetlib webbrowser rmtree unlink remove chmod environ getenv putenv LoadLibrary CDLL WinDLL startfile fork kill dup2 connect create_connection
        """)

    /// Those that start programs, run code, open connections and so on, sorted. One alone may be an honest method's name; `run` and `open` are too common to tell.
    static func dangerous(_ names: some Collection<String>) -> [String] {
        let escapes = Set(
            names.filter { ["__builtins__", "__import__", "__subclasses__", "__globals__", "__loader__"].contains($0) })
        if !escapes.isEmpty { return escapes.sorted() }
        let found = names.filter {
            telling.contains($0) || ["os", "sys", "shutil", "importlib", "runpy", "builtins", "pickle"].contains($0)
        }
        let strong = found.filter {
            ![
                "os", "sys", "loads", "remove", "connect", "run", "environ", "compile", "pickle", "importlib", "builtins",
                "shutil",
            ].contains($0)
        }
        return strong.isEmpty && found.count < 2 ? [] : found.sorted()
    }
}
