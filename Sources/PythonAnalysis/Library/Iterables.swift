import PythonSyntax

/// Built-in functions over things that can be gone through.
enum Iterables {
    private static let longestRange = 1 << 16

    static func range(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        interpreter.lift(arguments.positional, at: place) { atoms in
            var numbers: [Int] = []
            for case .int(let number) in atoms { numbers.append(number) }
            guard numbers.count == atoms.count, (1...3).contains(numbers.count) else { return nil }
            let start = numbers.count == 1 ? 0 : numbers[0]
            let end = numbers.count == 1 ? numbers[0] : numbers[1]
            let by = numbers.count == 3 ? numbers[2] : 1
            let (span, overflow) = end.subtractingReportingOverflow(start)
            guard by != 0, by != .min, !overflow else { return nil }
            let isLong = span.magnitude / by.magnitude > UInt(longestRange)
            let members =
                isLong
                ? SequenceContent(rest: .unknown)
                : SequenceContent(stride(from: start, to: end, by: by).map { Value(.int($0), Evidence(place)) })
            return interpreter.newSequence(members, at: place).only
        }
    }

    /// The attribute under which an endless iterator keeps what it repeats.
    static let cycleName = "<cycle>"

    /// The members of a value; of one that repeats without an end, so many.
    static func column(_ value: Value, atLeast count: Int, at place: Site, in interpreter: Interpreter) -> SequenceContent {
        guard case .object(let id)? = value.only, let repeated = interpreter.kept(cycleName, in: id) else {
            return interpreter.elements(of: value, at: place)
        }
        let members = interpreter.elements(of: repeated)
        guard members.isExact, !members.elements.isEmpty else { return members }
        return SequenceContent((0..<count).map { members.elements[$0 % members.elements.count] })
    }

