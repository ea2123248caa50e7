import ModelFormats

/// Judges what one pickle would do: every import with the use that is made of it, every call with its arguments, and what is done to objects.
///
/// What is known to be harmless is passed over, what is known to be dangerous is told as that, and everything else is told by its name: an attacker
/// has to keep to the list, instead of finding what a list forgot.
struct PickleJudge {
    private let program: PickleProgram
    private let constants: PickleConstants
    private let listing: PickleListing
    private var findings: [Finding] = []
    /// Payloads that calls hand to further loaders.
    private(set) var payloads: [Payload] = []

    /// Bytes that a call of the pickle hands to a loader or an interpreter.
    struct Payload {
        enum Kind { case pickle, torch, python, marshalled, file }
        var kind: Kind
        var bytes: [UInt8]
        var function: String
        var offset: Int
    }

    /// By the number of an import, the calls of it.
    private var callsOf: [Int: [Int]] = [:]
    private var told: Set<String> = []
    private let checkTime: () throws -> Void

    private static let findingsLimit = 100

    private init(_ program: PickleProgram, source: any ByteSource, checkTime: @escaping () throws -> Void) {
        self.program = program
        self.checkTime = checkTime
        for (index, call) in program.calls.enumerated() {
            if case .imported(let number) = program[call.callable] { callsOf[number, default: []].append(index) }
        }
        constants = PickleConstants(program: program, source: source)
        listing = PickleListing(program)
    }

    /// - Throws: limits and missing bytes of the source.
    static func judge(_ program: PickleProgram, source: any ByteSource, checkTime: @escaping () throws -> Void = {}) throws -> (
        findings: [Finding], payloads: [Payload]
    ) {
        if program.imports.isEmpty && program.calls.isEmpty && program.fills.isEmpty && program.oddities.isEmpty {
            return ([], [])
        }
        var judge = PickleJudge(program, source: source, checkTime: checkTime)
        try judge.judgeImports()
        try judge.judgeCalls()
        judge.judgeFills()
        judge.judgeForm()
        return (judge.findings, judge.payloads)
    }

    private mutating func add(
        _ rule: Rule, _ severity: Severity? = nil, _ message: String, at offset: Int, snippet: String? = nil
    ) {
        guard findings.count < Self.findingsLimit else { return }
        let evidence = Evidence(offset: offset, snippet: snippet)
        guard told.insert("\(rule.id) \(message)").inserted else { return }
        findings.append(Finding(rule, severity, message, evidence))
    }

    // MARK: Imports

    private mutating func judgeImports() throws {
        let uses = ImportUses(program)
        var unknownClasses: [String: (names: [String], offset: Int)] = [:]
        for (number, item) in program.imports.enumerated() {
            if number % 4096 == 0 { try checkTime() }
            if item.opcode == "EXT" {
                add(
                    .pickleExtensionCode, nil,
                    "asks the loader's registry for extension \(program.text(item.name) ?? "?"), which another pickle may have set",
                    at: item.offset)
                continue
            }
            guard let module = program.text(item.module), let name = program.text(item.name) else {
                try judgeComputed(item, uses[number])
                continue
            }
            let use = uses[number]
            for qualified in Self.readings(module, name, version: program.version) {
                guard let verdict = CallableVerdict.of(qualified, use: use) else { continue }
                if verdict.rule == .pickleUnknownClass {
                    unknownClasses[qualified.topLevel, default: ([], item.offset)].names.append(qualified.full)
                    continue
                }
                if qualified.full.hasSuffix(".subimport"), let harmless = try harmlessSubimport(number) {
                    if !harmless {
                        add(verdict.rule, .critical, "imports a module by name", at: item.offset, snippet: callText(number))
                    }
                    continue
                }
                if qualified.full == "builtins.getattr", try isHarmlessGetattr(number) { continue }
                let shownName = quoted(qualified.full)
                let origin = qualified.module == module ? "" : ", written as \(quoted("\(module).\(name)"))"
                add(
                    verdict.rule, severity(verdict, number),
                    "\(use == .called ? "calls" : "imports") \(shownName)\(origin), which \(verdict.reason)",
                    at: item.offset, snippet: callText(number))
            }
        }
        for (package, found) in unknownClasses.sorted(by: { $0.key < $1.key }) {
            let names = Array(Set(found.names)).sorted()
            add(
                .pickleUnknownClass, nil,
                "needs code that is not known: \(names.prefix(5).map { Printing.plain($0, limit: 100) }.joined(separator: ", "))"
                    + (names.count > 5 ? " and \(names.count - 5) more of \(quoted(package))" : ""), at: found.offset)
        }
    }

