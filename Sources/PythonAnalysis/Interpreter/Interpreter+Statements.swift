import PythonSyntax

extension Interpreter {
    /// Runs statements one after another, up to one that is left for elsewhere.
    func run(_ body: some Sequence<NodeID>) -> Outcome {
        for statement in body where run(statement) == .ends { return .ends }
        return .goesOn
    }

    private func run(_ id: NodeID) -> Outcome {
        steps += 1
        if isExhausted { return .goesOn }
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else {
            notAnalysed[site(id)] = .depth
            return .goesOn
        }
        switch tree.syntax(id) {
        case .expression(let value):
            isLeaving = false
            noteResult(evaluate(value))
            if isLeaving { return .ends }
        case .assign(let targets, let node):
            var value = evaluate(node)
            if tree.kind(node) == .Lambda, case .name(let name, _)? = targets.first.map({ tree.syntax($0) }) {
                value = named(value, module.name(name))
            }
            noteResult(value)
            for target in targets { assign(value, to: target) }
        case .annotatedAssign(let target, let annotation, let value, _): runAnnotated(target, annotation, value)
        case .augmentedAssign(let target, let operation, let value): runAugmented(id, target, operation, value)
        case .typeAlias(let name, _, _): assign(.unknown, to: name)
        case .importing(let names): runImport(names)
        case .importingFrom(let module, let names, let level): runImportFrom(id, module, names, level)
        case .functionDefinition(let function): define(id, function)
        case .classDefinition(let type): define(id, type)
        case .returning(let value): return runReturn(id, value)
        case .raise(let exception, let cause):
            risks += 1
            if let exception { _ = evaluate(exception) }
            if let cause { _ = evaluate(cause) }
            return .ends
        case .breaking:
            if !loops.isEmpty, !isDead {
                loops[loops.count - 1].breaks.append(memory.changes(since: loops[loops.count - 1].mark))
            }
            return .ends
        case .continuing:
            if !loops.isEmpty, !isDead {
                loops[loops.count - 1].continues.append(memory.changes(since: loops[loops.count - 1].iteration))
            }
            return .ends
        case .conditional(let test, let body, let orElse): return runConditional(test, body, orElse)
        case .whileLoop(let test, let body, let orElse): return runWhile(test, body, orElse)
        case .forLoop(let target, let iterable, let body, let orElse, _): return runFor(target, iterable, body, orElse)
        case .with(let items, let body, _):
            var suppresses = false
            for case .withItem(let context, let target) in items.lazy.map({ self.tree.syntax($0) }) {
                let value = evaluate(context)
                suppresses = suppresses || isSuppression(value)
                let entered = enterContext(value, at: site(context))
                if let target { assign(entered, to: target) }
            }
            return suppresses ? runTry(Array(body), handlers: [{ .goesOn }], orElse: [], finally: []) : run(body)
        case .trying(let body, let handlers, let orElse, let finally, _):
            let handlers = handlers.map { handler in { [self] in runHandler(handler) } }
            return runTry(Array(body), handlers: handlers, orElse: Array(orElse), finally: Array(finally))
        case .match(let subject, let cases): return runMatch(subject, cases)
        case .assert(let test, let message):
            _ = evaluate(test)
            narrow(test, holds: true)
            if let message { _ = evaluate(message) }
        case .delete(let targets): for target in targets { delete(target) }
        default: break
        }
        return .goesOn
    }

    static var maximumDepth: Int { 2_000 }

    private func runReturn(_ id: NodeID, _ value: NodeID?) -> Outcome {
        let result = value.map { evaluate($0) } ?? Value(.none, Evidence(site(id)))
        noteReduction(result, at: site(id))
        if !activations.isEmpty, !isDead {
            let last = activations.count - 1
            activations[last].result.join(result)
            activations[last].returns.append(
                memory.changes(since: activations[last].mark, without: activations[last].frame.ownCells))
        }
        return .ends
    }

