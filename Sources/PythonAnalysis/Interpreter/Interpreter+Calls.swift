import PythonSyntax

extension Interpreter {
    // MARK: A call in the source

    func evaluateCall(_ id: NodeID, _ function: NodeID, _ arguments: NodeList, _ keywords: NodeList) -> Value {
        let place = site(id)
        let callee = evaluate(function)
        let arguments = evaluate(arguments, keywords)
        if let special = callSpecial(callee, arguments, at: place) {
            note(place, callee, arguments)
            return special
        }
        note(place, callee, arguments)
        let result = call(callee, arguments, at: place, isNoted: true)
        return sourceResult(result, of: callee, TextOf.line(tree, function), at: place)
    }

    private func evaluate(_ nodes: NodeList, _ keywords: NodeList) -> Arguments {
        var arguments = Arguments()
        for node in nodes {
            guard case .starred(let inner, _) = tree.syntax(node) else {
                let value = evaluate(node)
                // What follows arguments of unknown number has no known place.
                if arguments.restPositional == nil {
                    arguments.positional.append(value)
                } else {
                    arguments.restPositional?.join(value)
                }
                continue
            }
            let members = elements(of: evaluate(inner), at: site(node))
            if arguments.restPositional == nil, members.isExact {
                arguments.positional += members.elements
            } else {
                arguments.restPositional = (arguments.restPositional ?? .nothing).joined(with: members.anyMember).opened()
            }
        }
        for case .keyword(let name, let node) in keywords.lazy.map({ self.tree.syntax($0) }) {
            let value = evaluate(node)
            if let name {
                arguments.keywords.append((module.name(name), value))
                continue
            }
            guard let dictionary = value.only.flatMap(dictionary) else {
                arguments.restKeywords = (arguments.restKeywords ?? .nothing).joined(with: .unknown.tainted(by: value.taint))
                continue
            }
            for entry in dictionary.entries {
                if case .text(let name) = entry.key, entry.isCertain {
                    arguments.keywords.append((name.string, entry.value.tainted(by: value.taint)))
                } else {
                    arguments.restKeywords = (arguments.restKeywords ?? .nothing).joined(with: entry.value.opened())
                }
            }
            if let rest = dictionary.rest {
                arguments.restKeywords = (arguments.restKeywords ?? .nothing).joined(with: rest.opened())
            }
        }
        return arguments
    }

    /// Calls that depend on where they stand.
    private func callSpecial(_ callee: Value, _ arguments: Arguments, at place: Site) -> Value? {
        guard case .external(let name)? = callee.only else { return nil }
        switch name {
        case "super":
            var current: Frame? = frame
            while let frame = current, frame.receiver == nil { current = frame.parent }
            let receiver = arguments[1]?.only ?? current?.receiver
            var type = current?.owner
            if case .class(let id)? = arguments[0]?.only { type = id }
            guard let receiver, let type else { return nil }
            return Value(.parent(of: type, receiver: receiver), Evidence(place))
        case "globals", "builtins.globals":
            return Value(.method(receiver: .module(module.index), name: "__dict__"), Evidence(place))
        case "locals", "builtins.locals", "vars", "builtins.vars":
            guard let only = arguments[0]?.only else {
                if arguments.positional.isEmpty { return localVariables(at: place) }
                return nil
            }
            switch only {
            case .external, .module, .class: return Value(.method(receiver: only, name: "__dict__"), Evidence(place))
            case .object(let id): return attributeDictionary(of: id, at: place)
            default: return nil
            }
        case "eval", "builtins.eval": return evaluateText(arguments, at: place)
        case "exec", "builtins.exec": return runText(arguments, at: place)
        default: return nil
        }
    }

    private func localVariables(at place: Site) -> Value {
        if frame.scope.kind == .module {
            return Value(.method(receiver: .module(module.index), name: "__dict__"), Evidence(place))
        }
        var variables = DictionaryContent()
        for symbol in frame.scope.slots.keys.sorted() {
            guard let cell = frame.cell(symbol) else { continue }
            let value = memory.value(cell)
            if !value.isNothing { variables.set(.text(PythonText(names.text(symbol))), value) }
        }
        return newDictionary(variables, at: place)
    }

