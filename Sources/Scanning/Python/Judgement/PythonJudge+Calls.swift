import PythonAnalysis

extension PythonJudge {
    /// A call of any kind, as the rules see it.
    struct Called {
        var name: String
        var place: SourcePlace
        var arguments: [PythonValue]
        var keywords: [(name: String, value: PythonValue)]
        var reach: CallReach
        var scope: String
        /// Whether it stands in a text that the program runs.
        var isInText: Bool
        /// Whether the arguments that the source shows are those of this call.
        var isPlain: Bool

        func argument(_ position: Int, _ name: String) -> PythonValue? {
            position < arguments.count ? arguments[position] : keywords.first { $0.name == name }?.value
        }

        func isTrue(_ name: String) -> Bool { keywords.first { $0.name == name }?.value.exact == .bool(true) }
    }

    mutating func judgeCalls() {
        for call in file.calls where call.isResolved || call.function.contains(".") || call.function.contains("(") {
            judgePicked(call)
            judge(call, isInText: false)
        }
        for text in file.executedTexts { for call in text.calls { judge(call, isInText: true) } }
        for call in file.impliedCalls where !call.isByUnpickling {
            for name in call.functions {
                judge(
                    Called(
                        name: name, place: call.place, arguments: call.arguments, keywords: [], reach: call.reach, scope: "",
                        isInText: false,
                        isPlain: false))
            }
        }
    }

    /// A function that is picked out of all that a module has: `[v for k, v in vars(os).items() if …][0](…)`.
    private mutating func judgePicked(_ call: PythonCall) {
        guard !call.isResolved, call.function.utf8.count > 8,
            call.function.utf8.contains(UInt8(ascii: "(")) || call.function.contains("__dict__")
        else { return }
        let modules = ["os", "subprocess", "builtins", "__builtins__", "posix", "sys.modules", "importlib"]
        let isPicked = modules.contains { module in
            ["vars(\(module))", "dir(\(module))", "getmembers(\(module))", "\(module).__dict__", "\(module).values()"].contains(
                where: call.function.contains)
        }
        guard isPicked, call.function.contains("[") || call.function.contains("next(") else { return }
        add(
            .pythonObfuscation, exposure(call.reach) == .onCall ? .medium : .high,
            "a function is picked out of all that a module has",
            at: call.place, detail: "picked")
    }

    private mutating func judge(_ call: PythonCall, isInText: Bool) {
        guard call.isResolved || call.function.hasSuffix(".write_text") || call.function.hasSuffix(".write_bytes") else { return }
        for name in [call.function] + call.alternatives where !call.ownNames.contains(name) {
            judge(
                Called(
                    name: name, place: call.place, arguments: call.arguments, keywords: call.keywords, reach: call.reach,
                    scope: call.scope,
                    isInText: isInText, isPlain: !isInText))
        }
    }

    private mutating func judge(_ call: Called) {
        judgeWrites(call)
        judgeImports(call)
        judgeAddresses(call)
        judgeProbe(call)
        judgeSystem(call)
        judgeHandedOver(call)
        if call.name == "compile" || call.name == "builtins.compile", let text = call.argument(0, "source")?.exact?.text,
            !call.isInText
        {
            embedded.append((text, call.place, exposure(call.reach)))
        }
        guard let capability = KnownFunctions.capability(call.name) else { return }
        judgeHidden(call, capability)
        switch capability {
        case .process: judgeProcess(call)
        case .code: judgeCode(call)
        case .pickle: judgePickle(call)
        case .native: judgeNative(call)
        case .network:
            guard !explained.contains(call.place) else { return }
            add(
                .pythonUsesNetwork, exposure(call.reach) == .onLoad ? .low : .info,
                "\(call.name) talks to another machine\(when(call))", at: call.place)
        case .hostFact: break
        case .deletion: judgeDeletion(call)
        }
    }

    /// Says when a call is made.
    func when(_ call: Called) -> String { when(exposure(call.reach)) }