    private func runAnnotated(_ target: NodeID, _ annotation: NodeID, _ value: NodeID?) {
        if frame.scope.kind != .function { runAnnotation(annotation) }
        if frame.scope.kind == .class, let owner = frame.owner, case .name(let name, _) = tree.syntax(target) {
            let symbol = module.symbol(name)
            if !record(owner).fields.contains(symbol), !isClassVariable(annotation) { record(owner).fields.append(symbol) }
        }
        guard let value else {
            // Nothing is bound, but the annotation says what will be.
            if frame.scope.kind != .class, case .name(let name, _) = tree.syntax(target),
                let type = Annotations.type(annotation, in: self),
                let cell = cell(of: module.symbol(name)), memory.value(cell).isNothing
            {
                memory[cell] = .value(type)
            }
            return
        }
        let result = evaluate(value)
        noteResult(result)
        let isUnknown = result.isOpen && result.candidates.isEmpty
        assign(isUnknown ? (Annotations.type(annotation, in: self) ?? result).tainted(by: result.taint) : result, to: target)
    }

    /// Annotations of modules, classes and parameters are run as they are met (before Python 3.14); only calls in them can do something.
    func runAnnotation(_ node: NodeID) {
        let range: Range<Int> = tree.range(node)
        guard range.count > 3, tree.source.text(range).utf8.contains(UInt8(ascii: "(")) else { return }
        _ = evaluate(node)
    }

    /// Notes whether a statement's value was found, so that it cannot have raised an exception.
    private func noteResult(_ value: Value) {
        isResultKnown =
            !value.isOpen && !value.candidates.isEmpty
            && value.candidates.allSatisfy { candidate in
                if case .object(let id) = candidate.atom, case .external = record(id).kind { return false }
                return true
            }
    }

    /// A lambda under the name that it is bound to.
    private func named(_ value: Value, _ name: String) -> Value {
        guard case .function(let function)? = value.only else { return value }
        let path = frame.path.isEmpty ? name : "\(frame.path).\(name)"
        let renamed = function.with(name: path)
        definitions[renamed.site] = renamed
        return Value(.function(renamed), value.evidence)
    }

    private func isClassVariable(_ annotation: NodeID) -> Bool {
        tree.source.text(tree.range(annotation)).contains("ClassVar")
    }

    private func runAugmented(_ id: NodeID, _ target: NodeID, _ operation: OperatorKind, _ value: NodeID) {
        let place = site(id)
        let before = evaluate(target)
        let operand = evaluate(value)
        // A list is changed in its place, so that others who hold it see it.
        if operation == .Add, let only = before.only, case .object(let list) = only, record(list).kind == .list {
            let added = elements(of: operand)
            memory.editSequence(record(list).contents) { $0.append(contentsOf: added) }
            assign(before, to: target)
        } else if operation == .BitOr, let only = before.only, case .object(let id) = only, record(id).kind == .dictionary,
            let other = operand.only.flatMap(dictionary)
        {
            memory.editDictionary(record(id).contents) { $0.update(with: other) }
            assign(before, to: target)
        } else {
            assign(binary(operation, before, operand, at: place), to: target)
        }
    }

    // MARK: Branches

    /// Runs a branch that another moment may not take. Returns what it changes, or nil where what follows is not reached from it.
    func attempt(_ body: () -> Outcome) -> Memory.Changes? {
        let mark = memory.mark()
        let outer = narrowed
        narrowed = []
        let outcome = body()
        let changes = memory.takeBack(mark)
        lastNarrowed = narrowed
        narrowed = outer
        return outcome == .goesOn ? changes : nil
    }

    /// Runs code that is not reached, for the calls in it.
    func runDead(_ body: () -> Outcome) {
        let wasDead = isDead
        isDead = true
        _ = attempt(body)
        isDead = wasDead
    }

    /// Runs the body of a condition: that of `if __name__ == "__main__"` runs only where the file is the program.
    private func runBody(_ body: NodeList, of test: NodeID) -> Outcome {
        guard reach.phase == .load, isMainTest(test) else { return run(body) }
        let before = reach
        reach.phase = .main
        defer { reach = before }
        return run(body)
    }

    private func isMainTest(_ test: NodeID) -> Bool {
        if case .booleanOperation(.And, let values) = tree.syntax(test) { return values.contains(where: isMainTest) }
        guard case .compare(let left, let operators, let comparators) = tree.syntax(test), operators == [.Eq],
            comparators.count == 1
        else { return false }
        return [left, comparators[0]].contains { node in
            if case .name(let name, _) = tree.syntax(node) { module.name(name) == "__name__" } else { false }
        }
    }