    /// The names that Python 3 looks up for what a pickle says; what it says itself counts too where a loader would take it so.
    static func readings(_ module: String, _ name: String, version: Int) -> [QualifiedName] {
        let written = QualifiedName(module: module, name: name)
        guard let translated = Python2Names.translated(module: module, name: name) else { return [written] }
        let read = QualifiedName(module: translated.module, name: translated.name)
        // `fix_imports` applies below protocol 3; above, the name is taken as it stands, where such a module is there.
        return version < 3 || StandardLibrary.modules.contains(module) && !["copy_reg", "__builtin__"].contains(module)
            ? [read] : [read, written]
    }

    /// One step up where what is called gets a command, an address or source text.
    private func severity(_ verdict: CallableVerdict, _ number: Int) -> Severity {
        guard verdict.severity < .critical, verdict.rule != .pickleUnknownReference, let call = firstCall(of: number) else {
            return verdict.severity
        }
        let isTelling = texts(in: call.arguments, objects: 200).contains { TellingText.isTelling($0) }
        return isTelling ? verdict.severity.raised : verdict.severity
    }

    /// The texts in an object and in what it is made of, as far as so many objects.
    private func texts(in reference: PickleReference, objects limit: Int) -> [String] {
        var texts: [String] = []
        var waiting = [reference]
        var seen = 0
        while let next = waiting.popLast(), seen < limit {
            seen += 1
            if let text = program.text(next) { texts.append(text) }
            waiting += program.members(next) ?? []
        }
        return texts
    }

    private mutating func judgeComputed(_ item: PickleImport, _ use: CallableVerdict.Use) throws {
        let module = try constants.constant(item.module)?.text
        let name = try constants.constant(item.name)?.text
        let known = [module, name].compactMap { $0 }.joined(separator: ".")
        add(
            .pickleComputedName, nil,
            "computes the name of what it imports" + (known.isEmpty ? "" : ": \(quoted(known))"), at: item.offset,
            snippet: "\(listing.render(item.module)) . \(listing.render(item.name))")
        if let module, let name, let verdict = CallableVerdict.of(QualifiedName(module: module, name: name), use: use) {
            add(
                verdict.rule, .critical,
                "by a computed name, \(use == .called ? "calls" : "imports") \(quoted("\(module).\(name)")), which \(verdict.reason)",
                at: item.offset)
        }
    }

    /// `subimport(name)` of cloudpickle brings a module that a function of the file uses. Nil where it is not called with a text.
    private func harmlessSubimport(_ number: Int) throws -> Bool? {
        guard let call = firstCall(of: number), let argument = program.members(call.arguments)?.first,
            let module = try constants.constant(argument)?.text
        else { return nil }
        let top = module.prefix { $0 != "." }.description
        return DangerousCallables.effect(of: module) == nil
            && (!StandardLibrary.modules.contains(top)
                || [
                    "math", "collections", "re", "json", "typing", "warnings", "copy", "itertools", "functools", "random", "time",
                    "datetime", "string", "logging", "operator",
                ].contains(top))
    }

    /// `getattr(SomeEnum, "MEMBER")` is how Python 3.11 pickles a member, and `getattr(object, "method")` a bound method. What is called afterwards is told as that.
    private func isHarmlessGetattr(_ number: Int) throws -> Bool {
        let calls = (callsOf[number] ?? []).prefix(1000).map { program.calls[$0] }
        guard !calls.isEmpty else { return false }
        for call in calls {
            guard let members = program.members(call.arguments), members.count == 2, call.states.isEmpty,
                let name = program.text(members[1])
            else { return false }
            if let (module, type) = nameOf(members[0]),
                Self.readings(module, type, version: program.version).allSatisfy({
                    HarmlessCallables.names.contains("\($0.full).\(name)")
                })
            {
                continue
            }
            guard
                !QualifiedName.isDunder(name[...]), QualifiedName(module: "x", name: name).isWellFormed, !name.contains(".")
            else { return false }
            switch program[members[0]] {
            case .imported(let target):
                guard let module = program.text(program.imports[target].module),
                    let part = program.text(program.imports[target].name),
                    QualifiedName.isClassLike(part)
                else { return false }
                let isOwn = Self.readings(module, part, version: program.version).allSatisfy {
                    DangerousCallables.effect(of: $0.full) == nil
                }
                guard isOwn else { return false }
            case .call(let inner):
                // A bound method of an object of a library's own: nothing runs until somebody calls it.
                guard let (module, part) = nameOf(program.calls[inner].callable),
                    CallableVerdict.of(QualifiedName(module: module, name: part), use: .called) == nil
                        || QualifiedName.isClassLike(part)
                else { return false }
            default: return false
            }
        }
        return true
    }

