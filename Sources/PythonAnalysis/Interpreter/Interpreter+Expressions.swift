import PythonSyntax

extension Interpreter {
    /// What an expression can be.
    func evaluate(_ id: NodeID) -> Value {
        steps += 1
        if isExhausted { return .unknown }
        depth += 1
        defer { depth -= 1 }
        let place = site(id)
        guard depth < Self.maximumDepth else {
            notAnalysed[place] = .depth
            return .unknown
        }
        switch tree.syntax(id) {
        case .constant: return literal(id)
        case .name(let name, _): return source(value(of: module.symbol(name), at: place), at: place)
        case .attribute(let object, let name, _):
            return source(attribute(module.name(name), of: evaluate(object), at: place), at: place)
        case .call(let function, let arguments, let keywords): return evaluateCall(id, function, arguments, keywords)
        case .subscript(let object, let slice, _):
            return source(item(evaluate(slice), of: evaluate(object), at: place), at: place)
        case .slice(let lower, let upper, let step):
            func part(_ node: NodeID?) -> Value { node.map { evaluate($0) } ?? Value(.none) }
            return Value(.slice(part(lower), part(upper), part(step)), Evidence(place))
        case .binaryOperation: return evaluateChain(id)
        case .unaryOperation(let operation, let operand):
            let value = evaluate(operand)
            if operation == .Not { return lift([value], at: place) { atoms in self.truth(atoms[0]).map { .bool(!$0) } } }
            return lift([value], at: place) { Arithmetic.unary(operation, $0[0]) }
        case .booleanOperation(let operation, let values): return evaluateBoolean(operation, values)
        case .compare(let left, let operators, let comparators): return evaluateCompare(left, operators, comparators, at: place)
        case .conditionalExpression(let test, let body, let orElse): return evaluateConditional(test, body, orElse)
        case .namedExpression(let target, let value):
            let value = evaluate(value)
            assign(value, to: target)
            return value
        case .joinedString(let parts), .templateString(let parts): return evaluateFormatted(parts, at: place)
        case .tuple(let members, _):
            let members = sequence(of: members)
            if !members.isExact { return newSequence(members, at: place) }
            return tupleValue(members.elements, at: place)
        case .list(let members, _): return newSequence(sequence(of: members), at: place)
        case .set(let members): return newSequence(unique(sequence(of: members)), at: place, kind: .set)
        case .dictionary(let keys, let values): return evaluateDictionary(keys, values, at: place)
        case .listComprehension(let element, let generators):
            return newSequence(comprehend(id, element, generators), at: place)
        case .setComprehension(let element, let generators):
            return newSequence(unique(comprehend(id, element, generators)), at: place, kind: .set)
        case .generatorExpression(let element, let generators):
            return newSequence(comprehend(id, element, generators), at: place, kind: .iterator)
        case .dictionaryComprehension(let key, let value, let generators):
            return comprehendDictionary(id, key, value, generators, at: place)
        case .lambda: return Value(.function(reference(to: id, named: "<lambda>")), Evidence(place))
        case .await(let inner): return awaited(evaluate(inner))
        case .starred(let inner, _): return evaluate(inner)
        case .yield(let inner):
            let value = inner.map { evaluate($0) } ?? Value(.none)
            emit { $0.append(value) }
            return .unknown
        case .yieldFrom(let inner):
            let iterator = evaluate(inner)
            let members = elements(of: iterator, at: place)
            emit { $0.append(contentsOf: members) }
            guard case .object(let id)? = iterator.only else { return .unknown }
            return kept(Self.returnName, in: id) ?? .unknown
        default: return .unknown
        }
    }

    /// What waiting for something gives; a thing that is no coroutine gives itself.
    func awaited(_ value: Value) -> Value {
        each(value) { candidate in
            if case .object(let id) = candidate.atom, record(id).kind == .external(Self.coroutine) {
                return memory.value(record(id).contents)
            }
            return Value(candidate.atom, candidate.evidence)
        }
    }