    private func runConditional(_ test: NodeID, _ body: NodeList, _ orElse: NodeList) -> Outcome {
        let isTrue = truth(evaluate(test))
        if let isTrue {
            runDead {
                narrow(test, holds: !isTrue)
                return isTrue ? run(orElse) : runBody(body, of: test)
            }
            if isTrue { narrow(test, holds: true) }
            return isTrue ? runBody(body, of: test) : run(orElse)
        }
        var first = attempt {
            narrow(test, holds: true)
            return runBody(body, of: test)
        }
        let narrowedFirst = lastNarrowed
        var second = attempt {
            narrow(test, holds: false)
            return run(orElse)
        }
        if first != nil, second != nil {
            // What the condition said of a variable ends with the branches.
            for (cell, value) in narrowedFirst where first?[cell] == .value(value) { first?[cell] = nil }
            for (cell, value) in lastNarrowed where second?[cell] == .value(value) { second?[cell] = nil }
        }
        let branches = [first, second].compactMap { $0 }
        if branches.isEmpty { return .ends }
        memory.join(branches)
        return .goesOn
    }

    /// Runs a `try` statement. A handler begins with what any statement that may have raised an exception had left behind.
    private func runTry(_ body: [NodeID], handlers: [() -> Outcome], orElse: [NodeID], finally: [NodeID]) -> Outcome {
        let mark = memory.mark()
        var moments: [Memory.Changes] = []
        // Without handlers, nobody asks what any statement left behind.
        var outcome = handlers.isEmpty ? run(body) : runTried(body, since: mark, &moments)
        if outcome == .goesOn { outcome = run(orElse) }
        let whole = memory.takeBack(mark)
        var branches = outcome == .goesOn ? [whole] : []
        for handler in handlers {
            if moments.isEmpty {
                runDead(handler)
            } else if let changes = attempt({
                memory.join(moments)
                return handler()
            }) {
                branches.append(changes)
            }
        }
        if branches.isEmpty {
            if handlers.isEmpty { memory.join([whole]) }
            let last = run(finally)
            return last == .goesOn ? .ends : last
        }
        memory.join(branches)
        return run(finally)
    }

    /// Runs statements one after another.
    ///
    /// - Parameter moments: is given what had changed since a mark whenever one of them may have raised an exception.
    private func runTried(_ body: [NodeID], since mark: Memory.Mark, _ moments: inout [Memory.Changes]) -> Outcome {
        for statement in body {
            let before = memory.changes(since: mark)
            let risksBefore = risks
            isResultKnown = true
            let outcome = run(CollectionOfOne(statement))
            if risks != risksBefore { isResultKnown = false }
            switch tree.kind(statement) {
            case .FunctionDef, .AsyncFunctionDef, .ClassDef, .Pass, .Global, .Nonlocal: break
            case .Assign, .AnnAssign:
                if !isResultKnown { moments.append(before) }
            case .Expr:
                if !isResultKnown { moments += [before, memory.changes(since: mark)] }
            case .Import, .ImportFrom, .AugAssign, .Assert, .Delete, .Return: moments.append(before)
            default: moments += [before, memory.changes(since: mark)]
            }
            if outcome == .ends { return .ends }
        }
        return .goesOn
    }

    private func runHandler(_ id: NodeID) -> Outcome {
        guard case .exceptHandler(let type, let name, let body) = tree.syntax(id) else { return .goesOn }
        if let type { _ = evaluate(type) }
        if let name, let cell = cell(of: module.symbol(name)) { memory[cell] = .value(.unknown) }
        return run(body)
    }

    private func isSuppression(_ value: Value) -> Bool {
        if case .object(let id)? = value.only, record(id).kind == .external("contextlib.suppress") { return true }
        return false
    }

