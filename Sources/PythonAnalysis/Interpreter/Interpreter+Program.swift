import PythonSyntax

extension Interpreter {
    /// Runs all modules, then the functions that nothing calls.
    func runAll() {
        if !options.names.isEmpty {
            let hot = HotFunctions(modules, names: options.names)
            if options.isSparing || hot.isQuiet { cold = hot.cold }
        }
        noteImportedModules()
        for index in modules.indices { runModule(index) }
        runUncalled()
        wasExhausted = isExhausted
        if wasExhausted {
            for module in modules { notAnalysed[module.site(module.tree.root)] = .effort }
        }
    }

    /// What running functions adds to.
    private var findings: Findings {
        get {
            Findings(
                calls: calls, deadCalls: deadCalls, impliedCalls: impliedCalls, bindings: bindings, entered: entered,
                entries: entries)
        }
        set {
            calls = newValue.calls
            deadCalls = newValue.deadCalls
            impliedCalls = newValue.impliedCalls
            bindings = newValue.bindings
            entered = newValue.entered
            entries = newValue.entries
        }
    }

    private struct Findings {
        let calls: [Site: CallRecord]
        let deadCalls: Set<Site>
        let impliedCalls: [ImpliedCall]
        let bindings: [Site: BindingRecord]
        let entered: Set<Site>
        let entries: [Site: Int]
    }

    /// Runs functions and methods that nothing in the package calls, as somebody else may.
    ///
    /// They may run in any order, so what one of them changes must reach those that were run before. Then all are run once more, from what
    /// is known by now; in a large package, just those that read what was changed, which keeps what they said before too.
    private func runUncalled() {
        let called = calledNames()
        for site in definitionOrder where openModules.contains(Int(site.module)) && entered.contains(site) {
            calledOpenly.insert(site)
        }
        let before = findings
        let openBefore = calledOpenly
        readers = [:]
        var stale = runEachUncalled(called)
        if !stale.isEmpty, !isFrugal {
            findings = before
            calledOpenly.formUnion(openBefore)
            readers = [:]
            stale = runEachUncalled(called)
        }
        for number in stale.sorted() {
            guard let function = definitions[definitionOrder[number]] else { continue }
            entered.remove(function.site)
            _ = runUncalled(function, number: number)
        }
        currentRoot = nil
    }

    /// Runs each function that nothing has entered. Returns the places of those that read what was changed after they had run.
    private func runEachUncalled(_ called: Set<String>) -> Set<Int> {
        var stale: Set<Int> = []
        var first = 0
        // Functions are defined within those that are run.
        while first < definitionOrder.count {
            let limit = definitionOrder.count
            // First those that nothing even names as called: they call the others.
            for isNamed in [false, true] {
                for number in first..<limit {
                    guard let function = definitions[definitionOrder[number]], called.contains(function.name) == isNamed else {
                        continue
                    }
                    stale.formUnion(runUncalled(function, number: number))
                }
            }
            first = limit
        }
        // Those that were called in a way that was not followed after their turn had come.
        for _ in 0..<Self.openRounds {
            let pending = definitionOrder.indices.filter { calledOpenly.contains(definitionOrder[$0]) }
            if pending.isEmpty || isExhausted { break }
            for number in pending {
                if let function = definitions[definitionOrder[number]] { stale.formUnion(runUncalled(function, number: number)) }
            }
        }
        return stale
    }

    private func isCold(_ site: Site) -> Bool {
        cold.indices.contains(Int(site.module)) && cold[Int(site.module)].contains(site.node)
    }

    /// Each round may find functions that call others in a way that is not followed; by then, little is new.
    private static var openRounds: Int { 4 }

