import PythonSyntax

extension Interpreter {
    // MARK: Functions

    /// A function or lambda as it is where its definition runs.
    func reference(to id: NodeID, named name: String) -> FunctionReference {
        let shape = module.shape(id)
        let path = frame.path.isEmpty ? name : "\(frame.path).\(name)"
        let reference = FunctionReference(
            site: site(id), qualifiedName: shape.isLambda ? name : path, definition: shape, frame: frame,
            defaults: shape.defaults.map { evaluate($0) }, keywordDefaults: shape.keywordDefaults.map { $0.map { evaluate($0) } },
            owner: frame.scope.kind == .class ? frame.owner : nil)
        if definitions[reference.site] == nil { definitionOrder.append(reference.site) }
        definitions[reference.site] = reference
        return reference
    }

    func define(_ id: NodeID, _ function: FunctionDefinition) {
        let name = module.name(function.name)
        var plain = reference(to: id, named: name)
        if plain.owner != nil {
            if name == "__new__" { plain = plain.with(kind: .staticMethod) }
            if name == "__init_subclass__" || name == "__class_getitem__" { plain = plain.with(kind: .classMethod) }
        }
        var value = Value(.function(plain), Evidence(site(id)))
        for decorator in function.decorators.reversed() { value = decorate(value, plain, with: decorator) }
        for parameter in plain.definition.positional + plain.definition.keywordOnly {
            if let annotation = parameter.annotation { runAnnotation(annotation) }
        }
        if let returns = function.returns { runAnnotation(returns) }
        bind(module.symbol(function.name), to: value)
    }

    /// What a decorator makes of a function. One that is not known is taken to leave it callable as it was.
    private func decorate(_ value: Value, _ function: FunctionReference, with node: NodeID) -> Value {
        let decorator = evaluate(node)
        let place = site(node)
        if case .function(let current)? = value.only {
            switch decorator.only {
            case .external(let name)?:
                // Which of several functions is called depends on the argument.
                if name.hasPrefix("functools.singledispatch") { return value.opened() }
                if let kind = Decorators.kind(name) {
                    noteImplied(place, decorator, Arguments(positional: [value]))
                    return remember(current.with(kind: kind))
                }
            default: break
            }
        }
        if case .external("property.setter")? = decorator.only {
            // The property stays what it was.
            let symbol = names.symbol(function.name)
            if tree.source.text(tree.range(node)).hasSuffix("setter"), let owner = frame.owner {
                record(owner).setters[symbol] = function
            }
            if let cell = cell(of: symbol) {
                let before = memory.value(cell)
                if !before.isNothing { return before }
            }
            return value
        }
        let result = call(decorator, Arguments(positional: [value]), at: place)
        let functions = result.candidates.compactMap { candidate -> Value.Candidate? in
            guard case .function(let made) = candidate.atom else { return nil }
            let named = made.with(name: function.qualifiedName, namedIn: function.site.module)
            return Value.Candidate(atom: .function(named), evidence: candidate.evidence)
        }
        guard !functions.isEmpty else {
            switch result.only {
            case .external?, .method?, nil: return value
            default: return result
            }
        }
        var decorated = Value.nothing
        for candidate in functions { decorated.add(candidate) }
        return decorated
    }

    private func remember(_ function: FunctionReference) -> Value {
        definitions[function.site] = function
        return Value(.function(function), Evidence(function.site))
    }

    // MARK: Classes

    func define(_ id: NodeID, _ type: ClassDefinition) {
        var bases: [Value] = []
        for node in type.bases {
            if case .starred(let inner, _) = tree.syntax(node) {
                bases += elements(of: evaluate(inner)).elements
            } else {
                bases.append(evaluate(node))
            }
        }
        var options = Arguments()
        for case .keyword(let name, let node) in type.keywords.lazy.map({ self.tree.syntax($0) }) {
            let value = evaluate(node)
            if let name, module.name(name) != "metaclass" { options.keywords.append((module.name(name), value)) }
        }
        let name = module.name(type.name)
        let path = frame.path.isEmpty ? name : "\(frame.path).\(name)"
        let made = newClass(named: path, bases: bases, at: site(id))
        let module = module
        let scope = module.scope(id) { Scope(.class, body: type.body, in: module) }
        let outer = frame
        frame = Frame(
            module: module, scope: scope, parent: outer, firstCell: memory.newCells(scope.count), owner: made.id, path: path)
        _ = run(type.body)
        for symbol in scope.slots.keys { made.attributes[symbol] = frame.cell(symbol) }
        frame = outer
        var value = Value(.class(made.id), Evidence(site(id)))
        for node in type.decorators.reversed() {
            let decorator = evaluate(node)
            if Decorators.makesDataclass(decorator) {
                made.isDataclass = true
                noteImplied(site(node), decorator, Arguments(positional: [value]))
                continue
            }
            let result = call(decorator, Arguments(positional: [value]), at: site(node))
            switch result.only {
            case .none?, .external?, .method?, nil: break
            default: value = result
            }
        }
        bind(module.symbol(type.name), to: value)
        if let (hook, _) = classAttribute(names.symbol("__init_subclass__"), of: made.resolutionOrder.dropFirst()),
            case .function(let function)? = hook.only
        {
            _ = enter(function, receiver: .class(made.id), options, at: site(id))
        }
    }