    private func runMatch(_ subject: NodeID, _ cases: NodeList) -> Outcome {
        let value = evaluate(subject)
        var branches: [Memory.Changes] = []
        var isDecided = false
        for case .matchCase(let pattern, let condition, let body) in cases.lazy.map({ self.tree.syntax($0) }) {
            var matches: Bool? = false
            let branch: () -> Outcome = { [self] in
                matches = match(value, pattern)
                if matches != false, let condition {
                    let holds = truth(evaluate(condition))
                    matches = holds == false ? false : matches == true && holds == true ? true : nil
                }
                return matches == false ? .ends : run(body)
            }
            if isDecided {
                runDead(branch)
                continue
            }
            if let changes = attempt(branch) { branches.append(changes) }
            if matches == true { isDecided = true }
        }
        if !isDecided { branches.append([:]) }
        if branches.isEmpty { return .ends }
        memory.join(branches)
        return .goesOn
    }

    // MARK: Loops

    private static var unrolledRounds: Int { 4_096 }
    private var unrolledSteps: Int { (isFrugal ? 200 : 8_000) * options.effort }

    private func runFor(_ target: NodeID, _ iterable: NodeID, _ body: NodeList, _ orElse: NodeList) -> Outcome {
        let value = evaluate(iterable)
        if case .object(let list)? = value.only, record(list).kind == .list,
            memory.sequence(record(list).contents)?.isExact == true
        {
            return runFor(target, list, body, orElse)
        }
        let members = elements(of: value, at: site(iterable))
        guard members.isExact, members.elements.count <= Self.unrolledRounds, !isExhausted else {
            let member = members.anyMember
            return repeatOpenly(orElse) {
                assign(member, to: target)
                return run(body)
            }
        }
        var waiting = members.elements[...]
        let limit = steps + unrolledSteps
        var isKnown = true
        return unroll(body, orElse, isOpenAfter: { !isKnown }) { () -> Outcome? in
            if steps > limit || hasManyWaysOut { isKnown = false }
            guard isKnown, let next = waiting.popFirst() else { return nil }
            assign(next, to: target)
            return run(body)
        } open: { [self] in
            assign(SequenceContent(Array(waiting)).anyMember, to: target)
            return run(body)
        }
    }

    /// Whether the loop at hand was left in so many ways that each further round would cost as much as all before.
    private var hasManyWaysOut: Bool {
        (loops.last?.breaks.count ?? 0) + (activations.last?.returns.count ?? 0) > 24
    }

    /// Runs a loop over a list, which may grow meanwhile.
    private func runFor(_ target: NodeID, _ list: ObjectID, _ body: NodeList, _ orElse: NodeList) -> Outcome {
        let cell = record(list).contents
        var index = 0
        let limit = steps + unrolledSteps
        func isKnown() -> Bool {
            memory.sequence(cell)?.isExact == true && index < Self.unrolledRounds && steps < limit && !isExhausted
                && !hasManyWaysOut
        }
        return unroll(body, orElse, isOpenAfter: { !isKnown() }) { () -> Outcome? in
            guard isKnown(), let members = memory.sequence(cell), index < members.elements.count else { return nil }
            index += 1
            assign(members.elements[index - 1], to: target)
            return run(body)
        } open: { [self] in
            assign(memory.sequence(cell)?.anyMember.opened() ?? .unknown, to: target)
            return run(body)
        }
    }

    private func runWhile(_ test: NodeID, _ body: NodeList, _ orElse: NodeList) -> Outcome {
        var isKnown = true
        let limit = steps + unrolledSteps
        // As long as the condition is known to hold, round by round; from there on any number of rounds.
        var outcome = Outcome.goesOn
        if truth(evaluate(test)) != nil {
            outcome = unroll(body, orElse, isOpenAfter: { !isKnown }) { () -> Outcome? in
                switch truth(evaluate(test)) {
                case true? where steps < limit && !isExhausted && !hasManyWaysOut: return run(body)
                case false?: return nil
                default:
                    isKnown = false
                    return nil
                }
            } open: { [self] in
                narrow(test, holds: true)
                return run(body)
            }
            return outcome
        }
        return repeatOpenly(orElse) {
            _ = evaluate(test)
            narrow(test, holds: true)
            return run(body)
        }
    }

