import PythonSyntax

/// Functions that make containers and iterators, and that go through them.
extension StandardLibrary {
    static let iteration: [String: Function] = [
        "list": container(.list), "set": container(.set), "frozenset": container(.set),
        "collections.deque": { interpreter, arguments, place in
            let isBounded = arguments.argument(1, "maxlen").map { $0.only != Atom.none } ?? false
            let made = container(.list)(interpreter, arguments, place)
            if isBounded, case .object(let id)? = made?.only {
                interpreter.memory.editSequence(interpreter.record(id).contents) { $0 = SequenceContent(rest: $0.anyMember) }
            }
            return made
        },
        "tuple": { interpreter, arguments, place in
            guard let value = arguments[0] else { return Value(.tuple([]), Evidence(place)) }
            let members = interpreter.elements(of: value, at: place)
            return members.isExact
                ? interpreter.tupleValue(members.elements, at: place) : interpreter.newSequence(members, at: place)
        },
        "iter": container(.iterator),
        "reversed": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            return interpreter.newSequence(
                members.isExact ? SequenceContent(members.elements.reversed()) : members, at: place, kind: .iterator)
        },
        "next": { interpreter, arguments, _ in
            guard case .object(let id)? = arguments[0]?.only, interpreter.record(id).kind == .iterator else { return nil }
            if let members = interpreter.memory.sequence(interpreter.record(id).contents), members.isExact,
                members.elements.isEmpty
            {
                return arguments[1]
            }
            return Containers.next(id, in: interpreter)
        },
        "dict": { interpreter, arguments, place in dictionary(arguments, at: place, in: interpreter) },
        "collections.OrderedDict": { interpreter, arguments, place in dictionary(arguments, at: place, in: interpreter) },
        "collections.defaultdict": { interpreter, arguments, place in
            dictionary(arguments.droppingFirst(), factory: arguments[0], at: place, in: interpreter)
        },
        "collections.Counter": { interpreter, arguments, place in
            guard let value = arguments[0] else { return dictionary(arguments, isCounter: true, at: place, in: interpreter) }
            let members = interpreter.elements(of: value, at: place)
            guard interpreter.dictionary(value.only ?? Atom.none) == nil, members.isExact else { return nil }
            var counts = DictionaryContent()
            for element in members.elements {
                guard let only = element.only, only.isConstant else { return nil }
                var count = 1
                if case .int(let before)? = counts[only]?.value.only { count += before }
                counts.set(only, Value(.int(count), Evidence(place)))
            }
            let made = dictionary(Arguments(), isCounter: true, at: place, in: interpreter)
            if case .object(let id)? = made.only {
                interpreter.memory.editDictionary(interpreter.record(id).contents) { $0 = counts }
            }
            return made
        },
        "collections.ChainMap": { interpreter, arguments, place in
            var merged = DictionaryContent()
            for value in arguments.positional.reversed() {
                guard let other = value.only.flatMap(interpreter.dictionary) else { return nil }
                merged.update(with: other)
            }
            return interpreter.newDictionary(merged, at: place)
        },
        "dict.fromkeys": { interpreter, arguments, place in
            guard let keys = arguments[0] else { return nil }
            let members = interpreter.elements(of: keys, at: place)
            guard members.isExact else { return nil }
            var made = DictionaryContent()
            for key in members.elements {
                guard let only = key.only else { return nil }
                made.set(only, arguments[1] ?? Value(Atom.none))
            }
            return interpreter.newDictionary(made, at: place)
        },
        "types.MappingProxyType": { _, arguments, _ in arguments[0] },
        "len": { interpreter, arguments, place in
            interpreter.lift(arguments.positional, at: place) { atoms in
                switch atoms[0] {
                case .text(let text): return .int(text.scalars.count)
                case .bytes(let bytes): return .int(bytes.count)
                case .tuple(let members): return .int(members.count)
                case .object(let id):
                    if case .instance(let type) = interpreter.record(id).kind {
                        guard case .function(let function)? = interpreter.method("__len__", of: type)?.only else { return nil }
                        return interpreter.enter(function, receiver: atoms[0], Arguments(), at: place).only
                    }
                    if let dictionary = interpreter.dictionary(atoms[0]) {
                        return dictionary.isExact ? .int(dictionary.entries.count) : nil
                    }
                    guard let members = interpreter.sequence(atoms[0]), members.isExact else { return nil }
                    return .int(members.elements.count)
                default: return nil
                }
            }
        },
        "range": { Iterables.range($1, at: $2, in: $0) },
        "xrange": { Iterables.range($1, at: $2, in: $0) },
        "zip": { Iterables.zip($1, at: $2, in: $0) },
        "enumerate": { Iterables.enumerate($1, at: $2, in: $0) },
        "map": { Iterables.map($1, at: $2, in: $0) },
        "filter": { Iterables.filter($1, at: $2, in: $0) },
        "functools.reduce": { Iterables.reduce($1, at: $2, in: $0) },
        "reduce": { Iterables.reduce($1, at: $2, in: $0) },
        "sorted": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            return interpreter.newSequence(Iterables.sorted(members, arguments, at: place, in: interpreter), at: place)
        },
        "min": { Iterables.extreme(isLargest: false, $1, at: $2, in: $0) },
        "max": { Iterables.extreme(isLargest: true, $1, at: $2, in: $0) },
        "sum": { Iterables.sum($1, at: $2, in: $0) },
        "any": { Iterables.quantified(isAny: true, $1, at: $2, in: $0) },
        "all": { Iterables.quantified(isAny: false, $1, at: $2, in: $0) },
        "itertools.chain": { interpreter, arguments, place in
            var all = SequenceContent()
            for value in arguments.positional { all.append(contentsOf: interpreter.elements(of: value, at: place)) }
            return interpreter.newSequence(all, at: place, kind: .iterator)
        },
        "itertools.chain.from_iterable": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let outer = interpreter.elements(of: value, at: place)
            guard outer.isExact else { return nil }
            var all = SequenceContent()
            for value in outer.elements { all.append(contentsOf: interpreter.elements(of: value, at: place)) }
            return interpreter.newSequence(all, at: place, kind: .iterator)
        },
        "itertools.product": { interpreter, arguments, place in
            var rows: [[Value]] = [[]]
            var columns = arguments.positional.map { interpreter.elements(of: $0, at: place) }
            if case .int(let times)? = arguments["repeat"]?.only, (1...64).contains(times) {
                columns = Array(repeatElement(columns, count: times).joined())
            }
            for members in columns {
                guard members.isExact, rows.count * members.elements.count <= 4_096 else { return nil }
                rows = rows.flatMap { row in members.elements.map { row + [$0] } }
            }
            return interpreter.newList(rows.map { interpreter.tupleValue($0, at: place) }, at: place, kind: .iterator)
        },
        "itertools.islice": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = Iterables.column(value, atLeast: 4_096, at: place, in: interpreter)
            let bounds = arguments.positional.dropFirst().map(\.only)
            guard members.isExact, case .int(let first)?? = bounds.first, first >= 0 else { return nil }
            guard bounds.count > 1 else {
                return interpreter.newList(Array(members.elements.prefix(first)), at: place, kind: .iterator)
            }
            guard case .int(let end)? = bounds[1], end >= first else { return nil }
            return interpreter.newList(Array(members.elements.prefix(end).dropFirst(first)), at: place, kind: .iterator)
        },
        "itertools.cycle": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            let made = interpreter.newSequence(SequenceContent(rest: members.anyMember), at: place, kind: .iterator)
            if case .object(let id)? = made.only, members.isExact, !members.elements.isEmpty {
                // Those who take only some of them can know which.
                interpreter.keep(interpreter.newSequence(members, at: place), as: Iterables.cycleName, in: id)
            }
            return made
        },
        "itertools.accumulate": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            guard members.isExact else { return nil }
            var sums: [Value] = []
            for element in members.elements {
                guard let last = sums.last else {
                    sums.append(element)
                    continue
                }
                let function = arguments.argument(1, "func")
                sums.append(
                    function.map { interpreter.call($0, Arguments(positional: [last, element]), at: place) }
                        ?? interpreter.binary(.Add, last, element, at: place))
            }
            return interpreter.newList(sums, at: place, kind: .iterator)
        },
        "itertools.groupby": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            let members = interpreter.elements(of: value, at: place)
            guard members.isExact else { return nil }
            var groups: [(key: Value, members: [Value])] = []
            for element in members.elements {
                let key =
                    arguments.argument(1, "key").map { interpreter.call($0, Arguments(positional: [element]), at: place) }
                    ?? element
                guard let only = key.only, only.isConstant else { return nil }
                if groups.last?.key.only == only {
                    groups[groups.count - 1].members.append(element)
                } else {
                    groups.append((key, [element]))
                }
            }
            let rows = groups.map {
                interpreter.tupleValue([$0.key, interpreter.newList($0.members, at: place, kind: .iterator)], at: place)
            }
            return interpreter.newList(rows, at: place, kind: .iterator)
        },
        "itertools.zip_longest": { interpreter, arguments, place in
            let columns = arguments.positional.map { interpreter.elements(of: $0, at: place) }
            guard columns.allSatisfy(\.isExact), let longest = columns.map(\.elements.count).max() else { return nil }
            let fill = arguments["fillvalue"] ?? Value(Atom.none)
            let rows = (0..<longest).map { row in
                interpreter.tupleValue(columns.map { row < $0.elements.count ? $0.elements[row] : fill }, at: place)
            }
            return interpreter.newList(rows, at: place, kind: .iterator)
        },
        "itertools.repeat": { interpreter, arguments, place in
            guard let value = arguments[0] else { return nil }
            if case .int(let count)? = arguments[1]?.only, (0...4_096).contains(count) {
                return interpreter.newList(Array(repeating: value, count: count), at: place, kind: .iterator)
            }
            return interpreter.newSequence(SequenceContent(rest: value), at: place, kind: .iterator)
        },
        "itertools.starmap": { interpreter, arguments, place in
            guard let function = arguments[0], let rows = arguments[1] else { return nil }
            let members = interpreter.elements(of: rows, at: place)
            guard members.isExact else { return nil }
            let results = members.elements.map { row in
                interpreter.call(function, Arguments(positional: interpreter.elements(of: row).elements), at: place)
            }
            return interpreter.newList(results, at: place, kind: .iterator)
        },
    ]

    static func container(_ kind: ObjectRecord.Kind) -> Function {
        { interpreter, arguments, place in
            guard let value = arguments[0] else { return interpreter.newList([], at: place, kind: kind) }
            let members = interpreter.elements(of: value, at: place)
            return interpreter.newSequence(kind == .set ? interpreter.unique(members) : members, at: place, kind: kind)
        }
    }

    static func dictionary(
        _ arguments: Arguments, factory: Value? = nil, isCounter: Bool = false, at place: Site, in interpreter: Interpreter
    ) -> Value {
        let made = interpreter.newDictionary(DictionaryContent(), at: place)
        if case .object(let id)? = made.only {
            if isCounter { interpreter.keep(Value(.int(0), Evidence(place)), as: Interpreter.missingName, in: id) }
            if let factory, factory.only != Atom.none { interpreter.keep(factory, as: "default_factory", in: id) }
            _ = Containers.callDictionary("update", id, arguments, at: place, in: interpreter)
        }
        return made
    }
}