    func attributeDictionary(of id: ObjectID, at place: Site) -> Value {
        var attributes = DictionaryContent()
        for (symbol, cell) in record(id).attributes.sorted(by: { $0.value < $1.value }) {
            let value = memory.value(cell)
            if !value.isNothing { attributes.set(.text(PythonText(names.text(symbol))), value) }
        }
        if case .external = record(id).kind { attributes.allowOthers() }
        return newDictionary(attributes, at: place)
    }

    // MARK: Calling

    /// Calls each thing that a value can be.
    ///
    /// - Parameter isNoted: whether the call stands in the source and was noted; one that does not (a decorator, a callback) is noted here.
    func call(_ callee: Value, _ arguments: Arguments, at place: Site, isNoted: Bool = false) -> Value {
        if !isNoted { noteImplied(place, callee, arguments) }
        if callee.candidates.isEmpty {
            risks += 1
            return Value.unknown.tainted(by: arguments.taint).tainted(by: callee.taint)
        }
        if callee.candidates.count == 1 {
            var result = apply(callee.candidates[0].atom, arguments, at: place).tainted(by: callee.taint)
            if callee.isOpen { result = result.opened() }
            return isNoted ? result : sourceResult(result, of: callee, "", at: place)
        }
        guard callee.candidates.count <= Self.calleeLimit else {
            // Too many to follow each: they are all called with something.
            for case .function(let function) in callee.atoms { calledOpenly.insert(function.site) }
            for case .bound(let function, _) in callee.atoms { calledOpenly.insert(function.site) }
            notAnalysed[place] = .effort
            return Value.unknown.tainted(by: arguments.taint).tainted(by: callee.taint)
        }
        var result = callee.isOpen ? Value.unknown : Value.nothing
        var branches: [Memory.Changes] = []
        for candidate in callee.candidates {
            let changes = attempt {
                result.join(apply(candidate.atom, arguments, at: place))
                return .goesOn
            }
            if let changes { branches.append(changes) }
        }
        memory.join(branches)
        result = result.tainted(by: callee.taint)
        return isNoted ? result : sourceResult(result, of: callee, "", at: place)
    }

    /// Calls of more functions than these at one place are not followed.
    private static var calleeLimit: Int { 8 }

    private func apply(_ callee: Atom, _ arguments: Arguments, at place: Site) -> Value {
        switch callee {
        case .function(let function): return enter(function, receiver: nil, arguments, at: place)
        case .bound(let function, let receiver): return enter(function, receiver: receiver, arguments, at: place)
        case .class(let type): return instantiate(type, arguments, at: place)
        case .external(let name): return callExternal(name, arguments, at: place)
        case .method(let receiver, let name): return callMethod(name, of: receiver, arguments, at: place)
        case .partial(let partial):
            if case .external(let name)? = partial.function.only,
                let made = OperatorCallables.call(name, partial, arguments, at: place, in: self)
            {
                return made
            }
            return call(partial.function, combined(partial, arguments), at: place, isNoted: true)
        case .object(let id):
            guard case .instance = record(id).kind, let method = attributeIfAny("__call__", of: callee, at: place),
                case .bound? = method.only
            else { return Value.unknown.tainted(by: arguments.taint) }
            return call(method, arguments, at: place, isNoted: true)
        default: return Value.unknown.tainted(by: arguments.taint)
        }
    }

    func combined(_ partial: PartialCall, _ arguments: Arguments) -> Arguments {
        var all = partial.arguments
        all.positional += arguments.positional
        for (name, value) in arguments.keywords {
            all.keywords.removeAll { $0.name == name }
            all.keywords.append((name, value))
        }
        if let rest = arguments.restPositional { all.restPositional = (all.restPositional ?? .nothing).joined(with: rest) }
        if let rest = arguments.restKeywords { all.restKeywords = (all.restKeywords ?? .nothing).joined(with: rest) }
        return all
    }

