import PythonSyntax

/// Code that a program makes of texts: `exec` and `eval`.
extension Interpreter {
    private static var longestText: Int { 1 << 20 }
    private static var mostTexts: Int { 256 }

    /// Runs a text that is known as `exec` does: what it binds is bound in the given namespace, or where the call stands.
    func runText(_ arguments: Arguments, at place: Site) -> Value? {
        guard let (unit, names) = text(arguments, at: place), case .module(let body) = unit.tree.syntax(unit.tree.root) else {
            return nil
        }
        let outer = frame
        let scope = Scope(.function, body: body, in: unit)
        for symbol in scope.globals { scope.bind(symbol) }
        frame = inner(unit, scope, names)
        _ = run(body)
        let inner = frame
        frame = outer
        for symbol in inner.symbols {
            guard let cell = inner.cell(symbol) else { continue }
            let value = memory.value(cell)
            if value.isNothing { continue }
            if let names {
                memory.editDictionary(names) { $0.set(.text(PythonText(self.names.text(symbol))), value) }
            } else if frame.scope.kind == .module {
                memory[frame.addedCell(symbol) { memory.newCell() }] = .value(value)
            } else if let cell = frame.cell(symbol) {
                memory[cell] = .value(value)
            }
        }
        return Value(Atom.none, Evidence(place))
    }

    /// The value of a text that is known, as `eval` gives it.
    func evaluateText(_ arguments: Arguments, at place: Site) -> Value? {
        guard let (unit, names) = text(arguments, at: place), case .module(let body) = unit.tree.syntax(unit.tree.root),
            body.count == 1,
            case .expression(let expression) = unit.tree.syntax(body[0])
        else { return nil }
        let outer = frame
        frame = inner(unit, Scope(.comprehension, body: body, in: unit), names)
        defer { frame = outer }
        return evaluate(expression)
    }

    /// The type of what `compile` makes; it holds the text.
    static var code: String { "code" }

    /// What a text or compiled code is made of, where it is known.
    private func source(_ value: Value?) -> Atom? {
        guard case .object(let id)? = value?.only, record(id).kind == .external(Self.code),
            case .value(let text) = memory[record(id).contents]
        else { return value?.only }
        return text.only
    }

    /// A text as a file of its own, and the cell of the dictionary that holds its names, if one was given.
    private func text(_ arguments: Arguments, at place: Site) -> (ModuleUnit, CellID?)? {
        let bytes: [UInt8]
        switch source(arguments[0]) {
        case .text(let text)?: bytes = Array(text.string.utf8)
        case .bytes(let given)?: bytes = given
        default: return nil
        }
        guard bytes.count <= Self.longestText, texts.count < Self.mostTexts, !isDead else { return nil }
        var dictionary: CellID?
        if case .object(let id)? = arguments.argument(1, "globals")?.only {
            guard record(id).kind == .dictionary else { return nil }
            dictionary = record(id).contents
        }
        if let known = texts[place]?.first(where: { $0.bytes == bytes }) { return (known.unit, dictionary) }
        let python = PythonFile(bytes.drop { $0 == 0x20 || $0 == 0x09 }.map { $0 })
        guard python.problems.allSatisfy(\.isPython2) else { return nil }
        let path = modules[Int(place.module)].file.path
        let unit = ModuleUnit(
            index: Int32(modules.count), file: PythonPackage.File(path: path, place: "", python: python), names: names)
        unit.origin = place
        modules.append(unit)
        texts[place, default: []].append((bytes, unit))
        return (unit, dictionary)
    }

    /// The variables of a text: its own, then those of the dictionary or of where the call stands.
    private func inner(_ unit: ModuleUnit, _ scope: Scope, _ names: CellID?) -> Frame {
        var parent: Frame? = frame
        if let names, let dictionary = memory.dictionary(names) {
            let given = Scope(.function)
            let entries = dictionary.entries.compactMap { entry -> (Symbol, Value)? in
                if case .text(let name) = entry.key { return (self.names.symbol(name.string), entry.value) }
                return nil
            }
            for (symbol, _) in entries { given.bind(symbol) }
            let around = Frame(
                module: unit, scope: given, parent: nil, firstCell: memory.newCells(given.count), owner: nil, path: "")
            for (symbol, value) in entries { if let cell = around.cell(symbol) { memory[cell] = .value(value) } }
            parent = around
        }
        let inner = Frame(
            module: unit, scope: scope, parent: parent, firstCell: memory.newCells(scope.count), owner: frame.owner,
            path: frame.path)
        unit.frame = unit.frame ?? inner
        return inner
    }
}