    func newClass(named name: String, bases: [Value], at place: Site) -> ClassRecord {
        let made = ClassRecord(
            id: ClassID(number: Int32(classes.count)), site: place, qualifiedName: name, module: place.module)
        classes.append(made)
        var orders: [[ClassID]] = []
        var direct: [ClassID] = []
        for base in bases {
            for atom in base.atoms {
                switch atom {
                case .class(let id):
                    orders.append(record(id).resolutionOrder)
                    direct.append(id)
                    if record(id).isDataclass { made.isDataclass = true }
                case .external(let name): made.externalBases.append(name)
                default: break
                }
            }
            if base.candidates.isEmpty { made.hasUnknownBase = true }
        }
        let known = orders.reduce(0) { $0 + $1.count } <= Self.longestOrder
        if !known { made.hasUnknownBase = true }
        made.resolutionOrder = [made.id] + (known ? Self.merged(orders + [direct]) : direct)
        if made.externalBases.contains(where: Decorators.isFieldBase) { made.isDataclass = true }
        return made
    }

    /// Chains of more bases are not followed: to order them takes the square of their number.
    private static var longestOrder: Int { 256 }

    /// The C3 linearisation of the bases' orders (The Python 2.3 Method Resolution Order); where there is none, first come, first served.
    private static func merged(_ orders: [[ClassID]]) -> [ClassID] {
        var orders = orders.filter { !$0.isEmpty }
        var merged: [ClassID] = []
        while !orders.isEmpty {
            let next =
                orders.lazy.map { $0[0] }.first { candidate in orders.allSatisfy { !$0.dropFirst().contains(candidate) } }
                ?? orders[0][0]
            merged.append(next)
            orders = orders.map { $0.filter { $0 != next } }.filter { !$0.isEmpty }
        }
        return merged
    }

    // MARK: Instances

    func instantiate(_ type: ClassID, _ arguments: Arguments, at place: Site) -> Value {
        if isEnum(type), let member = enumMember(type, withValue: arguments[0]) { return member }
        if let (maker, _) = classAttribute(names.symbol("__new__"), of: record(type).resolutionOrder),
            case .function(let function)? = maker.only
        {
            var passed = arguments
            passed.positional.insert(Value(.class(type)), at: 0)
            let made = enter(function, receiver: nil, passed, at: place)
            if case .object(let id)? = made.only, record(id).kind == .instance(type) {
                initialize(id, type, arguments, at: place)
            }
            return made
        }
        if let made = builtinInstance(type, arguments, at: place) { return made }
        let made = newObject(.instance(type), at: place, .value(.nothing))
        let value = Value(.object(made), Evidence(place))
        if !isDead, record(type).instances.count < 32 { record(type).instances.append(made) }
        initialize(made, type, arguments, at: place)
        return value.tainted(by: arguments.taint)
    }

    /// `object.__new__(cls)`
    func newInstance(of type: ClassID, at place: Site) -> Value {
        let made = newObject(.instance(type), at: place, .value(.nothing))
        if !isDead, record(type).instances.count < 32 { record(type).instances.append(made) }
        return Value(.object(made), Evidence(place))
    }

    /// An instance of a class that is derived from `dict` or `list`: its items are kept beside its attributes.
    private func builtinInstance(_ type: ClassID, _ arguments: Arguments, at place: Site) -> Value? {
        let base = firstExternalBase(of: type)
        guard base == "dict" || base == "list", method("__init__", of: type) == nil, let base,
            let items = StandardLibrary.functions[base]?(self, arguments, place)
        else { return nil }
        let made = newInstance(of: type, at: place)
        if case .object(let id)? = made.only { keep(items, as: Self.itemsName, in: id) }
        return made
    }

    /// The attribute under which an instance of a class derived from a container keeps its items.
    static var itemsName: String { "<items>" }