    /// Evaluates what has no effects; anything else is unknown.
    func evaluateQuietly(_ id: NodeID) -> Value {
        switch tree.kind(id) {
        case .Constant, .Name, .Attribute, .UnaryOp: return evaluate(id)
        case .Tuple, .List, .Set:
            return tree.children(id).allSatisfy { tree.kind($0) == .Constant || tree.kind($0) == .Name } ? evaluate(id) : .unknown
        default: return .unknown
        }
    }

    private func emit(_ change: (inout SequenceContent) -> Void) {
        guard let iterator = activations.last?.yields else { return }
        memory.editSequence(record(iterator).contents, change)
    }

    // MARK: Constants

    private func literal(_ id: NodeID) -> Value {
        PythonConstant(tree.literal(id)).map { thaw($0, at: site(id)) } ?? .unknown
    }

    private func evaluateFormatted(_ parts: NodeList, at place: Site) -> Value {
        var values: [Value] = []
        for part in parts {
            switch tree.syntax(part) {
            case .formattedValue(let inner, let conversion, let format), .interpolation(let inner, _, let conversion, let format):
                let value = evaluate(inner)
                let specification = format.map { evaluate($0) } ?? Value(.text(PythonText("")))
                values.append(text(of: value, conversion: conversion, specification, at: place))
            default: values.append(evaluate(part))
            }
        }
        return concatenate(values, at: place)
    }

    /// Texts one after another; what is not known of them leaves a gap.
    func concatenate(_ values: [Value], at place: Site) -> Value {
        if values.isEmpty { return Value(.text(PythonText("")), Evidence(place)) }
        return lift(values.map(\.orGap), at: place) { Arithmetic.concatenated($0) }
    }

    // MARK: Operations

    /// A chain of operators that lean left may be of any length.
    private func evaluateChain(_ id: NodeID) -> Value {
        var spine: [(node: NodeID, operation: OperatorKind, right: NodeID)] = []
        var first = id
        while case .binaryOperation(let left, let operation, let right) = tree.syntax(first) {
            spine.append((first, operation, right))
            first = left
        }
        var value = evaluate(first)
        for (node, operation, right) in spine.reversed() {
            value = binary(operation, value, evaluate(right), at: site(node))
        }
        return value
    }

    func binary(_ operation: OperatorKind, _ left: Value, _ right: Value, at place: Site) -> Value {
        switch operation {
        case .Add where Arithmetic.isText(left) || Arithmetic.isText(right):
            // A text and something unknown is a text with a gap.
            if left.candidates.isEmpty || right.candidates.isEmpty { return concatenate([left, right], at: place) }
        case .Mod where Arithmetic.isText(left): return formatPercent(left, right, at: place)
        default: break
        }
        let left = plainMembers(left)
        let right = plainMembers(right)
        let results = lift([left, right], at: place) { atoms in
            if let constant = Arithmetic.binary(operation, atoms[0], atoms[1]) { return constant }
            return self.containerOperation(operation, atoms[0], atoms[1], at: place)
        }
        // An operator that one of the files defines.
        if results.candidates.isEmpty, let name = Arithmetic.methodName(operation) {
            if let result = callOperator("__\(name)__", of: left, with: right, at: place) { return result }
            if let result = callOperator("__r\(name)__", of: right, with: left, at: place) { return result }
        }
        return results
    }

    private func callOperator(_ name: String, of value: Value, with other: Value, at place: Site) -> Value? {
        guard let only = value.only, case .object(let id) = only, case .instance(let type) = record(id).kind,
            case .function(let function)? = method(name, of: type)?.only
        else { return nil }
        return enter(function, receiver: only, Arguments(positional: [other]), at: place)
    }

    /// Members of an enumeration of texts as these texts.
    private func plainMembers(_ value: Value) -> Value {
        guard value.candidates.contains(where: { if case .object(let id) = $0.atom { textValue(of: id) != nil } else { false } })
        else {
            return value
        }
        return each(value) { candidate in
            if case .object(let id) = candidate.atom, let text = textValue(of: id) { return Value(text, candidate.evidence) }
            return Value(candidate.atom, candidate.evidence)
        }
    }

