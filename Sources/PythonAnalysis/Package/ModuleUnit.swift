import PythonSyntax

/// One file during an analysis.
final class ModuleUnit {
    let index: Int32
    let file: PythonPackage.File
    let names: NameTable
    /// The symbol of each identifier of the file, once it was asked for.
    private var symbols: [Symbol]
    private var shapes: [NodeID: FunctionShape] = [:]
    private var scopes: [NodeID: Scope] = [:]

    /// Set when the module's code begins to run.
    var frame: Frame?
    /// Whether its code has run to the end.
    var isComplete = false
    /// The call that runs it, where it is no file but a text.
    var origin: Site?
    /// Whether another file imports it.
    var isImported = false
    /// Modules that are not among the files, all of whose names it imports.
    var unknownStars: [String] = []

    init(index: Int32, file: PythonPackage.File, names: NameTable) {
        self.index = index
        self.file = file
        self.names = names
        symbols = Array(repeating: -1, count: file.python.tree.identifierLimit)
    }

    var tree: SyntaxTree { file.python.tree }

    func symbol(_ identifier: Identifier) -> Symbol {
        guard let index = identifier.index, index < symbols.count else { return names.symbol(tree.text(identifier)) }
        if symbols[index] < 0 { symbols[index] = names.symbol(tree.text(identifier)) }
        return symbols[index]
    }

    func name(_ identifier: Identifier) -> String { names.text(symbol(identifier)) }

    func shape(_ function: NodeID) -> FunctionShape {
        if let known = shapes[function] { return known }
        let shape = FunctionShape(function, in: self)
        shapes[function] = shape
        return shape
    }

    /// The scope of a class body or a comprehension.
    func scope(_ id: NodeID, _ make: () -> Scope) -> Scope {
        if let known = scopes[id] { return known }
        let scope = make()
        scopes[id] = scope
        return scope
    }

    func site(_ id: NodeID) -> Site { Site(module: index, node: id) }
}

/// Names as numbers, over all files.
final class NameTable {
    private var symbols: [String: Symbol] = [:]
    private var texts: [String] = []

    func symbol(_ text: String) -> Symbol {
        if let known = symbols[text] { return known }
        let symbol = Symbol(texts.count)
        symbols[text] = symbol
        texts.append(text)
        return symbol
    }

    func text(_ symbol: Symbol) -> String { texts[Int(symbol)] }
}