    private func nameOf(_ reference: PickleReference) -> (String, String)? {
        guard case .imported(let index) = program[reference], let module = program.text(program.imports[index].module),
            let name = program.text(program.imports[index].name)
        else { return nil }
        return (module, name)
    }

    private func firstCall(of number: Int) -> PickleCall? { callsOf[number]?.first.map { program.calls[$0] } }

    private func callText(_ number: Int) -> String? { firstCall(of: number).map { listing.expression(of: $0) } }

    // MARK: Calls

    private mutating func judgeCalls() throws {
        for (index, call) in program.calls.enumerated() {
            if index % 4096 == 0 { try checkTime() }
            switch program[call.callable] {
            case .imported(let number):
                if call.kind == .build {
                    add(
                        .pickleStateOnImport, nil, "sets the state of what it imports: \(quoted(importedText(number)))",
                        at: call.offset,
                        snippet: call.states.first.map { listing.render($0) })
                } else {
                    try judgeArguments(of: call)
                }
            case .call(let inner): try judgeComputedCall(call, program.calls[inner])
            // PyTorch's old form names the class of a module so, with the file and the source that it was in.
            case .persistent where program.legacyModule(call.callable) != nil: break
            case .persistent, .buffer:
                add(
                    .pickleComputedCall, .high, "calls what the loader gives for a persistent name", at: call.offset,
                    snippet: listing.expression(of: call))
            default:
                if call.kind != .build {
                    add(
                        .pickleOdd, nil, "calls something that is not callable", at: call.offset,
                        snippet: listing.expression(of: call))
                }
            }
            judgeStates(of: call)
            try noteHiddenPickles(of: call)
        }
    }

    /// Classes that nobody knows may load what they are given: bytes that begin as a pickle are looked at as one.
    private mutating func noteHiddenPickles(of call: PickleCall) throws {
        guard payloads.count < 1000, let (module, name) = nameOf(call.callable),
            !HarmlessCallables.names.contains("\(module).\(name)")
        else { return }
        var waiting = call.states + [call.arguments]
        var seen = 0
        while let next = waiting.popLast(), seen < 64 {
            seen += 1
            switch program[next] {
            case .bytes(let range), .byteArray(let range):
                guard (16...PickleConstants.largest).contains(range.count) else { continue }
                let head = Array(try constants.source.bytes(range.lowerBound..<range.lowerBound + 3))
                guard ContentDetection.isPickleMagic(head), case .bytes(let bytes)? = try constants.constant(next) else {
                    continue
                }
                payloads.append(Payload(kind: .file, bytes: bytes, function: "\(module).\(name)", offset: call.offset))
            case .tuple, .list: waiting += program.members(next) ?? []
            case .dictionary: waiting += (program.entries(next) ?? []).map(\.value)
            default: break
            }
        }
    }

    private static func isGetattr(_ name: String) -> Bool { name == "builtins.getattr" || name == "__builtin__.getattr" }

    private func importedText(_ number: Int) -> String { program.name(of: program.imports[number]) ?? "a computed name" }

    private mutating func judgeComputedCall(_ call: PickleCall, _ maker: PickleCall) throws {
        let makerName = nameOf(maker.callable).map { "\($0).\($1)" } ?? ""
        if CodeMakers.typeNamers.contains(makerName) {
            judgeCode(call)
            return
        }
        // `getattr(ZoneInfo, "_unpickle")` is a name like any other, written in two steps.
        if Self.isGetattr(makerName), let members = program.members(maker.arguments), members.count == 2,
            let (module, type) = nameOf(members[0]),
            let attribute = program.text(members[1])
        {
            let readings = Self.readings(module, type, version: program.version)
            if readings.allSatisfy({
                CallableVerdict.of(QualifiedName(module: $0.module, name: "\($0.name).\(attribute)"), use: .called) == nil
            }) {
                return
            }
        }
        if call.kind == .new || call.kind == .newWithKeywords, CodeMakers.names.contains(makerName) { return }
        add(
            .pickleComputedCall, nil, "calls the result of another call", at: call.offset,
            snippet: "\(listing.expression(of: maker)) → \(listing.expression(of: call))")
    }