    private func callExternal(_ name: String, _ arguments: Arguments, at place: Site) -> Value {
        let plain = name.hasPrefix("builtins.") ? String(name.dropFirst("builtins.".count)) : name
        if plain.hasSuffix(".__new__"), case .class(let type)? = arguments[0]?.only { return newInstance(of: type, at: place) }
        if let dot = plain.firstIndex(of: "."), Builtins.types.contains(String(plain[..<dot])),
            StandardLibrary.functions[plain] == nil, let receiver = arguments[0]
        {
            // `str.upper(x)`: a method with its object as the first argument.
            let method = String(plain[plain.index(after: dot)...])
            return each(receiver) { callMethod(method, of: $0.atom, arguments.droppingFirst(), at: place) }
        }
        if Self.writers.contains(plain) {
            // What is made of a container's members has what flows into them.
            let result = StandardLibrary.functions[plain].flatMap { $0(self, arguments, place) } ?? .unknown
            return result.tainted(by: arguments.taint).tainted(by: arguments.positional.first.flatMap { deepTaint($0) })
        }
        // One that is called by a decorator, or by another function.
        if plain == "exec", let result = runText(arguments, at: place) { return result }
        if plain == "eval", let result = evaluateText(arguments, at: place) { return result }
        if let function = StandardLibrary.functions[plain], let result = function(self, arguments, place) {
            // What is copied into a container is there, also where nothing else of it is known.
            return Self.containers.contains(plain) ? result.tainted(by: arguments.taint) : result
        }
        risks += 1
        if let object = ExternalObjects.make(plain, arguments, at: place, in: self) { return object }
        return Value.unknown.tainted(by: arguments.taint)
    }

    /// Functions that write a container down as a text or as bytes.
    private static let writers: Set<String> = [
        "str", "repr", "ascii", "format", "bytes", "bytearray", "json.dumps", "simplejson.dumps", "orjson.dumps", "ujson.dumps",
        "pickle.dumps", "marshal.dumps", "urllib.parse.urlencode", "yaml.dump", "pprint.pformat",
    ]
    private static var containers: Set<String> { ["dict", "list", "tuple", "set", "sorted"] }

    private func callMethod(_ name: String, of receiver: Atom, _ arguments: Arguments, at place: Site) -> Value {
        if let result = Methods.call(name, of: receiver, arguments, at: place, in: self) { return result }
        risks += 1
        var taint = arguments.taint
        if case .object(let id) = receiver {
            // What goes into an object that is not understood may come out of it again.
            let contents = record(id).contents
            if case .value(let value) = memory[contents] {
                if let theirs = taint { memory[contents] = .value(value.tainted(by: theirs)) }
                taint.join(value.taint)
            } else {
                taint.join(elements(of: Value(receiver)).anyMember.taint)
            }
        }
        return Value.unknown.tainted(by: taint)
    }

    // MARK: Entering a function

    private static var deepestCalls: Int { 16 }
    private static var recursions: Int { 2 }
    private static var entriesOfOne: Int { 80 }

    /// Runs a function's body with arguments.
    func enter(_ function: FunctionReference, receiver: Atom?, _ arguments: Arguments, at place: Site) -> Value {
        if isDead { return .unknown }
        let isAgain = entered.contains(function.site)
        let running = activations.count { $0.function.site == function.site }
        if running >= Self.recursions, let last = activations.last(where: { $0.function.site == function.site }) {
            // A call with what the running one was called with adds nothing; one with something else may add anything.
            if last.arguments != arguments { calledOpenly.insert(function.site) }
            return Value.unknown.tainted(by: arguments.taint)
        }
        let isTooOften = entries[function.site, default: 0] >= Self.entriesOfOne || (isAgain && inlinedSteps > budget.inlined)
        if activations.count >= Self.deepestCalls || isTooOften {
            calledOpenly.insert(function.site)
            notAnalysed[function.site] = .effort
            return Value.unknown.tainted(by: arguments.taint)
        }
        entered.insert(function.site)
        entries[function.site, default: 0] += 1
        let before = steps
        defer { if isAgain { inlinedSteps += steps - before } }
        var bound = arguments
        if let receiver { bound.positional.insert(Value(receiver, Evidence(place)), at: 0) }
        return run(function, receiver: receiver, arguments, at: place) { self.bindParameters(of: function, bound, at: place) }
    }

