/// `copy.copy` and `copy.deepcopy`
enum Copying {
    static func copy(_ value: Value, isDeep: Bool, at place: Site, in interpreter: Interpreter) -> Value {
        var copies: [ObjectID: ObjectID] = [:]
        return copy(value, isDeep: isDeep, &copies, at: place, in: interpreter)
    }

    private static func copy(
        _ value: Value, isDeep: Bool, _ copies: inout [ObjectID: ObjectID], at place: Site, in interpreter: Interpreter
    ) -> Value {
        var result = value.filtered { if case .object = $0 { false } else { true } }
        for candidate in value.candidates {
            guard case .object(let id) = candidate.atom else { continue }
            result.add(
                Value.Candidate(
                    atom: .object(copy(id, isDeep: isDeep, &copies, at: place, in: interpreter)), evidence: candidate.evidence))
        }
        return result
    }

    private static func copy(
        _ id: ObjectID, isDeep: Bool, _ copies: inout [ObjectID: ObjectID], at place: Site, in interpreter: Interpreter
    ) -> ObjectID {
        if let known = copies[id] { return known }
        let original = interpreter.record(id)
        let contents = interpreter.memory[original.contents]
        let made = interpreter.newObject(original.kind, at: place, contents)
        copies[id] = made
        func inner(_ value: Value) -> Value { isDeep ? copy(value, isDeep: true, &copies, at: place, in: interpreter) : value }
        for (symbol, cell) in original.attributes {
            interpreter.record(made).attributes[symbol] = interpreter.memory.newCell(
                .value(inner(interpreter.memory.value(cell))))
        }
        guard isDeep else { return made }
        switch contents {
        case .value: break
        case .sequence(let members):
            let copied =
                members.isExact ? SequenceContent(members.elements.map(inner)) : SequenceContent(rest: inner(members.anyMember))
            interpreter.memory.editSequence(interpreter.record(made).contents) { $0 = copied }
        case .dictionary(let dictionary):
            var copied = dictionary
            for entry in dictionary.entries { copied.set(entry.key, inner(entry.value), isCertain: entry.isCertain) }
            interpreter.memory.editDictionary(interpreter.record(made).contents) { $0 = copied }
        }
        return made
    }
}