    /// `+`, `*`, `|`, `&`, `-` and `^` of lists, sets and dictionaries.
    private func containerOperation(_ operation: OperatorKind, _ left: Atom, _ right: Atom, at place: Site) -> Atom? {
        switch (operation, left, right) {
        case (.Add, .object, .object), (.BitOr, .object, .object), (.BitAnd, .object, .object), (.Sub, .object, .object),
            (.BitXor, .object, .object):
            if operation == .BitOr, let first = dictionary(left), let second = dictionary(right) {
                var merged = first
                merged.update(with: second)
                return newDictionary(merged, at: place).only
            }
            guard case .object(let id) = left, let first = sequence(left), let second = sequence(right) else { return nil }
            let kind = record(id).kind
            if operation == .Add {
                var joined = first
                joined.append(contentsOf: second)
                return newSequence(joined, at: place, kind: kind).only
            }
            guard kind == .set, first.isExact, second.isExact else { return nil }
            let theirs = second.elements
            switch operation {
            case .BitOr:
                var joined = first
                joined.append(contentsOf: second)
                return newSequence(unique(joined), at: place, kind: .set).only
            case .BitAnd: return newList(first.elements.filter { theirs.contains($0) }, at: place, kind: .set).only
            case .Sub: return newList(first.elements.filter { !theirs.contains($0) }, at: place, kind: .set).only
            case .BitXor:
                let mine = first.elements
                return newList(mine.filter { !theirs.contains($0) } + theirs.filter { !mine.contains($0) }, at: place, kind: .set)
                    .only
            default: return nil
            }
        case (.Mult, .object(let id), .int(let count)), (.Mult, .int(let count), .object(let id)):
            guard let members = memory.sequence(record(id).contents), members.isExact else { return nil }
            guard count <= 4_096, members.elements.count * max(0, count) <= 4_096 else {
                return newSequence(SequenceContent(rest: members.anyMember), at: place).only
            }
            return newList(Array(repeating: members.elements, count: max(0, count)).flatMap { $0 }, at: place).only
        default: return nil
        }
    }

    private func evaluateBoolean(_ operation: OperatorKind, _ values: NodeList) -> Value {
        let stops = operation == .Or
        var result = Value.nothing
        for (number, node) in values.enumerated() {
            let value = evaluate(node)
            if number == values.count - 1 { return result.joined(with: value) }
            if stops, value.isOpen, let last = lastOfConjunction(node), truth(last) == true {
                // `a and "x" or "y"`: where `a` does not hold, the whole is what follows.
                result.join(last)
                continue
            }
            switch truth(value) {
            case stops?: return result.joined(with: value)
            case nil: result.join(value.filtered { self.truth($0) != !stops })
            default: break
            }
        }
        return result
    }

    private func lastOfConjunction(_ id: NodeID) -> Value? {
        guard case .booleanOperation(.And, let values) = tree.syntax(id), let last = values.last else { return nil }
        return evaluateQuietly(last)
    }

    private func evaluateCompare(_ left: NodeID, _ operators: [OperatorKind], _ comparators: NodeList, at place: Site) -> Value {
        var value = evaluate(left)
        var result = Value(.bool(true), Evidence(place))
        for (operation, node) in zip(operators, comparators) {
            let other = evaluate(node)
            var answer = lift([value, other], at: place) { self.compare(operation, $0[0], $0[1]).map { .bool($0) } }
            if answer.candidates.isEmpty {
                switch operation {
                case .Eq: answer = callOperator("__eq__", of: value, with: other, at: place) ?? answer
                case .In: answer = callOperator("__contains__", of: other, with: value, at: place) ?? answer
                default: break
                }
            }
            result = lift([result, answer], at: place) { atoms in
                if case .bool(let a) = atoms[0], case .bool(let b) = atoms[1] { return .bool(a && b) }
                return nil
            }
            if truth(answer) == false { return Value(.bool(false), Evidence(place)) }
            value = other
        }
        return result
    }