    func when(_ exposure: Exposure) -> String {
        switch exposure {
        case .onLoad: " as the package is loaded"
        case .onImport: " as the file is imported"
        case .onCall: ""
        }
    }

    /// A function that runs something is handed to another one together with what it is to run.
    private mutating func judgeHandedOver(_ call: Called) {
        guard call.isPlain, exposure(call.reach) > .onCall, call.arguments.count > 1 else { return }
        let handed = call.arguments.lazy.flatMap(\.names).first { name in
            let capability = KnownFunctions.capability(name)
            return capability == .process || ["exec", "eval", "builtins.exec", "builtins.eval"].contains(name)
        }
        let uses: Set<String> = [
            "isinstance", "issubclass", "getattr", "setattr", "hasattr", "print", "functools.wraps", "functools.partial",
        ]
        guard let handed, !uses.contains(call.name), !call.name.contains("patch"), !call.name.contains("mock"),
            call.arguments.contains(where: { !$0.texts.isEmpty || !$0.wordLists.isEmpty })
        else { return }
        add(
            .pythonRunsProcess, .high, "\(call.name) is given \(handed) with what it is to run\(when(call))", at: call.place,
            detail: "handed")
    }

    // MARK: Code

    private mutating func judgeCode(_ call: Called) {
        guard !explained.contains(call.place), let code = call.argument(0, "source") else { return }
        let exposure = exposure(call.reach)
        if let text = code.exact?.text {
            // What the analysis does not run itself is judged as a file of its own.
            let isRun = file.executedTexts.contains { $0.place == call.place }
            if !isRun, !call.isInText { embedded.append((text, call.place, exposure)) }
            if call.isPlain, let text = code.exact?.text, isComposed(text, call) {
                add(
                    .pythonDecodedExecution, .critical, "\(call.name) runs a text that no literal holds\(when(call))",
                    at: call.place,
                    detail: "\(call.place.line)")
                return
            }
            add(.pythonDynamicCode, .low, "\(call.name) runs a text that is known\(when(call))", at: call.place, detail: "known")
            return
        }
        // Templates of code fill in names, as `collections.namedtuple` does.
        let hasForm = code.templates.contains { $0.contains { ($0?.count ?? 0) > 3 } }
        let severity: Severity =
            switch exposure {
            case .onLoad: hasForm || isSetup ? .low : .medium
            case .onImport: hasForm ? .low : .medium
            case .onCall: call.name.hasSuffix("eval") ? .info : .low
            }
        add(.pythonDynamicCode, severity, "\(call.name) runs code that is made as the program runs\(when(call))", at: call.place)
    }

    /// Whether a text is made of something else than texts: of numbers, or by an operation on letters.
    private func isComposed(_ text: String, _ call: Called) -> Bool {
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.filter { $0.count > 2 }
        guard !words.isEmpty, let node = source.parts(ofCall: call.place)?.arguments.first else { return false }
        // A form that is filled in is written down, if only in part.
        guard source.texts(in: source.range(node)).allSatisfy({ $0.count < 3 || !text.contains($0) }) else { return false }
        let literals = source.allTexts
        return !words.contains { word in literals.contains { $0.contains(word) } }
    }

    /// Functions of the system that start something later, or that run machine code from memory.
    private mutating func judgeSystem(_ call: Called) {
        let exposure = exposure(call.reach)
        let last = call.name.split(separator: ".").last.map(String.init) ?? ""
        if call.name.hasPrefix("ctypes.") && KnownFunctions.memoryRunners.contains(last) {
            add(
                .pythonNativeCode, exposure == .onCall ? .high : .critical,
                "\(call.name) puts machine code into memory\(when(call))",
                at: call.place, detail: "memory")
        }
        if call.name.hasPrefix("winreg.") || call.name.hasPrefix("_winreg."),
            call.arguments.flatMap(\.texts).contains(where: { $0.lowercased().contains("currentversion\\run") })
        {
            add(
                .pythonPersistence, exposure == .onCall ? .high : .critical,
                "\(call.name) enters a program that starts with the system",
                at: call.place, detail: "registry")
        }
    }