    private mutating func judgeArguments(of call: PickleCall) throws {
        guard let (module, name) = nameOf(call.callable) else { return }
        for reading in Self.readings(module, name, version: program.version) {
            let full = reading.full
            if let problem = try ArgumentRules.problem(of: full, call, program, constants) {
                add(
                    .pickleDangerousArguments, problem.severity, "calls \(quoted(full)) \(problem.reason)", at: call.offset,
                    snippet: listing.expression(of: call))
            }
            if full == "types.CodeType" || full == "types.FunctionType" || full.hasSuffix("._create_code") { judgeCode(call) }
            if let kind = SecondStage.kind(of: full) { try notePayload(kind, full, call) }
        }
    }

    private mutating func notePayload(_ kind: Payload.Kind, _ function: String, _ call: PickleCall) throws {
        for argument in (program.members(call.arguments) ?? []).prefix(2) {
            var reference = argument
            // torch.load(BytesIO(…)) and its like.
            if let inner = program.call(reference), program.importedName(inner.callable)?.hasSuffix("BytesIO") == true,
                let first = program.members(inner.arguments)?.first
            {
                reference = first
            }
            guard let bytes = try constants.constant(reference)?.bytes, bytes.count > 1 else { continue }
            payloads.append(Payload(kind: kind, bytes: bytes, function: function, offset: call.offset))
            return
        }
        if kind == .file || function == "torch.storage._load_from_bytes" {
            add(
                .pickleDangerousArguments, .high,
                "hands to \(function) bytes that are computed, so that what they load is not known", at: call.offset,
                snippet: listing.expression(of: call))
        }
    }

    /// Code that comes in parts: the names that it uses stand among the arguments.
    private mutating func judgeCode(_ call: PickleCall) {
        let dangerous = CodeNames.dangerous(Set(texts(in: call.arguments, objects: 2000)))
        if !dangerous.isEmpty {
            add(.pickleCarriesCode, .high, "brings code that uses \(dangerous.joined(separator: ", "))", at: call.offset)
        }
    }

    private mutating func judgeStates(of call: PickleCall) {
        for state in call.states {
            let dictionaries = [state] + (program.members(state) ?? []).prefix(2)
            for dictionary in dictionaries {
                for entry in program.entries(dictionary) ?? [] {
                    guard let key = program.text(entry.key), QualifiedName.isDunder(key[...]), !Self.harmlessDunders.contains(key)
                    else { continue }
                    // A class made by value has its methods in its state; they are judged by their code.
                    if let name = program.importedName(call.callable), CodeMakers.names.contains(name) { continue }
                    add(
                        .pickleStateOnImport, nil, "sets \(quoted(key)) of an object, which changes how it behaves",
                        at: call.offset,
                        snippet: listing.render(entry.value))
                }
            }
        }
    }

    private static let harmlessDunders: Set<String> = [
        "__doc__", "__module__", "__name__", "__qualname__", "__version__", "__dict__", "__annotations__", "__orig_class__",
        "__pydantic_fields_set__",
        "__pydantic_extra__", "__pydantic_private__", "__fields_set__", "__private_attribute_values__", "__notes__",
        "__weakref__", "__slots__", "__wrapped__",
        "__traceback__", "__defaults__", "__kwdefaults__", "__closure__", "__globals__", "__sklearn_tags__", "__constants__",
        "__len__",
    ]

    private mutating func judgeFills() {
        for fill in program.fills {
            switch program[fill.target] {
            case .imported(let number):
                add(
                    .pickleStateOnImport, nil, "puts items into what it imports: \(quoted(importedText(number)))", at: fill.offset
                )
            default: add(.pickleOdd, .low, "puts items into something that is no container", at: fill.offset)
            }
        }
    }

    private mutating func judgeForm() {
        if let first = program.oddities.first(where: { $0.problem.contains("frame") }) {
            add(.pickleFrame, nil, first.problem, at: first.offset)
        }
    }
}

/// What use is made of each import of a pickle.
struct ImportUses {
    private var uses: [CallableVerdict.Use]

    subscript(number: Int) -> CallableVerdict.Use { uses[number] }