    private func compare(_ operation: OperatorKind, _ left: Atom, _ right: Atom) -> Bool? {
        switch operation {
        case .In, .NotIn:
            guard let isMember = isMember(left, of: right) else { return nil }
            return operation == .In ? isMember : !isMember
        case .Is, .IsNot:
            guard isComparable(left), isComparable(right) else { return nil }
            return operation == .Is ? left == right : left != right
        default:
            if let a = constant(of: left), let b = constant(of: right) { return Arithmetic.compare(operation, a, b) }
            return nil
        }
    }

    private func isComparable(_ atom: Atom) -> Bool {
        switch atom {
        case .external, .method, .template: false
        case .object(let id): if case .external = record(id).kind { false } else { true }
        default: true
        }
    }

    private func isMember(_ atom: Atom, of container: Atom) -> Bool? {
        switch (atom, container) {
        case (.text(let part), .text(let whole)): return part.string.isEmpty || whole.string.contains(part.string)
        case (_, .tuple(let members)): return isMember(atom, of: SequenceContent(members))
        case (_, .object):
            if let dictionary = dictionary(container) {
                guard atom.isConstant else { return nil }
                if let entry = dictionary[atom] { return entry.isCertain ? true : nil }
                return dictionary.isExact ? false : nil
            }
            return sequence(container).flatMap { isMember(atom, of: $0) }
        default: return nil
        }
    }

    private func isMember(_ atom: Atom, of sequence: SequenceContent) -> Bool? {
        guard sequence.isExact, let sought = constant(of: atom) else { return nil }
        let isFound = sequence.elements.contains { element in
            element.only.flatMap(constant).map { Arithmetic.compare(.Eq, $0, sought) == true } ?? false
        }
        if isFound { return true }
        return sequence.elements.allSatisfy { $0.only?.isConstant == true } ? false : nil
    }

    private func evaluateConditional(_ test: NodeID, _ body: NodeID, _ orElse: NodeID) -> Value {
        switch truth(evaluate(test)) {
        case true?:
            runDead {
                _ = evaluate(orElse)
                return .goesOn
            }
            return evaluate(body)
        case false?:
            runDead {
                _ = evaluate(body)
                return .goesOn
            }
            return evaluate(orElse)
        case nil:
            var result = Value.nothing
            let first = attempt {
                narrow(test, holds: true)
                result.join(evaluate(body))
                return .goesOn
            }
            let second = attempt {
                narrow(test, holds: false)
                result.join(evaluate(orElse))
                return .goesOn
            }
            memory.join([first, second].compactMap { $0 })
            return result
        }
    }

    // MARK: Truth

    /// Whether a value counts as true; nil where it may or may not.
    func truth(_ value: Value) -> Bool? {
        guard !value.isOpen, let first = value.candidates.first, let answer = truth(first.atom) else { return nil }
        return value.candidates.dropFirst().allSatisfy { truth($0.atom) == answer } ? answer : nil
    }

    func truth(_ atom: Atom) -> Bool? {
        switch atom {
        case .none: return false
        case .bool(let value): return value
        case .int(let value): return value != 0
        case .float(let value): return value != 0
        case .text(let text): return !text.string.isEmpty
        case .bytes(let bytes): return !bytes.isEmpty
        case .template(let parts): return parts.contains { $0?.isEmpty == false } ? true : nil
        case .tuple(let members): return !members.isEmpty
        case .object(let id):
            switch record(id).kind {
            case .list, .set:
                guard let members = memory.sequence(record(id).contents), members.isExact else { return nil }
                return !members.elements.isEmpty
            case .dictionary:
                guard let dictionary = memory.dictionary(record(id).contents) else { return nil }
                if dictionary.entries.contains(where: \.isCertain) { return true }
                return dictionary.isExact ? false : nil
            case .iterator: return true
            case .byteArray: return byteArray(id).map { !$0.isEmpty }
            case .instance(let type):
                if let value = textValue(of: id) { return truth(value) }
                let hasOwn =
                    ["__bool__", "__len__"].contains { method($0, of: type) != nil } || !record(type).externalBases.isEmpty
                return hasOwn ? nil : true
            case .external: return nil
            }
        case .external, .method: return nil
        case .slice, .largeInt, .ellipsis, .path, .function, .bound, .class, .module, .partial, .parent: return true
        }
    }

