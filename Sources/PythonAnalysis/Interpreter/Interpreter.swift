import PythonSyntax

/// Runs the files of a package without running them: every expression gives what it can be, branches that cannot be told apart are both
/// taken and joined, functions are entered with the arguments of their calls, and nothing outside the files is touched.
///
/// This is abstract interpretation (Cousot & Cousot, 1977) over sets of constants and of references to functions, classes and objects.
/// Variables, attributes and containers have an identity, so aliases see each other's changes.
final class Interpreter {
    let options: AnalysisOptions
    let names = NameTable()
    /// The files, then the texts that the program itself runs.
    var modules: [ModuleUnit]
    /// Texts that were run, by the call that ran them.
    var texts: [Site: [(bytes: [UInt8], unit: ModuleUnit)]] = [:]
    /// Modules by dotted name.
    let moduleIndex: ModuleIndex

    var memory = Memory()
    var objects: [ObjectRecord] = []
    var classes: [ClassRecord] = []
    /// What the program stored in modules that are not among the files, by dotted name.
    var externalCells: [String: CellID] = [:]

    // What is found.
    var calls: [Site: CallRecord] = [:]
    /// Those that were met in code that is not reached, and nowhere else.
    var deadCalls: Set<Site> = []
    var impliedCalls: [ImpliedCall] = []
    var patches: [Site: PatchRecord] = [:]
    var imports: [Site: [ImportRecord]] = [:]
    var bindings: [Site: BindingRecord] = [:]
    var flows: [FlowRecord] = []
    var knownFlows: Set<FlowRecord> = []
    /// Functions that were met, whether or not anything calls them.
    var definitions: [Site: FunctionReference] = [:]
    var definitionOrder: [Site] = []
    /// Functions that were entered, with the arguments of all their calls.
    var entered: Set<Site> = []
    /// Functions that were also called in a way that was not followed: their parameters can be anything.
    var calledOpenly: Set<Site> = []
    var notAnalysed: [Site: NotAnalysedReason] = [:]

    // Where the interpreter is.
    var frame: Frame
    var loops: [LoopContext] = []
    /// Which loops' bodies have a `continue`, by their first statement.
    var continuing: [Site: Bool] = [:]
    var activations: [Activation] = []
    /// Whether the code at hand cannot be reached: its calls are noted, its effects are not.
    var isDead = false
    var depth = 0
    /// Loops of an unknown number of rounds around the code at hand, within the function that runs and those that called it.
    var openLoops = 0
    /// What conditions said of variables in the branch at hand, and in the one before.
    var narrowed: [(cell: CellID, value: Value)] = []
    var lastNarrowed: [(cell: CellID, value: Value)] = []
    /// Counts what may have raised an exception: `raise`, and calls of what is not known.
    var risks = 0
    /// Set by a call that ends the program.
    var isLeaving = false
    /// Whether the last assignment or expression had a value that is known, which one that raises an exception has not.
    var isResultKnown = true
    var entries: [Site: Int] = [:]

    /// Files that others import which are not among those at hand: their functions may have any arguments.
    let openModules: Set<Int>

    let callSources: FlowIndex
    let valueSources: FlowIndex
    let parameterSources: FlowIndex
    let sinks: FlowIndex

    /// From where the code at hand is reached.
    var reach = CallReach(phase: .load, roots: [])

    /// Functions that are left out where nothing calls them, by module.
    var cold: [Set<NodeID>] = []

    let budget: Budget
    var steps = 0
    var inlinedSteps = 0
    /// Whether the program was left before its end: calls that would have come may have other values.
    var wasExhausted = false

    /// What a loop is left or gone on with.
    struct LoopContext {
        let mark: Memory.Mark
        var breaks: [Memory.Changes] = []
        var iteration: Memory.Mark
        var continues: [Memory.Changes] = []
    }

    /// A function that is being run.
    struct Activation {
        let function: FunctionReference
        let arguments: Arguments
        let frame: Frame
        let mark: Memory.Mark
        var returns: [Memory.Changes] = []
        var result = Value.nothing
        /// The iterator that `yield` feeds.
        let yields: ObjectID?
    }

    /// Whether what follows a statement is reached from it.
    enum Outcome {
        case goesOn, ends
    }