    /// The columns of a zip; those without an end are as long as the others.
    private static func columns(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> [SequenceContent] {
        if arguments.positional.count > 1, let first = arguments[0]?.only, case .object(let id) = first,
            interpreter.record(id).kind == .iterator, arguments.positional.allSatisfy({ $0.only == first })
        {
            // One iterator, from which each column takes in turn.
            let members = interpreter.elements(of: arguments.positional[0], at: place)
            let width = arguments.positional.count
            guard members.isExact else { return Array(repeating: members, count: width) }
            return (0..<width).map { column in
                SequenceContent(
                    stride(from: column, to: members.elements.count / width * width, by: width).map { members.elements[$0] })
            }
        }
        func isEndless(_ value: Value) -> Bool {
            if case .object(let id)? = value.only { interpreter.kept(cycleName, in: id) != nil } else { false }
        }
        let ended = arguments.positional.map { isEndless($0) ? nil : interpreter.elements(of: $0, at: place) }
        let length = ended.compactMap { $0?.elements.count }.min() ?? 4_096
        return Swift.zip(arguments.positional, ended).map { $1 ?? column($0, atLeast: length, at: place, in: interpreter) }
    }

    static func zip(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        let columns = columns(arguments, at: place, in: interpreter)
        guard let shortest = columns.filter(\.isExact).map(\.elements.count).min(), columns.allSatisfy(\.isExact) else {
            let row = interpreter.tupleValue(columns.map { $0.anyMember.opened() }, at: place)
            return interpreter.newSequence(SequenceContent(rest: row), at: place, kind: .iterator)
        }
        let rows = (0..<shortest).map { row in interpreter.tupleValue(columns.map { $0.elements[row] }, at: place) }
        return interpreter.newList(rows, at: place, kind: .iterator)
    }

    static func enumerate(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let value = arguments[0] else { return nil }
        let members = interpreter.elements(of: value, at: place)
        var first: Int? = 0
        if let given = arguments.argument(1, "start") {
            if case .int(let number)? = given.only { first = number } else { first = nil }
        }
        guard members.isExact, let first else {
            return interpreter.newSequence(
                SequenceContent(rest: interpreter.tupleValue([.unknown, members.anyMember], at: place)), at: place,
                kind: .iterator)
        }
        let rows = members.elements.enumerated().map { number, element in
            interpreter.tupleValue([Value(.int(first + number), Evidence(place)), element], at: place)
        }
        return interpreter.newList(rows, at: place, kind: .iterator)
    }

    static func map(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let function = arguments[0], arguments.positional.count >= 2 else { return nil }
        let columns = arguments.positional.dropFirst().map { interpreter.elements(of: $0, at: place) }
        guard columns.allSatisfy(\.isExact), let count = columns.map(\.elements.count).min(), count <= 4_096 else {
            let result = interpreter.call(function, Arguments(positional: columns.map { $0.anyMember.opened() }), at: place)
            return interpreter.newSequence(SequenceContent(rest: result), at: place, kind: .iterator)
        }
        let results = (0..<count).map { row in
            interpreter.call(function, Arguments(positional: columns.map { $0.elements[row] }), at: place)
        }
        return interpreter.newList(results, at: place, kind: .iterator)
    }

    static func filter(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let function = arguments[0], let value = arguments[1] else { return nil }
        let members = interpreter.elements(of: value, at: place)
        guard members.isExact else { return interpreter.newSequence(members, at: place, kind: .iterator) }
        var kept: [Value] = []
        var isCertain = true
        for element in members.elements {
            let test =
                function.only == Atom.none ? element : interpreter.call(function, Arguments(positional: [element]), at: place)
            switch interpreter.truth(test) {
            case true?: kept.append(element)
            case false?: break
            case nil:
                kept.append(element)
                isCertain = false
            }
        }
        let result = SequenceContent(kept)
        return interpreter.newSequence(isCertain ? result : SequenceContent(rest: result.anyMember), at: place, kind: .iterator)
    }

    static func reduce(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let function = arguments[0], let value = arguments[1] else { return nil }
        let members = interpreter.elements(of: value, at: place)
        guard members.isExact, members.elements.count <= 4_096 else { return nil }
        var rest = members.elements[...]
        guard var result = arguments[2] ?? rest.popFirst() else { return nil }
        for element in rest { result = interpreter.call(function, Arguments(positional: [result, element]), at: place) }
        return result
    }

    /// The members in order, by a key where one is given; without an order where a key is not known.
    static func sorted(_ members: SequenceContent, _ arguments: Arguments, at place: Site, in interpreter: Interpreter)
        -> SequenceContent
    {
        let key = arguments["key"].flatMap { $0.only == Atom.none ? nil : $0 }
        guard members.isExact else {
            if let key { _ = interpreter.call(key, Arguments(positional: [members.anyMember.opened()]), at: place) }
            return members
        }
        let isReversed = arguments["reverse"].map { interpreter.truth($0) } ?? false
        var keyed: [(key: PythonConstant, value: Value)] = []
        for element in members.elements {
            let by = key.map { interpreter.call($0, Arguments(positional: [element]), at: place) } ?? element
            guard let constant = interpreter.constant(of: by) else { return SequenceContent(rest: members.anyMember) }
            keyed.append((constant, element))
        }
        guard let isReversed, zip(keyed, keyed.dropFirst()).allSatisfy({ Arithmetic.order($0.key, $1.key) != nil }) else {
            return SequenceContent(rest: members.anyMember)
        }
        // Equal keys keep their order, also where it is reversed.
        let order = keyed.indices.sorted { a, b in
            let order = Arithmetic.order(keyed[a].key, keyed[b].key) ?? 0
            return order == 0 ? a < b : isReversed ? order > 0 : order < 0
        }
        return SequenceContent(order.map { keyed[$0].value })
    }

    private static func zip<First: Sequence, Second: Sequence>(_ first: First, _ second: Second) -> Zip2Sequence<First, Second> {
        Swift.zip(first, second)
    }

    /// `min` and `max`, of several arguments or of the members of one.
    static func extreme(isLargest: Bool, _ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        var members: SequenceContent
        if arguments.positional.count == 1, let value = arguments[0] {
            members = interpreter.elements(of: value, at: place)
        } else {
            members = SequenceContent(arguments.positional)
        }
        let any = members.anyMember
        var order = Arguments()
        if let key = arguments["key"] { order.keywords.append(("key", key)) }
        // Of several that are equal, the first one counts.
        if isLargest { order.keywords.append(("reverse", Value(.bool(true)))) }
        members = sorted(members, order, at: place, in: interpreter)
        guard members.isExact else { return any.isNothing ? nil : any }
        return members.elements.first
    }

    static func sum(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let value = arguments[0] else { return nil }
        let members = interpreter.elements(of: value, at: place)
        guard members.isExact else { return nil }
        return members.elements.reduce(arguments.argument(1, "start") ?? Value(.int(0), Evidence(place))) {
            interpreter.binary(.Add, $0, $1, at: place)
        }
    }

    /// `any` and `all`.
    static func quantified(isAny: Bool, _ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard let value = arguments[0] else { return nil }
        let members = interpreter.elements(of: value, at: place)
        guard members.isExact else { return nil }
        var isKnown = true
        for element in members.elements {
            switch interpreter.truth(element) {
            case isAny?: return Value(.bool(isAny), Evidence(place))
            case nil: isKnown = false
            default: break
            }
        }
        return isKnown ? Value(.bool(!isAny), Evidence(place)) : nil
    }
}