    /// Runs rounds one after another until there is none left (nil).
    ///
    /// - Parameter body: the loop's body; a round is taken back for `continue` only where there is one.
    private func unroll(
        _ body: NodeList, _ orElse: NodeList, isOpenAfter: () -> Bool = { false }, _ round: () -> Outcome?,
        open: (() -> Outcome)? = nil
    ) -> Outcome {
        let mark = memory.mark()
        loops.append(LoopContext(mark: mark, iteration: mark))
        let level = loops.count - 1
        var isReached = true
        let continues = hasContinue(body)
        while isReached {
            guard continues else {
                guard let outcome = round() else { break }
                isReached = outcome == .goesOn
                continue
            }
            let iteration = memory.mark()
            loops[level].iteration = iteration
            loops[level].continues = []
            guard let outcome = round() else {
                memory.keep(iteration)
                break
            }
            if loops[level].continues.isEmpty {
                memory.keep(iteration)
                isReached = outcome == .goesOn
            } else {
                let changes = memory.takeBack(iteration)
                memory.join(loops[level].continues + (outcome == .goesOn ? [changes] : []))
            }
        }
        var after: Outcome = isReached ? .goesOn : .ends
        if isReached, isOpenAfter(), let open { after = rounds(level, open) }
        let breaks = loops[level].breaks
        loops.removeLast()
        if after == .goesOn { after = run(orElse) }
        return leave(mark, after, breaks)
    }

