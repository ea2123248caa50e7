import PythonSyntax

/// Methods of lists, sets, dictionaries and iterators.
enum Containers {
    private static var nothing: Value { Value(Atom.none) }

    static func callList(
        _ name: String, _ id: ObjectID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        let cell = interpreter.record(id).contents
        guard let members = interpreter.memory.sequence(cell) else { return nil }
        func change(_ body: (inout SequenceContent) -> Void) -> Value {
            interpreter.memory.editSequence(cell, body)
            return nothing
        }
        switch name {
        case "append", "appendleft":
            guard let value = arguments[0] else { return nil }
            return change { $0.edit(adding: value) { name == "append" ? $0.append(value) : $0.insert(value, at: 0) } }
        case "extend":
            guard let value = arguments[0] else { return nil }
            let added = interpreter.elements(of: value, at: place)
            return change { $0.append(contentsOf: added) }
        case "insert":
            guard let value = arguments[1] else { return nil }
            let index: Int? = if case .int(let index)? = arguments[0]?.only { index } else { nil }
            return change { sequence in
                guard let index else { return sequence.replaceSomewhere(with: value) }
                sequence.edit(adding: value) { elements in
                    elements.insert(value, at: min(max(index < 0 ? index + elements.count : index, 0), elements.count))
                }
            }
        case "pop", "popleft":
            guard members.isExact, !members.elements.isEmpty else { return members.isExact ? .unknown : members.anyMember }
            var index = name == "pop" ? members.elements.count - 1 : 0
            if let given = arguments[0] {
                guard case .int(let number)? = given.only else { return members.anyMember }
                index = number < 0 ? number + members.elements.count : number
            }
            guard members.elements.indices.contains(index) else { return .unknown }
            interpreter.memory.editSequence(cell) { $0.edit { $0.remove(at: index) } }
            return members.elements[index]
        case "remove":
            guard let only = arguments[0]?.only, members.isExact, members.elements.allSatisfy({ $0.only != nil }) else {
                return change { $0 = SequenceContent(rest: members.anyMember) }
            }
            return change { sequence in
                sequence.edit { elements in
                    if let index = elements.firstIndex(where: { $0.only == only }) { elements.remove(at: index) }
                }
            }
        case "clear": return change { $0 = SequenceContent() }
        case "extendleft":
            guard let value = arguments[0] else { return nil }
            let added = interpreter.elements(of: value, at: place)
            guard added.isExact else { return change { $0.append(contentsOf: added) } }
            return change { $0.edit { $0.insert(contentsOf: added.elements.reversed(), at: 0) } }
        case "rotate":
            let by: Int
            if case .int(let steps)? = arguments[0]?.only { by = steps } else { by = 1 }
            return change { sequence in
                sequence.edit { elements in
                    guard !elements.isEmpty else { return }
                    let cut = ((-by % elements.count) + elements.count) % elements.count
                    elements = Array(elements[cut...] + elements[..<cut])
                }
            }
        case "reverse": return change { $0.edit { $0.reverse() } }
        case "sort":
            let sorted = Iterables.sorted(members, arguments, at: place, in: interpreter)
            return change { $0 = sorted }
        case "copy": return interpreter.newSequence(members, at: place)
        case "index", "count": return members.isExact ? callTuple(name, members.elements, arguments, at: place) : nil
        case "__getitem__": return arguments[0].map { interpreter.item($0, of: Value(.object(id)), at: place) }
        default: return nil
        }
    }

    /// Methods of tuples, which lists have too.
    static func callTuple(_ name: String, _ members: [Value], _ arguments: Arguments, at place: Site) -> Value? {
        guard let only = arguments[0]?.only, members.allSatisfy({ $0.only != nil }) else { return nil }
        switch name {
        case "index": return members.firstIndex { $0.only == only }.map { Value(.int($0), Evidence(place)) }
        case "count": return Value(.int(members.count { $0.only == only }), Evidence(place))
        default: return nil
        }
    }

    static func callSet(
        _ name: String, _ id: ObjectID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        let cell = interpreter.record(id).contents
        guard let members = interpreter.memory.sequence(cell) else { return nil }
        switch name {
        case "add", "update":
            guard let value = arguments[0] else { return nil }
            let added = name == "add" ? SequenceContent([value]) : interpreter.elements(of: value, at: place)
            var joined = members
            joined.append(contentsOf: added)
            let unique = interpreter.unique(joined)
            interpreter.memory.editSequence(cell) { $0 = unique }
            return nothing
        case "discard", "remove":
            guard let only = arguments[0]?.only, members.isExact else { return nil }
            interpreter.memory.editSequence(cell) { $0.edit { $0.removeAll { $0.only == only } } }
            return nothing
        case "issubset", "issuperset", "isdisjoint":
            guard let value = arguments[0], members.isExact else { return nil }
            let other = interpreter.elements(of: value, at: place)
            guard other.isExact, (members.elements + other.elements).allSatisfy({ $0.only?.isConstant == true }) else {
                return nil
            }
            let mine = Set(members.elements.compactMap(\.only))
            let theirs = Set(other.elements.compactMap(\.only))
            let holds =
                name == "issubset"
                ? mine.isSubset(of: theirs) : name == "issuperset" ? mine.isSuperset(of: theirs) : mine.isDisjoint(with: theirs)
            return Value(.bool(holds), Evidence(place))
        case "union", "intersection", "difference", "symmetric_difference":
            guard let value = arguments[0] else { return nil }
            let other = interpreter.newSequence(
                interpreter.unique(interpreter.elements(of: value, at: place)), at: place, kind: .set)
            return interpreter.binary(
                name == "union" ? .BitOr : name == "intersection" ? .BitAnd : name == "difference" ? .Sub : .BitXor,
                Value(.object(id)), other, at: place)
        case "copy": return interpreter.newSequence(members, at: place, kind: .set)
        case "clear":
            interpreter.memory.editSequence(cell) { $0 = SequenceContent() }
            return nothing
        case "pop": return members.isExact && members.elements.count == 1 ? members.elements[0] : members.anyMember
        default: return nil
        }
    }