    // MARK: Containers

    /// The members of a display, with those of `*x` in their places.
    private func sequence(of nodes: NodeList) -> SequenceContent {
        var members = SequenceContent()
        for node in nodes {
            if case .starred(let inner, _) = tree.syntax(node) {
                members.append(contentsOf: elements(of: evaluate(inner), at: site(node)))
            } else {
                members.append(evaluate(node))
            }
        }
        return members
    }

    func tupleValue(_ members: [Value], at place: Site) -> Value {
        var taint: Taint?
        for member in members { taint.join(member.taint) }
        return Value(.tuple(members), Evidence(place)).tainted(by: taint)
    }

    func unique(_ sequence: SequenceContent) -> SequenceContent {
        guard sequence.isExact else { return sequence }
        var kept: [Value] = []
        var seen: Set<Atom> = []
        for element in sequence.elements {
            if let only = element.only, only.isConstant, !seen.insert(only).inserted { continue }
            kept.append(element)
        }
        return SequenceContent(kept)
    }

    private func evaluateDictionary(_ keys: NodeList, _ values: NodeList, at place: Site) -> Value {
        var dictionary = DictionaryContent()
        var taint: Taint?
        for (key, node) in zip(keys, values) {
            if key == 0 {
                let other = evaluate(node)
                if let theirs = other.only.flatMap(self.dictionary) {
                    dictionary.update(with: theirs)
                } else {
                    dictionary.setSomewhere(.unknown)
                }
                continue
            }
            let key = evaluate(key)
            let value = evaluate(node)
            taint.join(value.taint)
            if let only = key.only { dictionary.set(only, value) } else { dictionary.setSomewhere(value) }
        }
        return newDictionary(dictionary, at: place).tainted(by: taint)
    }

    /// The members that a loop over a value goes through.
    func elements(of value: Value, at place: Site? = nil) -> SequenceContent {
        var result: SequenceContent?
        for candidate in value.candidates {
            let members = elements(of: candidate.atom, at: place)
            result = result.map { $0.joined(with: members) } ?? members
        }
        if value.isOpen || result == nil {
            return SequenceContent(rest: (result?.anyMember ?? .nothing).opened().tainted(by: value.taint))
        }
        guard let taint = value.taint, let result else { return result ?? SequenceContent(rest: .unknown) }
        return result.isExact
            ? SequenceContent(result.elements.map { $0.tainted(by: taint) })
            : SequenceContent(rest: result.anyMember.tainted(by: taint))
    }

    private func elements(of atom: Atom, at place: Site?) -> SequenceContent {
        let evidence = place.map { Evidence($0) } ?? Evidence()
        switch atom {
        case .tuple(let members): return SequenceContent(members)
        case .text(let text): return SequenceContent(text.scalars.map { Value(.text(PythonText(CollectionOfOne($0))), evidence) })
        case .bytes(let bytes): return SequenceContent(bytes.map { Value(.int(Int($0)), evidence) })
        case .object(let id):
            switch record(id).kind {
            case .dictionary:
                guard let dictionary = memory.dictionary(record(id).contents) else { return SequenceContent(rest: .unknown) }
                let keys = dictionary.entries.map { Value($0.key, evidence) }
                return dictionary.isExact ? SequenceContent(keys) : SequenceContent(keys, rest: .unknown)
            case .instance(let type): return elementsOfInstance(atom, id, type, at: place)
            case .external: return SequenceContent(rest: Value.unknown.tainted(by: memory.value(record(id).contents).taint))
            case .iterator:
                let members = memory.sequence(record(id).contents) ?? SequenceContent(rest: .unknown)
                // Whoever goes through an iterator uses it up.
                if members.isExact { memory.editSequence(record(id).contents) { $0 = SequenceContent() } }
                return members
            default: return memory.sequence(record(id).contents) ?? SequenceContent(rest: .unknown)
            }
        case .class(let id):
            let members = enumMembers(id)
            return members.isEmpty ? SequenceContent(rest: .unknown) : SequenceContent(members)
        default: return SequenceContent(rest: .unknown)
        }
    }

