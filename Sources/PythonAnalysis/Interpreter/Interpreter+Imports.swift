import PythonSyntax

extension Interpreter {
    func runImport(_ aliases: NodeList) {
        for node in aliases {
            guard case .alias(let name, let asName) = tree.syntax(node), let first = name.first else { continue }
            let dotted = tree.text(name)
            let place = site(node)
            noteImport(place, module: dotted, name: nil, alias: asName.map { tree.text($0) }, level: 0)
            runModules(on: dotted)
            // `import a.b` binds `a`; with `as`, all of it.
            let bound = asName == nil ? module.name(first) : dotted
            assign(moduleValue(bound, at: place), to: asName ?? first, at: place)
        }
    }

    func runImportFrom(_ id: NodeID, _ path: IdentifierList, _ aliases: NodeList, _ level: Int) {
        let from = absoluteName(tree.text(path), level: level, in: module)
        for node in aliases {
            guard case .alias(let name, let asName) = tree.syntax(node) else { continue }
            let place = site(node)
            guard let first = name.first else {
                noteImport(place, module: from, name: "*", alias: nil, level: level)
                importAll(from: from, at: place)
                continue
            }
            let text = module.name(first)
            noteImport(place, module: from, name: text, alias: asName.map { tree.text($0) }, level: level)
            runModules(on: from)
            let source = moduleValue(from, at: place)
            var value = attribute(text, of: source, at: place)
            if let index = moduleIndex[joined(from, text)], value.isOpen && value.candidates.isEmpty {
                runModule(index)
                value = Value(.module(Int32(index)), Evidence(place))
            } else if value.isOpen, value.candidates.isEmpty, case .module(let index)? = source.only,
                !modules[Int(index)].isComplete
            {
                // Two files import each other: the name is what it will be, whatever that is.
                value = Value(.external(joined(from, text)), Evidence(place))
            }
            assign(value, to: asName ?? first, at: place)
        }
    }

    private func assign(_ value: Value, to name: Identifier, at place: Site) {
        let symbol = module.symbol(name)
        bind(symbol, to: value)
    }

    private func joined(_ path: String, _ name: String) -> String {
        path.isEmpty || path.hasSuffix(".") ? path + name : "\(path).\(name)"
    }

    /// The dotted name that a relative import means. Where the file's place does not say, the dots stay.
    private func absoluteName(_ path: String, level: Int, in module: ModuleUnit) -> String {
        guard level > 0 else { return path }
        var parts = module.file.moduleName.split(separator: ".").map(String.init)
        let up = module.file.isInitializer ? level - 1 : level
        guard up <= parts.count else { return String(repeating: ".", count: level) + path }
        parts.removeLast(up)
        let absolute = (parts + (path.isEmpty ? [] : [path])).joined(separator: ".")
        // A file alone is no package: nothing says what stands around it.
        guard modules.count > 1, !parts.isEmpty || moduleIndex[absolute] != nil || path.isEmpty else {
            return String(repeating: ".", count: level) + path
        }
        return absolute
    }

    /// A module of the files, or the name of one that is not.
    func moduleValue(_ dotted: String, at place: Site) -> Value {
        if dotted == "__main__", !module.isImported { return Value(.module(module.index), Evidence(place)) }
        if let index = moduleIndex[dotted] {
            runModule(index)
            return Value(.module(Int32(index)), Evidence(place))
        }
        // A folder of the package without an `__init__.py` is a name whose parts are looked up further.
        return Value(.external(dotted), Evidence(place))
    }

    /// Runs the modules on the way to a dotted name, as an import does.
    private func runModules(on dotted: String) {
        var path = ""
        for part in dotted.split(separator: ".") {
            path = path.isEmpty ? String(part) : "\(path).\(part)"
            guard let index = moduleIndex[path] else { continue }
            modules[index].isImported = true
            runModule(index)
        }
    }

    private func importAll(from dotted: String, at place: Site) {
        guard let index = moduleIndex[dotted] else {
            if !module.unknownStars.contains(dotted) { module.unknownStars.append(dotted) }
            return
        }
        runModule(index)
        let source = modules[index]
        guard let outer = source.frame else { return }
        var listed: [String]?
        if let cell = outer.cell(names.symbol("__all__")), let members = memory.value(cell).only.flatMap(sequence),
            members.isExact
        {
            listed = members.elements.compactMap { if case .text(let name)? = $0.only { name.string } else { nil } }
        }
        for symbol in outer.symbols.sorted() {
            let name = names.text(symbol)
            guard listed?.contains(name) ?? !name.hasPrefix("_"), let cell = outer.cell(symbol) else { continue }
            let value = memory.value(cell)
            if value.isNothing { continue }
            let target = frame.scope.kind == .module ? frame.addedCell(symbol) { memory.newCell() } : frame.cell(symbol)
            if let target { memory[target] = .value(value) }
        }
        for star in source.unknownStars where !module.unknownStars.contains(star) { module.unknownStars.append(star) }
    }

    // MARK: Modules

    /// Marks the modules that others import.
    func noteImportedModules() {
        for module in modules {
            var imports = ModuleImports()
            module.tree.walk(&imports)
            for (path, level) in imports.found {
                if let index = moduleIndex[absoluteName(path, level: level, in: module)], index != module.index {
                    modules[index].isImported = true
                }
            }
        }
    }

    /// Runs a module's code, once, after that of the modules which it imports.
    func runModule(_ index: Int) {
        let module = modules[index]
        guard module.frame == nil, !isDead, case .module(let body) = module.tree.syntax(module.tree.root) else { return }
        let scope = Scope(.module, body: body, in: module)
        let outer = (frame, loops, activations, isDead, reach)
        // Nobody imports what a package does as a program.
        let isProgram = modules[index].file.path.hasSuffix("__main__.py")
        reach = CallReach(phase: isProgram ? .main : .load, roots: [])
        frame = Frame(module: module, scope: scope, parent: nil, firstCell: memory.newCells(scope.count), owner: nil, path: "")
        module.frame = frame
        loops = []
        activations = []
        isDead = false
        // First, so that a branch which is taken back does not take the module with it.
        var imports = ModuleImports()
        module.tree.walk(&imports)
        for (path, level) in imports.found { runModules(on: absoluteName(path, level: level, in: module)) }
        // Each statement by itself: what follows one that ends the program is somebody's code too.
        for statement in body { _ = run(CollectionOfOne(statement)) }
        module.isComplete = true
        (frame, loops, activations, isDead, reach) = outer
    }
}

/// The modules that a file's code imports as it is loaded: not those that its functions import when they are called.
private struct ModuleImports: SyntaxVisitor {
    private(set) var found: [(path: String, level: Int)] = []

    mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
        switch tree.syntax(id) {
        case .module, .conditional, .trying, .exceptHandler, .with, .classDefinition: return true
        case .importing(let aliases):
            for case .alias(let name, _) in aliases.lazy.map({ tree.syntax($0) }) { found.append((tree.text(name), 0)) }
        case .importingFrom(let path, let aliases, let level):
            let from = tree.text(path)
            found.append((from, level))
            for case .alias(let name, _) in aliases.lazy.map({ tree.syntax($0) }) where !name.isEmpty {
                found.append((from.isEmpty ? tree.text(name) : "\(from).\(tree.text(name))", level))
            }
        default: break
        }
        return false
    }
}