    /// Runs a function as one that somebody else may call: its parameters are what their defaults and annotations say.
    func enterOpenly(_ function: FunctionReference, receiver: Value?) {
        entered.insert(function.site)
        _ = run(function, receiver: receiver?.candidates.first?.atom, Arguments(), at: function.site) {
            self.bindOpenParameters(of: function, receiver: receiver)
        }
    }

    private func run(
        _ function: FunctionReference, receiver: Atom?, _ arguments: Arguments, at place: Site, _ bind: () -> Void
    ) -> Value {
        let shape = function.definition
        let outer = frame
        let outerLoops = loops
        let mark = memory.mark()
        frame = Frame(
            module: shape.module, scope: shape.scope, parent: function.frame, firstCell: memory.newCells(shape.scope.count),
            owner: function.owner, path: function.qualifiedName)
        frame.receiver =
            receiver ?? (function.owner != nil && function.kind == .classMethod ? function.owner.map { .class($0) } : nil)
        loops = []
        let isGenerator = shape.scope.hasYield
        let yields = isGenerator ? newObject(.iterator, at: place, .sequence(SequenceContent())) : nil
        activations.append(Activation(function: function, arguments: arguments, frame: frame, mark: mark, yields: yields))
        bind()
        if frame.receiver == nil, function.owner != nil, let first = shape.positional.first, let cell = frame.cell(first.symbol) {
            frame.receiver = memory.value(cell).only
        }
        let outcome: Outcome
        if shape.isLambda, let body = shape.body.first {
            let value = evaluate(body)
            activations[activations.count - 1].result.join(value)
            outcome = .goesOn
        } else {
            outcome = run(shape.body)
        }
        let activation = activations.removeLast()
        frame = outer
        loops = outerLoops
        var result = activation.result
        if outcome == .goesOn, !shape.isLambda { result.join(Value(.none, Evidence(function.site))) }
        if let dead = activation.frame.ownCells { memory.forget(dead, since: mark) }
        if activation.returns.isEmpty {
            memory.keep(mark)
        } else {
            let changes = memory.takeBack(mark)
            memory.join(activation.returns + (outcome == .goesOn ? [changes] : []))
        }
        if let yields {
            keep(result, as: Self.returnName, in: yields)
            result = Value(.object(yields), Evidence(place))
        } else if shape.isAsync {
            result = Value(.object(newObject(.external(Self.coroutine), at: place, .value(result))), Evidence(place))
        }
        result.taint = result.taint?.moved(to: place)
        return result.isNothing ? .unknown : result
    }

    /// The attribute under which a generator keeps what it returns.
    static var returnName: String { "<return>" }
    /// The type of what a call of an asynchronous function gives.
    static var coroutine: String { "coroutine" }