    init(_ package: PythonPackage, _ options: AnalysisOptions, open: Set<Int>) {
        self.options = options
        openModules = open
        let names = names
        modules = package.files.enumerated().map { ModuleUnit(index: Int32($0), file: $1, names: names) }
        moduleIndex = ModuleIndex(package.files.map(\.moduleName))
        func sources(_ kind: FlowQuery.Source.Kind) -> FlowIndex {
            FlowIndex(options.flows.sources.enumerated().filter { $0.element.kind == kind }.map { ($0.element.name, $0.offset) })
        }
        callSources = sources(.call)
        valueSources = sources(.value)
        parameterSources = sources(.parameter)
        sinks = FlowIndex(options.flows.sinks.enumerated().map { ($0.element.name, $0.offset) })
        budget = Budget(nodes: modules.reduce(0) { $0 + $1.tree.nodeCount }, options)
        frame = Frame(
            module: modules.first ?? ModuleUnit(index: 0, file: .init(path: "", place: "", python: PythonFile([])), names: names),
            scope: Scope(.module), parent: nil, firstCell: 0, owner: nil, path: "")
    }

    var module: ModuleUnit { frame.module }
    var tree: SyntaxTree { frame.module.tree }

    func site(_ node: NodeID) -> Site { Site(module: frame.module.index, node: node) }

    /// Whether so much work was done that the rest, of a large package, is done with less care: fewer rounds of loops are told apart.
    var isFrugal: Bool { steps > budget.generous }

    /// Whether the work that one program may cost is used up.
    var isExhausted: Bool { steps > budget.total }

    // MARK: Objects

    func newObject(_ kind: ObjectRecord.Kind, at site: Site, _ content: Content) -> ObjectID {
        // What is large costs time and memory to make.
        switch content {
        case .sequence(let members): steps += members.elements.count / 4
        case .dictionary(let dictionary): steps += dictionary.entries.count / 4
        case .value: break
        }
        objects.append(ObjectRecord(kind: kind, site: site, contents: memory.newCell(content)))
        return ObjectID(number: Int32(objects.count - 1))
    }

    func newList(_ elements: [Value], at site: Site, kind: ObjectRecord.Kind = .list) -> Value {
        newSequence(SequenceContent(elements), at: site, kind: kind)
    }

    func newSequence(_ sequence: SequenceContent, at site: Site, kind: ObjectRecord.Kind = .list) -> Value {
        Value(.object(newObject(kind, at: site, .sequence(sequence))), Evidence(site))
    }

    func newDictionary(_ dictionary: DictionaryContent, at site: Site) -> Value {
        Value(.object(newObject(.dictionary, at: site, .dictionary(dictionary))), Evidence(site))
    }

    /// An object of a type that is not among the files.
    func newExternal(_ type: String, at site: Site) -> Value {
        Value(.object(newObject(.external(type), at: site, .value(.nothing))), Evidence(site))
    }

    func record(_ id: ObjectID) -> ObjectRecord { objects[Int(id.number)] }
    func record(_ id: ClassID) -> ClassRecord { classes[Int(id.number)] }

    /// The bytes of a `bytearray`, where all are known.
    func byteArray(_ id: ObjectID) -> [UInt8]? {
        record(id).kind == .byteArray ? memory.sequence(record(id).contents)?.bytes : nil
    }

    func sequence(_ atom: Atom) -> SequenceContent? {
        guard case .object(let id) = atom else { return nil }
        return memory.sequence(record(id).contents)
    }

    func dictionary(_ atom: Atom) -> DictionaryContent? {
        guard case .object(let id) = atom, record(id).kind == .dictionary else { return nil }
        return memory.dictionary(record(id).contents)
    }

    // MARK: Operations on all candidates

    /// Applies an operation to each combination of candidates.
    ///
    /// - Parameter operation: the result, or nil where it is not known.
    func lift(_ values: [Value], at site: Site, _ operation: ([Atom]) -> Atom?) -> Value {
        var taint: Taint?
        var isOpen = false
        var combinations = 1
        for value in values {
            taint.join(value.taint)
            isOpen = isOpen || value.isOpen
            combinations = combinations > Value.candidateLimit ? combinations : combinations * value.candidates.count
        }
        guard !values.isEmpty, combinations > 0, combinations <= Value.candidateLimit else {
            return Value.unknown.tainted(by: taint)
        }
        var result = isOpen ? Value.unknown : Value.nothing
        var places = Array(repeating: 0, count: values.count)
        while true {
            var evidence = Evidence(site)
            var atoms: [Atom] = []
            atoms.reserveCapacity(values.count)
            for (value, place) in zip(values, places) {
                atoms.append(value.candidates[place].atom)
                evidence.add(value.candidates[place].evidence)
            }
            if let atom = operation(atoms) {
                result.add(Value.Candidate(atom: atom, evidence: evidence))
            } else {
                result.isOpen = true
            }
            var index = values.count - 1
            while index >= 0 {
                places[index] += 1
                if places[index] < values[index].candidates.count { break }
                places[index] = 0
                index -= 1
            }
            if index < 0 { break }
        }
        return result.tainted(by: taint)
    }