    /// Runs one function if nothing has. Returns the places of others that had read what it changes.
    private func runUncalled(_ function: FunctionReference, number: Int) -> Set<Int> {
        let wasEntered = entered.contains(function.site)
        guard !wasEntered || calledOpenly.contains(function.site), !isExhausted, !isCold(function.site) else { return [] }
        currentRoot = (number, CellID(memory.cellCount))
        let before = reach
        reach = CallReach(phase: .later, roots: [function.qualifiedName])
        defer { reach = before }
        calledOpenly.remove(function.site)
        var receiver: Value?
        if let owner = function.owner {
            switch function.kind {
            case .staticMethod: receiver = function.name == "__new__" ? Value(.class(owner)) : nil
            case .classMethod: receiver = Value(.class(owner))
            case .plain, .property, .contextManager:
                receiver = anyInstance(of: owner)
                // That may have run the constructor itself.
                if !wasEntered, entered.contains(function.site) { return [] }
            }
        }
        if wasEntered { calledOpenly.insert(function.site) }
        let mark = memory.mark()
        enterOpenly(function, receiver: receiver)
        let changes = memory.takeBack(mark)
        if wasEntered { calledOpenly.remove(function.site) }
        // Who read a variable before anything was in it said "unknown", which stays true.
        let wereEmpty = isFrugal ? Set(changes.keys.filter { memory.isEmpty($0) }) : []
        let changed = memory.allow(changes).filter { !wereEmpty.contains($0) }
        return Set(changed.flatMap { readers[$0] ?? [] }).subtracting([number])
    }

    /// The last parts of the names of everything that is called somewhere.
    private func calledNames() -> Set<String> {
        struct Collector: SyntaxVisitor {
            var names: Set<String> = []

            mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
                guard case .call(let function, _, _) = tree.syntax(id) else { return true }
                switch tree.syntax(function) {
                case .name(let name, _), .attribute(_, let name, _): names.insert(tree.text(name))
                default: break
                }
                return true
            }
        }
        var collector = Collector()
        for module in modules { module.tree.walk(&collector) }
        return collector.names
    }

    // MARK: Calls that were not reached

    /// The calls of a file that the interpreter did not come to, with the names that the file's imports give them.
    func callsBesides(_ reached: Set<NodeID>, in module: ModuleUnit) -> [(NodeID, CallRecord)] {
        struct Collector: SyntaxVisitor {
            let reached: Set<NodeID>
            let module: ModuleUnit
            let cold: Set<NodeID>
            var missing: [(call: NodeID, function: NodeID, arguments: NodeList, keywords: NodeList, isLocal: Bool)] = []
            /// The names that the functions around bind.
            var scopes: [(node: NodeID, scope: Scope)] = []

            mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
                switch tree.syntax(id) {
                case .functionDefinition where cold.contains(id): return false
                case .functionDefinition, .lambda: scopes.append((id, module.shape(id).scope))
                case .call(let function, let arguments, let keywords) where !reached.contains(id):
                    missing.append((id, function, arguments, keywords, isLocal(function, tree)))
                default: break
                }
                return true
            }

            mutating func leave(_ id: NodeID, in tree: SyntaxTree) {
                if scopes.last?.node == id { scopes.removeLast() }
            }

            /// Whether a name is bound by a function around it, so that the module says nothing of it.
            private func isLocal(_ function: NodeID, _ tree: SyntaxTree) -> Bool {
                var root = function
                while case .attribute(let inner, _, _) = tree.syntax(root) { root = inner }
                guard case .name(let name, _) = tree.syntax(root) else { return true }
                let symbol = module.symbol(name)
                return scopes.contains { $0.scope.slots[symbol] != nil }
            }
        }
        let index = Int(module.index)
        let coldFunctions = cold.indices.contains(index) ? cold[index] : []
        var collector = Collector(reached: reached, module: module, cold: coldFunctions)
        module.tree.walk(&collector)
        guard let moduleFrame = module.frame, !collector.missing.isEmpty else { return [] }
        frame = moduleFrame
        steps = 0
        isDead = true
        return collector.missing.map { missing in
            var record = CallRecord()
            if !missing.isLocal {
                for name in evaluate(missing.function).atoms.compactMap(fullName) where !record.names.contains(name) {
                    record.names.append(name)
                }
            }
            for node in missing.arguments {
                if module.tree.kind(node) == .Starred {
                    record.hasUnknownPositional = true
                } else {
                    record.positional.append(constant(node))
                }
            }
            for case .keyword(let name, let node) in missing.keywords.lazy.map({ module.tree.syntax($0) }) {
                if let name {
                    record.keywords.append((module.name(name), constant(node)))
                } else {
                    record.hasUnknownKeywords = true
                }
            }
            return (missing.call, record)
        }
    }

    private func constant(_ node: NodeID) -> FrozenValue {
        tree.kind(node) == .Constant ? freeze(evaluate(node)) : .unknown
    }
}
