import PythonSyntax

/// The names that a module, class, function or comprehension binds (The Python Language Reference, section 4.2.1).
final class Scope {
    enum Kind {
        case module, `class`, function, comprehension
    }

    let kind: Kind
    /// Each bound name's place among the scope's variables.
    private(set) var slots: [Symbol: Int] = [:]
    private(set) var globals: Set<Symbol> = []
    private(set) var nonlocals: Set<Symbol> = []
    /// Whether a function is a generator.
    private(set) var hasYield = false
    /// Whether functions or classes within may use the variables after the code has ended.
    private(set) var isCaptured = false

    var count: Int { slots.count }

    init(_ kind: Kind) {
        self.kind = kind
    }

    func bind(_ symbol: Symbol) {
        if slots[symbol] == nil { slots[symbol] = slots.count }
    }

    /// Finds what a body binds.
    convenience init(_ kind: Kind, body: some Sequence<NodeID>, parameters: [Symbol] = [], in module: ModuleUnit) {
        self.init(kind)
        for parameter in parameters { bind(parameter) }
        var collector = BindingCollector(scope: self, module: module)
        for node in body { module.tree.walk(&collector, from: node) }
        for symbol in globals.union(nonlocals) { slots[symbol] = nil }
        if !globals.isEmpty || !nonlocals.isEmpty {
            // The slots that are left, without gaps.
            for (number, symbol) in slots.keys.sorted().enumerated() { slots[symbol] = number }
        }
    }

    private struct BindingCollector: SyntaxVisitor {
        let scope: Scope
        let module: ModuleUnit
        /// Names that a comprehension binds are its own; only `:=` within binds here.
        private var comprehensions = 0

        init(scope: Scope, module: ModuleUnit) {
            self.scope = scope
            self.module = module
        }

        mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
            switch tree.syntax(id) {
            case .name(let name, let context):
                if context != .Load, comprehensions == 0 { bind(name) }
            case .namedExpression(let target, _):
                if case .name(let name, _) = tree.syntax(target) { bind(name) }
            case .functionDefinition(let function):
                bind(function.name)
                scope.isCaptured = true
                return false
            case .classDefinition(let type):
                bind(type.name)
                scope.isCaptured = true
                return false
            case .lambda:
                scope.isCaptured = true
                return false
            case .listComprehension, .setComprehension, .dictionaryComprehension, .generatorExpression: comprehensions += 1
            case .alias(let name, let asName):
                if let bound = asName ?? name.first { bind(bound) }
            case .exceptHandler(_, let name, _), .matchAs(_, let name), .matchStar(let name), .matchMapping(_, _, let name):
                if let name { bind(name) }
            case .global(let names): for name in names { scope.globals.insert(module.symbol(name)) }
            case .nonlocal(let names): for name in names { scope.nonlocals.insert(module.symbol(name)) }
            case .yield, .yieldFrom: scope.hasYield = true
            default: break
            }
            return true
        }

        mutating func leave(_ id: NodeID, in tree: SyntaxTree) {
            switch tree.kind(id) {
            case .ListComp, .SetComp, .DictComp, .GeneratorExp: comprehensions -= 1
            default: break
            }
        }

        private func bind(_ name: Identifier) { scope.bind(module.symbol(name)) }
    }
}

/// The variables of one run of a scope's code.
final class Frame {
    let module: ModuleUnit
    let scope: Scope
    let parent: Frame?
    /// The scope's variables are the cells from here on.
    let firstCell: CellID
    /// The class whose body is run, or to which the function belongs.
    let owner: ClassID?
    /// Names of the classes and functions around the code, for qualified names.
    let path: String
    /// The first parameter, which `super()` takes.
    var receiver: Atom?
    /// How many cells the frame had when it was made.
    let cellCount: Int
    /// Variables that were bound from elsewhere later.
    private var added: [Symbol: CellID] = [:]

    init(module: ModuleUnit, scope: Scope, parent: Frame?, firstCell: CellID, owner: ClassID?, path: String) {
        self.module = module
        self.scope = scope
        self.parent = parent
        self.firstCell = firstCell
        self.owner = owner
        self.path = path
        cellCount = scope.count
    }

    /// The cells of its variables, where nothing else can use them.
    var ownCells: Range<CellID>? {
        scope.isCaptured ? nil : firstCell..<(firstCell + CellID(cellCount))
    }

    func cell(_ symbol: Symbol) -> CellID? {
        guard let slot = scope.slots[symbol] else { return nil }
        return slot < cellCount ? firstCell + CellID(slot) : added[symbol]
    }

    /// The names of all variables.
    var symbols: [Symbol] { Array(scope.slots.keys) }

    /// The cell of a name that the frame did not have when it was made.
    func addedCell(_ symbol: Symbol, _ make: () -> CellID) -> CellID {
        if let cell = cell(symbol) { return cell }
        scope.bind(symbol)
        let cell = make()
        added[symbol] = cell
        return cell
    }
}

/// A function's parameters and body as the interpreter needs them.
final class FunctionShape {
    struct Parameter {
        let symbol: Symbol
        let name: String
        let annotation: NodeID?
        let node: NodeID
    }

    let positionalOnlyCount: Int
    /// Those by position, the positional-only ones first.
    let positional: [Parameter]
    let keywordOnly: [Parameter]
    let variable: Parameter?
    let keywords: Parameter?
    /// Nodes of the defaults, evaluated where the function is defined.
    let defaults: [NodeID]
    let keywordDefaults: [NodeID?]
    let body: [NodeID]
    let isLambda: Bool
    let isAsync: Bool
    let scope: Scope
    let module: ModuleUnit

    init(_ id: NodeID, in module: ModuleUnit) {
        let tree = module.tree
        var list: ParameterList?
        switch tree.syntax(id) {
        case .functionDefinition(let function):
            if case .parameters(let parameters) = tree.syntax(function.parameters) { list = parameters }
            body = Array(function.body)
            isAsync = function.isAsync
            isLambda = false
        case .lambda(let parameters, let expression):
            if case .parameters(let parameters) = tree.syntax(parameters) { list = parameters }
            body = [expression]
            isAsync = false
            isLambda = true
        default:
            body = []
            isAsync = false
            isLambda = true
        }
        func parameter(_ node: NodeID) -> Parameter? {
            guard case .parameter(let name, let annotation) = tree.syntax(node) else { return nil }
            return Parameter(symbol: module.symbol(name), name: tree.text(name), annotation: annotation, node: node)
        }
        positionalOnlyCount = list?.positionalOnly.count ?? 0
        positional = (list.map { Array($0.positionalOnly) + Array($0.plain) } ?? []).compactMap(parameter)
        keywordOnly = (list.map { Array($0.keywordOnly) } ?? []).compactMap(parameter)
        variable = list?.variable.flatMap(parameter)
        keywords = list?.keywords.flatMap(parameter)
        defaults = list.map { Array($0.defaults) } ?? []
        keywordDefaults = (list.map { Array($0.keywordDefaults) } ?? []).map { $0 == 0 ? nil : $0 }
        self.module = module
        var symbols = (positional + keywordOnly).map(\.symbol)
        symbols += [variable, keywords].compactMap { $0?.symbol }
        scope = Scope(.function, body: body, parameters: symbols, in: module)
    }
}
