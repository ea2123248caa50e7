import PythonSyntax

extension Interpreter {
    /// Marks a value that is itself a source: a name or attribute such as `os.environ`.
    func source(_ value: Value, at place: Site) -> Value {
        guard !options.flows.sources.isEmpty else { return value }
        var value = value
        for candidate in value.candidates {
            guard case .external(let name) = candidate.atom else { continue }
            for source in valueSources.matches(name) { value = value.tainted(by: Taint(source: source, at: place)) }
        }
        return value
    }

    /// Marks the result of a call that is a source.
    func sourceResult(_ value: Value, of callee: Value, _ text: @autoclosure () -> String, at place: Site) -> Value {
        guard !options.flows.sources.isEmpty else { return value }
        var names = callee.atoms.compactMap(fullName)
        if names.isEmpty { names = [text()] }
        var value = value
        for source in Set(names.flatMap(callSources.matches)).sorted() {
            value = value.tainted(by: Taint(source: source, at: place))
        }
        return value
    }

    /// Marks a parameter that is a source.
    func sourceParameter(_ parameter: FunctionShape.Parameter, _ value: Value, _ function: FunctionReference) -> Value {
        guard !options.flows.sources.isEmpty else { return value }
        var value = value
        let name = "\(function.qualifiedName).\(parameter.name)"
        for source in parameterSources.matches(name) {
            value = value.tainted(by: Taint(source: source, at: Site(module: function.site.module, node: parameter.node)))
        }
        return value
    }

    /// Notes which sources reach the arguments of a call.
    func checkSinks(_ place: Site, _ names: [String], _ arguments: Arguments, unresolved: Bool) {
        guard !options.flows.sinks.isEmpty, !isDead else { return }
        let names = unresolved ? [calleeText(place)] : names
        for index in Set(names.flatMap(sinks.matches)).sorted() {
            let sink = options.flows.sinks[index]
            let matching = names.filter(sink.name.matches)
            func check(_ value: Value?, _ argument: DataFlow.Argument) {
                guard let value, sink.takes(argument), let taint = deepTaint(value) else { return }
                for way in taint.ways {
                    let record = FlowRecord(
                        source: way.source, sink: index, origin: way.origin, place: place, argument: argument, names: matching,
                        way: way.sites, reach: reach)
                    if flows.count < 10_000, knownFlows.insert(record).inserted { flows.append(record) }
                }
            }
            for (position, value) in arguments.positional.enumerated() { check(value, .position(position)) }
            for (name, value) in arguments.keywords { check(value, .keyword(name)) }
            check(arguments.restPositional, .rest)
            check(arguments.restKeywords, .rest)
        }
    }

    private func calleeText(_ place: Site) -> String {
        let tree = modules[Int(place.module)].tree
        if case .call(let function, _, _) = tree.syntax(place.node) { return TextOf.line(tree, function) }
        return ""
    }

    /// What has flowed into a value or into what it holds.
    func deepTaint(_ value: Value, depth: Int = 0) -> Taint? {
        var taint = value.taint
        guard depth < 4 else { return taint }
        for candidate in value.candidates.prefix(8) {
            switch candidate.atom {
            case .tuple(let members): for member in members.prefix(256) { taint.join(deepTaint(member, depth: depth + 1)) }
            case .object(let id):
                switch memory[record(id).contents] {
                case .value(let value): taint.join(value.taint)
                case .sequence(let members):
                    for member in members.elements.prefix(256) { taint.join(deepTaint(member, depth: depth + 1)) }
                    if let rest = members.rest { taint.join(deepTaint(rest, depth: depth + 1)) }
                case .dictionary(let dictionary):
                    for entry in dictionary.entries.prefix(256) { taint.join(deepTaint(entry.value, depth: depth + 1)) }
                    taint.join(dictionary.rest?.taint)
                }
                for cell in record(id).attributes.values.sorted().prefix(64) {
                    taint.join(deepTaint(memory.value(cell), depth: depth + 1))
                }
            default: break
            }
        }
        return taint
    }
}