    static func callDictionary(
        _ name: String, _ id: ObjectID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        let cell = interpreter.record(id).contents
        guard let dictionary = interpreter.memory.dictionary(cell) else { return nil }
        let evidence = Evidence(place)
        switch name {
        case "get", "pop", "setdefault", "__getitem__": return find(name, dictionary, id, arguments, at: place, in: interpreter)
        case "keys": return interpreter.newSequence(interpreter.elements(of: Value(.object(id)), at: place), at: place)
        case "values":
            let values = dictionary.entries.map(\.value)
            return interpreter.newSequence(
                dictionary.isExact ? SequenceContent(values) : SequenceContent(rest: dictionary.anyValue.opened()), at: place)
        case "items":
            let pairs = dictionary.entries.map { interpreter.tupleValue([Value($0.key, evidence), $0.value], at: place) }
            if dictionary.isExact { return interpreter.newList(pairs, at: place) }
            return interpreter.newSequence(
                SequenceContent(pairs, rest: interpreter.tupleValue([.unknown, dictionary.rest ?? .unknown], at: place)),
                at: place)
        case "update":
            var added = DictionaryContent()
            if let value = arguments[0] {
                if let other = value.only.flatMap(interpreter.dictionary) {
                    added = other
                } else {
                    let pairs = interpreter.elements(of: value, at: place)
                    if pairs.isExact {
                        for pair in pairs.elements {
                            let parts = interpreter.elements(of: pair)
                            if parts.elements.count == 2, let key = parts.elements[0].only {
                                added.set(key, parts.elements[1])
                            } else {
                                added.setSomewhere(.unknown)
                            }
                        }
                    } else {
                        added.setSomewhere(.unknown)
                    }
                }
            }
            for (key, value) in arguments.keywords { added.set(.text(PythonText(key)), value) }
            if let rest = arguments.restKeywords { added.setSomewhere(rest) }
            interpreter.memory.editDictionary(cell) { $0.update(with: added) }
            return nothing
        case "copy": return interpreter.newDictionary(dictionary, at: place)
        case "clear":
            interpreter.memory.editDictionary(cell) { $0.removeAll() }
            return nothing
        case "most_common":
            guard dictionary.isExact else { return nil }
            var counted: [(key: Atom, count: Int, value: Value)] = []
            for entry in dictionary.entries {
                guard case .int(let count)? = entry.value.only else { return nil }
                counted.append((entry.key, count, entry.value))
            }
            let sorted = counted.enumerated().sorted {
                $0.element.count == $1.element.count ? $0.offset < $1.offset : $0.element.count > $1.element.count
            }
            var limit = counted.count
            if case .int(let number)? = arguments[0]?.only { limit = max(0, number) }
            return interpreter.newList(
                sorted.prefix(limit).map {
                    interpreter.tupleValue([Value($0.element.key, evidence), $0.element.value], at: place)
                }, at: place)
        case "move_to_end":
            guard let only = arguments[0]?.only, let entry = dictionary[only], arguments.argument(1, "last") == nil else {
                return nil
            }
            interpreter.memory.editDictionary(cell) { dictionary in
                dictionary.remove(only)
                dictionary.set(only, entry.value, isCertain: entry.isCertain)
            }
            return nothing
        case "popitem":
            guard dictionary.isExact, let last = dictionary.entries.last else { return .unknown }
            interpreter.memory.editDictionary(cell) { $0.remove(last.key) }
            return interpreter.tupleValue([Value(last.key, evidence), last.value], at: place)
        default: return nil
        }
    }

    private static func find(
        _ name: String, _ dictionary: DictionaryContent, _ id: ObjectID, _ arguments: Arguments, at place: Site,
        in interpreter: Interpreter
    ) -> Value? {
        guard let key = arguments[0] else { return nil }
        let fallback = arguments[1] ?? (name == "pop" || name == "__getitem__" ? .unknown : nothing)
        var result = Value.nothing
        if key.isOpen || key.candidates.isEmpty {
            // Some key: what is under any, or the default.
            let any = dictionary.anyValue.joined(with: fallback)
            result = dictionary.isExact ? any : any.opened()
        }
        for atom in key.atoms {
            if let entry = dictionary[atom] {
                result.join(entry.value)
                if !entry.isCertain { result.join(fallback) }
            } else {
                if let rest = dictionary.rest { result.join(rest.opened()) }
                result.join(fallback)
            }
        }
        if name == "pop" { interpreter.deleteItem(key, of: .object(id)) }
        if name == "setdefault", let only = key.only, dictionary[only] == nil {
            interpreter.setItem(key, fallback, of: .object(id), isOnly: true)
        }
        return result.tainted(by: key.taint)
    }

    static func callIterator(
        _ name: String, _ id: ObjectID, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        switch name {
        case "__next__": return next(id, in: interpreter)
        case "__iter__": return Value(.object(id), Evidence(place))
        case "send": return next(id, in: interpreter)
        case "close": return nothing
        default: return nil
        }
    }

    /// Takes the next value of an iterator.
    static func next(_ id: ObjectID, in interpreter: Interpreter) -> Value {
        let cell = interpreter.record(id).contents
        guard let members = interpreter.memory.sequence(cell) else { return .unknown }
        guard members.isExact else { return members.anyMember }
        guard let first = members.elements.first else { return .unknown }
        interpreter.memory.editSequence(cell) { $0.edit { $0.removeFirst() } }
        return first
    }
}