    /// Whether a loop's body goes on to the next round before its end.
    private func hasContinue(_ body: NodeList) -> Bool {
        struct Finder: SyntaxVisitor {
            var isFound = false

            mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
                switch tree.kind(id) {
                case .Continue:
                    isFound = true
                    return false
                case .For, .AsyncFor, .While, .FunctionDef, .AsyncFunctionDef, .ClassDef: return false
                default: return !isFound
                }
            }
        }
        guard let first = body.first else { return false }
        let key = Site(module: module.index, node: first)
        if let known = continuing[key] { return known }
        var finder = Finder()
        for statement in body { tree.walk(&finder, from: statement) }
        continuing[key] = finder.isFound
        return finder.isFound
    }

    /// Runs a body any number of times, also none.
    private func repeatOpenly(_ orElse: NodeList, _ body: () -> Outcome) -> Outcome {
        let mark = memory.mark()
        loops.append(LoopContext(mark: mark, iteration: mark))
        let level = loops.count - 1
        _ = rounds(level, body)
        let breaks = loops[level].breaks
        loops.removeLast()
        return leave(mark, run(orElse), breaks)
    }

    /// Runs a body until it changes nothing any more. What is still computed anew in the second round can be anything from then on; values
    /// that only move from one variable to another get some rounds more.
    private func rounds(_ level: Int, _ body: () -> Outcome) -> Outcome {
        openLoops += 1
        defer { openLoops -= 1 }
        // Loops within loops would multiply their rounds.
        let patience = openLoops > 1 || isFrugal ? 0 : 1
        for round in 0..<8 {
            let iteration = memory.mark()
            loops[level].iteration = iteration
            loops[level].continues = []
            let outcome = body()
            let changes = memory.takeBack(iteration)
            var changed: [CellID] = []
            for branch in loops[level].continues + (outcome == .goesOn ? [changes] : []) { changed += memory.allow(branch) }
            if changed.isEmpty { break }
            if round >= patience { memory.widen(round < 6 && patience > 0 ? changed.filter(isComputed) : changed) }
        }
        return .goesOn
    }

    /// Whether a cell has a value that an operation made, of which there may be ever more.
    private func isComputed(_ cell: CellID) -> Bool {
        guard case .value(let value) = memory[cell] else { return true }
        return value.candidates.contains { candidate in
            guard candidate.atom.isConstant, let place = candidate.evidence.origin else { return false }
            switch modules[Int(place.module)].tree.kind(place.node) {
            case .Constant: return false
            default: return true
            }
        }
    }

    private func leave(_ mark: Memory.Mark, _ outcome: Outcome, _ breaks: [Memory.Changes]) -> Outcome {
        if breaks.isEmpty {
            memory.keep(mark)
            return outcome
        }
        let changes = memory.takeBack(mark)
        memory.join((outcome == .goesOn ? [changes] : []) + breaks)
        return .goesOn
    }

    // MARK: Contexts

    /// What `with` binds.
    private func enterContext(_ value: Value, at place: Site) -> Value {
        each(value) { candidate in
            guard case .object(let id) = candidate.atom else { return .unknown }
            switch record(id).kind {
            case .instance:
                guard
                    let enter = attributeIfAny("__enter__", of: candidate.atom, at: place)
                        ?? attributeIfAny(
                            "__aenter__", of: candidate.atom, at: place)
                else { return Value(candidate.atom, candidate.evidence) }
                return call(enter, Arguments(), at: place)
            case .iterator: return sequence(candidate.atom)?.elements.first ?? sequence(candidate.atom)?.anyMember ?? .unknown
            default: return Value(candidate.atom, candidate.evidence)
            }
        }
    }

    // MARK: What a condition says

    /// Leaves of a variable's candidates those with which a condition holds, or does not.
    func narrow(_ test: NodeID, holds: Bool) {
        switch tree.syntax(test) {
        case .unaryOperation(.Not, let operand): narrow(operand, holds: !holds)
        case .booleanOperation(let operation, let values):
            guard (operation == .And) == holds else { return }
            for value in values { narrow(value, holds: holds) }
        case .name(let name, _): narrow(name) { self.truth($0) != !holds }
        case .call(let function, let arguments, _) where arguments.count == 2:
            guard case .name(let name, _) = tree.syntax(arguments[0]),
                case .external("isinstance")? = evaluateQuietly(function).only
            else { return }
            narrow(name, toInstancesOf: arguments[1], holds: holds)
        case .compare(let left, let operators, let comparators) where operators.count == 1:
            guard case .name(let name, _) = tree.syntax(left) else { return }
            let other = evaluateQuietly(comparators[0])
            switch operators[0] {
            case .Eq, .Is: narrow(name, to: other, isSame: holds)
            case .NotEq, .IsNot: narrow(name, to: other, isSame: !holds)
            case .In where holds:
                let members = elements(of: other)
                if members.isExact { narrow(name, to: members.anyMember, isSame: true) }
            default: return
            }
        default: return
        }
    }

    private func narrow(_ name: Identifier, _ isPossible: (Atom) -> Bool) {
        guard let cell = cell(of: module.symbol(name)) else { return }
        let value = memory.value(cell)
        let rest = value.filtered(isPossible)
        if rest.candidates.count < value.candidates.count, !rest.isNothing { setNarrowed(cell, rest) }
        // Where the condition cannot hold, whoever comes there has something else.
        if isDead, rest.isNothing { setNarrowed(cell, .unknown) }
    }

    private func narrow(_ name: Identifier, toInstancesOf type: NodeID, holds: Bool) {
        guard let cell = cell(of: module.symbol(name)) else { return }
        let value = memory.value(cell)
        if value.isOpen, value.candidates.isEmpty {
            if holds, let instance = Annotations.type(type, in: self) {
                setNarrowed(cell, instance.opened().tainted(by: value.taint))
            }
        } else if let only = evaluateQuietly(type).only {
            narrow(name) { TypeTests.isInstance($0, of: only, in: self) != !holds }
        }
    }

    private func narrow(_ name: Identifier, to other: Value, isSame: Bool) {
        guard let cell = cell(of: module.symbol(name)) else { return }
        if isSame {
            guard !other.isOpen, !other.candidates.isEmpty, other.candidates.allSatisfy({ $0.atom.isConstant }) else { return }
            let value = memory.value(cell)
            if value.isOpen {
                setNarrowed(cell, other.tainted(by: value.taint))
            } else {
                narrow(name) { atom in other.candidates.contains { $0.atom == atom } }
            }
        } else if let only = other.only, only.isConstant {
            narrow(name) { $0 != only }
        }
    }

    private func setNarrowed(_ cell: CellID, _ value: Value) {
        memory[cell] = .value(value)
        narrowed.append((cell, value))
    }

    // MARK: Deletion

    private func delete(_ target: NodeID) {
        switch tree.syntax(target) {
        case .name(let name, _): if let cell = cell(of: module.symbol(name)) { memory[cell] = .value(.nothing) }
        case .tuple(let members, _), .list(let members, _): for member in members { delete(member) }
        case .subscript(let value, let slice, _):
            let container = evaluate(value)
            let key = evaluate(slice)
            for atom in container.atoms { deleteItem(key, of: atom) }
        case .attribute(let value, let name, _):
            for atom in evaluate(value).atoms {
                if case .object(let id) = atom { keep(.nothing, as: module.name(name), in: id) }
            }
        default: break
        }
    }
}