    /// What each candidate gives, one after another.
    func each(_ value: Value, _ body: (Value.Candidate) -> Value) -> Value {
        if value.candidates.count == 1, !value.isOpen { return body(value.candidates[0]).tainted(by: value.taint) }
        var result = value.isOpen || value.candidates.isEmpty ? Value.unknown : Value.nothing
        for candidate in value.candidates { result.join(body(candidate)) }
        return result.tainted(by: value.taint)
    }

    // MARK: Names

    /// The variable that a name is, where the code at hand stands.
    func cell(of symbol: Symbol) -> CellID? {
        var current: Frame? = frame
        var isInnermost = true
        while let frame = current {
            if frame.scope.globals.contains(symbol) { return globalCell(symbol, frame.module) }
            if isInnermost || frame.scope.kind != .class, let cell = frame.cell(symbol), !frame.scope.nonlocals.contains(symbol) {
                // A class's variable that is not bound yet is looked up around the class.
                if frame.scope.kind != .class || !memory.value(cell).isNothing { return cell }
            }
            isInnermost = false
            current = frame.parent
        }
        return nil
    }

    /// A module's variable, also one that only a `global` statement binds.
    func globalCell(_ symbol: Symbol, _ module: ModuleUnit) -> CellID? {
        guard let frame = module.frame else { return nil }
        return frame.addedCell(symbol) { memory.newCell() }
    }

    func value(of symbol: Symbol, at site: Site) -> Value {
        if let value = read(cell(of: symbol)) { return value }
        let name = names.text(symbol)
        if name == "__name__" { return moduleName(at: site) }
        if name == "__file__" { return .unknown }
        if name == "__doc__", let text = documentation(module.site(module.tree.root)) { return text }
        if name == "__builtins__" { return Value(.external("builtins"), Evidence(site)) }
        // Notebooks have it without an import.
        if name == "get_ipython" { return Value(.external("IPython.get_ipython"), Evidence(site)) }
        if Builtins.names.contains(name) { return Value(.external(name), Evidence(site)) }
        if module.unknownStars.count == 1 { return Value(.external("\(module.unknownStars[0]).\(name)"), Evidence(site)) }
        return .unknown
    }

    /// `__name__`: a file that no other one imports is the program.
    private func moduleName(at site: Site) -> Value {
        let main = Value(.text(PythonText("__main__")), Evidence(site))
        return module.isImported ? Value(.text(PythonText(module.file.moduleName)), Evidence(site)) : main
    }

    /// The function that is being run although nothing calls it, by its place in `definitionOrder`, and the first cell that is its own.
    var currentRoot: (number: Int, firstCell: CellID)?
    /// Which of these functions have read a variable or attribute that was there before them: what others change there must reach them.
    var readers: [CellID: [Int]] = [:]

    /// What a variable or attribute holds; nil where there is none, or nothing was bound to it.
    func read(_ cell: CellID?) -> Value? {
        guard let cell else { return nil }
        noteRead(cell)
        let value = memory.value(cell)
        return value.isNothing ? nil : value
    }

    func noteRead(_ cell: CellID) {
        guard let root = currentRoot, cell < root.firstCell, readers[cell]?.last != root.number else { return }
        readers[cell, default: []].append(root.number)
    }
}

/// How much work an analysis may take.
struct Budget {
    /// Expressions and statements that are run.
    let total: Int
    /// Those of them in functions that are entered once more.
    let inlined: Int
    /// Those for which no care is spared.
    let generous: Int

    init(nodes: Int, _ options: AnalysisOptions) {
        total = 40_000 + nodes * options.effort * 4
        // In a large package, each function is run about once for those that call it, not once for each call.
        inlined = 10_000 + (min(nodes, 60_000) + nodes / 4) * options.effort
        generous = options.isSparing ? 10_000 : 60_000 * options.effort
    }
}

/// The modules of a package by their dotted names.
struct ModuleIndex {
    private var byName: [String: Int] = [:]
    /// Modules by the last parts of their names, for packages below a folder such as `src`; -1 where several have it.
    private var bySuffix: [String: Int] = [:]

    init(_ moduleNames: [String]) {
        for (index, name) in moduleNames.enumerated() {
            if byName[name] == nil { byName[name] = index }
            var rest = Substring(name)
            while let dot = rest.firstIndex(of: ".") {
                rest = rest[rest.index(after: dot)...]
                bySuffix[String(rest)] = bySuffix[String(rest)] == nil ? index : -1
            }
        }
    }

    subscript(_ name: String) -> Int? {
        if let exact = byName[name] { return exact }
        // One part alone would take a file for any package of that name.
        guard name.contains("."), let index = bySuffix[name], index >= 0 else { return nil }
        return index
    }
}