    private func elementsOfInstance(_ atom: Atom, _ id: ObjectID, _ type: ClassID, at place: Site?) -> SequenceContent {
        if let items = kept(Self.itemsName, in: id) { return elements(of: items) }
        // A named tuple is its fields.
        if isNamedTuple(type) {
            return SequenceContent(
                record(type).fields.map { field in record(id).attributes[field].map { memory.value($0) } ?? .unknown })
        }
        guard let place, let iterate = attributeIfAny("__iter__", of: atom, at: place), case .bound? = iterate.only else {
            return SequenceContent(rest: .unknown)
        }
        let members = call(iterate, Arguments(), at: place)
        if members.only == atom { return SequenceContent(rest: .unknown) }
        return elements(of: members)
    }

    // MARK: Comprehensions

    private static var comprehensionRounds: Int { 1 << 16 }

    private func comprehend(_ id: NodeID, _ element: NodeID, _ generators: NodeList) -> SequenceContent {
        var members = SequenceContent()
        comprehend(id, generators) { isCertain in
            let value = evaluate(element)
            if isCertain { members.append(value) } else { members.append(contentsOf: SequenceContent(rest: value)) }
        }
        return members
    }

    private func comprehendDictionary(_ id: NodeID, _ key: NodeID, _ value: NodeID, _ generators: NodeList, at place: Site)
        -> Value
    {
        var dictionary = DictionaryContent()
        comprehend(id, generators) { isCertain in
            let key = evaluate(key)
            let value = evaluate(value)
            if let only = key.only {
                dictionary.set(only, value, isCertain: isCertain)
            } else {
                dictionary.setSomewhere(value)
            }
        }
        return newDictionary(dictionary, at: place)
    }

    /// Goes through the loops of a comprehension, in a scope of its own.
    ///
    /// - Parameter emit: called for each member; with false where it may be there any number of times.
    private func comprehend(_ id: NodeID, _ generators: NodeList, _ emit: (Bool) -> Void) {
        let module = module
        let scope = module.scope(id) {
            let scope = Scope(.comprehension)
            for case .comprehension(let target, _, _, _) in generators.lazy.map({ module.tree.syntax($0) }) {
                for symbol in Scope(.comprehension, body: [target], in: module).slots.keys { scope.bind(symbol) }
            }
            return scope
        }
        guard case .comprehension(_, let first, _, _)? = generators.first.map({ tree.syntax($0) }) else { return }
        let iterable = evaluate(first)
        let outer = frame
        frame = Frame(
            module: module, scope: scope, parent: outer, firstCell: memory.newCells(scope.count), owner: outer.owner,
            path: outer.path)
        let mark = memory.mark()
        go(through: generators[...], iterable, isCertain: true, emit)
        if let dead = frame.ownCells { memory.forget(dead, since: mark) }
        memory.keep(mark)
        frame = outer
    }

    private func go(through generators: Slice<NodeList>, _ iterable: Value?, isCertain: Bool, _ emit: (Bool) -> Void) {
        guard let generator = generators.first,
            case .comprehension(let target, let node, let conditions, _) = tree.syntax(generator)
        else {
            emit(isCertain)
            return
        }
        let members = elements(of: iterable ?? evaluate(node), at: site(node))
        let isUnrolled = members.isExact && members.elements.count <= (isFrugal ? 64 : Self.comprehensionRounds)
        let rounds = isUnrolled ? members.elements : [members.anyMember.isNothing ? .unknown : members.anyMember]
        for member in rounds {
            if isExhausted { return }
            assign(member, to: target)
            var isTaken: Bool? = isCertain && isUnrolled ? true : nil
            for condition in conditions {
                switch truth(evaluate(condition)) {
                case true?: break
                case false?: isTaken = false
                case nil:
                    if isTaken != false { isTaken = nil }
                    narrow(condition, holds: true)
                }
                if isTaken == false { break }
            }
            if isTaken == false { continue }
            go(through: generators.dropFirst(), nil, isCertain: isTaken == true, emit)
        }
    }
}