    init(_ program: PickleProgram) {
        uses = Array(repeating: .named, count: program.imports.count)
        func raise(_ reference: PickleReference, _ use: CallableVerdict.Use) {
            if let module = program.legacyModule(reference) { return raise(module, use) }
            if case .imported(let number) = program[reference] { uses[number] = max(uses[number], use) }
        }
        for contents in program.contents { for item in contents { raise(item, .value) } }
        if let result = program.result { raise(result, .value) }
        for call in program.calls {
            switch call.kind {
            case .reduce, .instance, .object: raise(call.callable, .called)
            case .new, .newWithKeywords: raise(call.callable, .instantiated)
            case .build: raise(call.callable, .value)
            }
            for reference in call.states + call.items + call.entries { raise(reference, .value) }
            // An attribute called like the method that the next opcode calls is what it calls.
            if !call.items.isEmpty || !call.entries.isEmpty {
                for state in call.states {
                    for entry in program.entries(state) ?? []
                    where ["append", "extend", "add", "update", "__setitem__"].contains(program.text(entry.key)) {
                        raise(entry.value, .called)
                    }
                }
            }
            // Functions that call what they are given.
            guard let name = program.importedName(call.callable), let members = program.members(call.arguments) else { continue }
            switch name {
            case "functools.partial", "_functools.partial", "collections.defaultdict", "torch._tensor._rebuild_from_type_v2",
                "torch._tensor._rebuild_from_type",
                "torch.tensor._rebuild_from_type":
                if let first = members.first { raise(first, .called) }
            case "numpy.random._pickle.__generator_ctor", "numpy.random._pickle.__randomstate_ctor",
                "numpy.random._pickle.__bit_generator_ctor":
                // They call what they are given for the kind of generator.
                for member in members { raise(member, .called) }
            case "copyreg._reconstructor", "copy_reg._reconstructor", "copyreg.__newobj__", "copyreg.__newobj_ex__",
                "copy_reg.__newobj__":
                if let first = members.first { raise(first, .instantiated) }
            default: break
            }
        }
    }
}

/// Texts that tell what a call is for: commands, addresses, paths, source.
enum TellingText {
    static func isTelling(_ text: String) -> Bool {
        guard text.utf8.count >= 4 else { return false }
        let head = text.prefix(4000)
        if head.contains("://") && !head.hasPrefix("http://www.w3.org") { return true }
        if ["/bin/", "/etc/", "/tmp/", "/dev/", "~/.", "cmd.exe", "powershell", "C:\\"].contains(where: { head.contains($0) }) {
            return true
        }
        if ["import ", "exec(", "eval(", "__import__", "os.system", "subprocess", "lambda "].contains(where: { head.contains($0) }
        ) {
            return true
        }
        return ["curl ", "wget ", "bash ", "sh -c", "nc -", "rm -", "chmod ", "echo ", "touch ", "whoami", "id;", "cat "].contains
        { head.hasPrefix($0) }
    }
}

/// Functions that load what they are given.
enum SecondStage {
    static func kind(of name: String) -> PickleJudge.Payload.Kind? {
        switch name {
        case "torch.storage._load_from_bytes", "torch.load", "torch.serialization.load": .torch
        case "pickle.loads", "_pickle.loads", "cloudpickle.loads", "cloudpickle.cloudpickle.loads", "dill.loads",
            "dill._dill.loads", "pickle.load",
            "_pickle.load", "joblib.load", "numpy.load", "pandas.read_pickle", "lib2to3.pgen2.grammar.Grammar.loads",
            "pickle._loads":
            .pickle
        case "builtins.exec", "builtins.eval", "builtins.compile", "code.InteractiveInterpreter.runcode",
            "code.InteractiveInterpreter.runsource", "timeit.timeit",
            "cProfile.run", "profile.run", "pdb.run", "numpy.testing._private.utils.runstring":
            .python
        case "marshal.loads": .marshalled
        case "keras.src.saving.keras_saveable.KerasSaveable._unpickle_model",
            "keras.saving.pickle_utils.deserialize_model_from_bytecode":
            .file
        default: nil
        }
    }
}

extension PickleProgram {
    /// The class of `("module", class, file, source)`, the persistent name with which PyTorch's old form gives the source of a module's class along.
    func legacyModule(_ reference: PickleReference) -> PickleReference? {
        guard case .persistent(let name) = self[reference], let parts = members(name), parts.count >= 2,
            text(parts[0]) == "module",
            case .imported = self[parts[1]]
        else { return nil }
        return parts[1]
    }
}