    private func bindParameters(of function: FunctionReference, _ arguments: Arguments, at place: Site) {
        let shape = function.definition
        var keywords = arguments.keywords
        func takeKeyword(_ name: String) -> Value? {
            guard let index = keywords.firstIndex(where: { $0.name == name }) else { return nil }
            return keywords.remove(at: index).value
        }
        for (number, parameter) in shape.positional.enumerated() {
            let fallback = defaultValue(number, of: function)
            let value: Value
            if number < arguments.positional.count {
                value = arguments.positional[number]
            } else if number >= shape.positionalOnlyCount, let given = takeKeyword(parameter.name) {
                value = given
            } else if !arguments.isFullyKnown {
                value = (fallback ?? .nothing).opened().tainted(
                    by: arguments.restPositional?.taint ?? arguments.restKeywords?.taint)
            } else {
                value = fallback ?? .unknown
            }
            bindParameter(parameter, typed(value, parameter, function))
        }
        for (number, parameter) in shape.keywordOnly.enumerated() {
            let fallback = keywordDefault(number, of: function)
            let value =
                takeKeyword(parameter.name)
                ?? (arguments.restKeywords.map { (fallback ?? .nothing).opened().tainted(by: $0.taint) } ?? fallback ?? .unknown)
            bindParameter(parameter, typed(value, parameter, function))
        }
        if let variable = shape.variable {
            let extra = Array(arguments.positional.dropFirst(shape.positional.count))
            if let rest = arguments.restPositional {
                bindParameter(variable, newSequence(SequenceContent(extra, rest: rest), at: place))
            } else {
                bindParameter(variable, tupleValue(extra, at: place))
            }
        }
        if let rest = shape.keywords {
            var dictionary = DictionaryContent()
            var taint = arguments.restKeywords?.taint
            for (name, value) in keywords {
                dictionary.set(.text(PythonText(name)), value)
                taint.join(value.taint)
            }
            if arguments.restKeywords != nil { dictionary.setSomewhere(.unknown) }
            bindParameter(rest, newDictionary(dictionary, at: place).tainted(by: taint))
        }
    }

    private func bindOpenParameters(of function: FunctionReference, receiver: Value?) {
        let shape = function.definition
        let isOpen = calledOpenly.contains(function.site)
        for (number, parameter) in shape.positional.enumerated() {
            if number == 0, let receiver {
                bindParameter(parameter, receiver)
                continue
            }
            let fallback = defaultValue(number, of: function)
            let value = isOpen ? (fallback ?? .nothing).opened() : fallback ?? .unknown
            bindParameter(parameter, sourceParameter(parameter, typed(value, parameter, function), function))
        }
        for (number, parameter) in shape.keywordOnly.enumerated() {
            let fallback = keywordDefault(number, of: function)
            let value = isOpen ? (fallback ?? .nothing).opened() : fallback ?? .unknown
            bindParameter(parameter, sourceParameter(parameter, typed(value, parameter, function), function))
        }
        for parameter in [shape.variable, shape.keywords].compactMap({ $0 }) {
            bindParameter(parameter, sourceParameter(parameter, .unknown, function))
        }
    }

    private func defaultValue(_ number: Int, of function: FunctionReference) -> Value? {
        let first = function.definition.positional.count - function.defaults.count
        return number >= first && number - first < function.defaults.count ? function.defaults[number - first] : nil
    }

    private func keywordDefault(_ number: Int, of function: FunctionReference) -> Value? {
        function.keywordDefaults.indices.contains(number) ? function.keywordDefaults[number] : nil
    }

    private func bindParameter(_ parameter: FunctionShape.Parameter, _ value: Value) {
        guard let cell = frame.cell(parameter.symbol) else { return }
        var value = value
        let place = site(parameter.node)
        value.taint = value.taint?.moved(to: place)
        memory[cell] = .value(value)
        noteBinding(place, parameter.name, value)
    }

    /// An unknown argument is at least of the class that its annotation names.
    private func typed(_ value: Value, _ parameter: FunctionShape.Parameter, _ function: FunctionReference) -> Value {
        let isMissing = value.only == Atom.none
        guard value.isOpen && value.candidates.isEmpty || isMissing, let annotation = parameter.annotation else { return value }
        let inner = frame
        frame = function.frame
        defer { frame = inner }
        guard let type = Annotations.type(annotation, in: self) else { return value }
        if isMissing {
            // A default of `None` stands for an object of the class that the annotation names.
            if case .object(let id)? = type.candidates.first?.atom, case .external = record(id).kind {
                return type.joined(with: value)
            }
            return value
        }
        // An object of a class of the package is as its constructor makes it; of another one, not even the type is certain.
        if case .object(let id)? = type.only, case .instance = record(id).kind { return type.tainted(by: value.taint) }
        return type.opened().tainted(by: value.taint)
    }
}