    // MARK: Pickles and native code

    private mutating func judgePickle(_ call: Called) {
        guard !explained.contains(call.place) else { return }
        let literal = call.arguments.first?.candidates.first.flatMap { candidate -> String? in
            if case .bytes(let bytes) = candidate.constant { String(decoding: bytes.prefix(1 << 16), as: UTF8.self) } else { nil }
        }
        let runners = [
            "system", "popen", "Popen", "exec", "eval", "subprocess", "runpy", "import", "getattr", "spawn", "compile",
        ]
        if let literal, !call.name.hasPrefix("marshal"), let found = runners.first(where: literal.contains) {
            add(
                .pythonDecodedExecution, exposure(call.reach) == .onCall ? .high : .critical,
                "\(call.name) loads a pickle that names \(found)\(when(call))", at: call.place, detail: "pickle")
            return
        }
        switch call.name {
        case "torch.load":
            if call.isTrue("weights_only") { return }
        case "numpy.load":
            if !call.isTrue("allow_pickle") { return }
        case "yaml.load":
            let loaders = call.argument(1, "Loader")?.names ?? []
            if loaders.isEmpty || loaders.contains(where: { $0.contains("Safe") || $0.contains("Base") }) { return }
        case "torch.jit.load", "torch.hub.load": return
        default: break
        }
        add(
            .pythonLoadsPickle, exposure(call.reach) > .onCall ? .low : .info,
            "\(call.name) loads what can run code\(when(call))", at: call.place)
    }

    private mutating func judgeNative(_ call: Called) {
        let path = call.argument(0, "name")
        let mentioned = source.parts(ofCall: call.place)?.arguments.first.map { source.mentions(source.range($0)).texts } ?? []
        let names = (path?.texts ?? []) + (path?.templates.flatMap { $0.compactMap { $0 } } ?? []) + mentioned
        let along = names.first { packageFiles.contains($0.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? "") }
        let exposure = exposure(call.reach)
        if let along {
            add(
                .pythonNativeCode, exposure == .onLoad ? .high : exposure == .onImport ? .medium : .low,
                "\(call.name) loads \(along.excerpt), a file of the package\(when(call))", at: call.place)
        } else {
            add(
                .pythonNativeCode, exposure == .onLoad ? .medium : .low, "\(call.name) loads native code\(when(call))",
                at: call.place)
        }
    }

    // MARK: Deletion

    private mutating func judgeDeletion(_ call: Called) {
        let roots: Set<String> = ["/", "~", "/home", "/etc", "/usr", "/var", "/root", "C:\\", "C:/", "/*", "~/"]
        let known = call.argument(0, "path")?.texts.first(where: roots.contains)
        let mentioned = source.parts(ofCall: call.place)?.arguments.first.map {
            source.text(source.range($0)).replacing("\"", with: "'")
        }
        let isHome =
            mentioned.map {
                ["os.path.expanduser('~')", "Path.home()", "pathlib.Path.home()", "os.environ['HOME']"].contains($0)
            } ?? false
        guard known != nil || isHome else { return }
        add(.pythonDestructive, .critical, "\(call.name) deletes \(known ?? "the user's files")\(when(call))", at: call.place)
    }

    // MARK: Reductions

    mutating func judgeReductions() {
        for call in file.impliedCalls where call.isByUnpickling {
            for name in call.functions {
                let capability = KnownFunctions.capability(name)
                let runs = capability == .process || capability == .code || name == "webbrowser.open"
                // A module is pickled by its name; which one it is, matters.
                let isImport = name == "importlib.import_module" || name == "__import__"
                guard runs || isImport else { continue }
                let argument = call.arguments.first?.texts.first.map { ": " + Snippet.clean($0).excerpt } ?? ""
                add(
                    .pythonPicklePayload, runs ? .critical : .low, "unpickling an object calls \(name)\(argument)",
                    at: call.place,
                    detail: "\(call.place.line)")
            }
        }
    }
}