    private func initialize(_ made: ObjectID, _ type: ClassID, _ arguments: Arguments, at place: Site) {
        if let (initializer, _) = classAttribute(names.symbol("__init__"), of: record(type).resolutionOrder) {
            for case .function(let function) in initializer.atoms {
                _ = enter(function, receiver: .object(made), arguments, at: place)
            }
        } else if record(type).isDataclass {
            fillFields(of: made, type, arguments, at: place)
            if let (after, _) = classAttribute(names.symbol("__post_init__"), of: record(type).resolutionOrder) {
                for case .function(let function) in after.atoms {
                    _ = enter(function, receiver: .object(made), Arguments(), at: place)
                }
            }
        }
    }

    /// The fields of a dataclass: those of its bases first.
    func fields(of type: ClassID) -> [Symbol] {
        var fields: [Symbol] = []
        for type in record(type).resolutionOrder.reversed() {
            for field in record(type).fields where !fields.contains(field) { fields.append(field) }
        }
        return fields
    }

    /// What the generated `__init__` of a dataclass does (PEP 557).
    private func fillFields(of made: ObjectID, _ type: ClassID, _ arguments: Arguments, at place: Site) {
        for (number, field) in fields(of: type).enumerated() {
            let name = names.text(field)
            let fallback = classAttribute(field, of: record(type).resolutionOrder).map { fieldDefault($0.value, at: place) }
            let value: Value
            if let given = arguments.argument(number, name) {
                value = given
            } else if arguments.isFullyKnown {
                value = fallback ?? .unknown
            } else {
                value = (fallback ?? .nothing).opened()
            }
            keep(value, as: name, in: made)
        }
    }

    /// The default of a field, which `field(default=…)` may hold.
    private func fieldDefault(_ value: Value, at place: Site) -> Value {
        each(value) { candidate in
            guard case .object(let id) = candidate.atom, case .external("dataclasses.Field") = record(id).kind else {
                return Value(candidate.atom, candidate.evidence)
            }
            return kept("default", in: id)
                ?? kept("default_factory", in: id).map { call($0, Arguments(), at: place) } ?? .unknown
        }
    }

    /// An instance for methods that nobody calls: one that the program makes, or one made with the constructor's defaults.
    func anyInstance(of type: ClassID) -> Value {
        if record(type).instances.isEmpty {
            let made = newObject(.instance(type), at: record(type).site, .value(.nothing))
            record(type).instances.append(made)
            if let (initializer, _) = classAttribute(names.symbol("__init__"), of: record(type).resolutionOrder) {
                for case .function(let function) in initializer.atoms {
                    enterOpenly(function, receiver: Value(.object(made)))
                }
            } else if record(type).isDataclass {
                fillFields(of: made, type, Arguments(), at: record(type).site)
            }
        }
        var value = Value.nothing
        for instance in record(type).instances.prefix(Value.candidateLimit) {
            value.add(Value.Candidate(atom: .object(instance), evidence: Evidence(record(instance).site)))
        }
        return value
    }

    // MARK: Enumerations

    func isEnum(_ type: ClassID) -> Bool {
        record(type).resolutionOrder.contains { type in
            record(type).externalBases.contains {
                ["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"].contains($0.lastPart)
            }
        }
    }

    func enumMember(_ symbol: Symbol, of type: ClassID, _ value: Value, at place: Site) -> Value? {
        guard isEnum(type), !value.candidates.contains(where: { if case .function = $0.atom { true } else { false } }) else {
            return nil
        }
        if names.text(symbol).hasPrefix("_") { return nil }
        if let known = record(type).members[symbol] { return Value(.object(known), Evidence(place)) }
        // A second name of the same value is an alias of the first.
        if let only = value.only, only.isConstant,
            let first = record(type).attributes.filter({ self.memory.value($0.value).only == only }).min(by: {
                $0.value < $1.value
            }),
            first.key != symbol
        {
            return enumMember(first.key, of: type, value, at: place)
        }
        let member = newObject(.instance(type), at: place, .value(.nothing))
        record(type).members[symbol] = member
        keep(Value(.text(PythonText(names.text(symbol))), value.evidence), as: "name", in: member)
        keep(value, as: "value", in: member)
        return Value(.object(member), Evidence(place))
    }

    private func enumMember(_ type: ClassID, withValue value: Value?) -> Value? {
        guard let only = value?.only else { return nil }
        return enumMembers(type).first { member in
            guard case .object(let id)? = member.only, let value = kept("value", in: id) else { return false }
            return value.only == only
        }
    }

    func enumMembers(_ type: ClassID) -> [Value] {
        guard isEnum(type) else { return [] }
        let place = record(type).site
        var members: [Value] = []
        for (symbol, cell) in record(type).attributes.sorted(by: { $0.value < $1.value }) {
            let value = memory.value(cell)
            guard !value.isNothing, let member = enumMember(symbol, of: type, value, at: place) else { continue }
            if !members.contains(member) { members.append(member) }
        }
        return members
    }
}
