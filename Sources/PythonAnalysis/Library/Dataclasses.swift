/// Functions over the fields of dataclasses and named tuples.
enum Dataclasses {
    /// `dataclasses.replace` and `_replace`: a copy with some fields changed.
    static func replaced(
        _ id: ObjectID, _ type: ClassID, _ changes: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value {
        // What is worked out of the fields afterwards is not copied.
        if interpreter.method("__post_init__", of: type) != nil { return .unknown }
        let made = interpreter.newInstance(of: type, at: place)
        guard case .object(let copy)? = made.only else { return .unknown }
        for (symbol, cell) in interpreter.record(id).attributes.sorted(by: { $0.value < $1.value }) {
            interpreter.memory[interpreter.attributeCell(interpreter.names.text(symbol), of: copy)] = interpreter.memory[cell]
        }
        for (name, value) in changes.keywords { interpreter.keep(value, as: name, in: copy) }
        return made
    }

    /// `dataclasses.asdict`
    static func dictionary(_ value: Value, at place: Site, in interpreter: Interpreter) -> Value? {
        guard case .object(let id)? = value.only, case .instance(let type) = interpreter.record(id).kind else { return nil }
        var fields = DictionaryContent()
        for field in interpreter.fields(of: type) {
            guard let cell = interpreter.record(id).attributes[field] else { continue }
            fields.set(.text(PythonText(interpreter.names.text(field))), interpreter.memory.value(cell))
        }
        return interpreter.newDictionary(fields, at: place)
    }
}
