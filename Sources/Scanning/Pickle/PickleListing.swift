import ModelFormats

/// A pickle as the Python that would do the same: each import, call and state in its order, with arguments as they are known.
///
/// It is written for people. Values are cut where they are long, and marked so.
struct PickleListing {
    let program: PickleProgram

    init(_ program: PickleProgram) { self.program = program }

    /// One line for each thing that it does, the result last.
    func lines(limit: Int = 10_000) -> [String] {
        struct Event {
            let offset: Int
            let text: String
        }
        var events: [Event] = []
        for item in program.imports {
            let name = program.name(of: item)
            let text: String
            if let name, let module = program.text(item.module), let part = program.text(item.name) {
                text =
                    QualifiedName(module: module, name: part).isWellFormed
                    ? "from \(module) import \(part)" : "import \(quoted(name))"
            } else {
                text = "import \(render(item.module)) . \(render(item.name))"
            }
            events.append(Event(offset: item.offset, text: text))
        }
        for (number, call) in program.calls.enumerated() {
            events.append(Event(offset: call.offset, text: statement(number, call)))
        }
        for fill in program.fills {
            events.append(
                Event(
                    offset: fill.offset,
                    text: fill.isMapping
                        ? "\(render(fill.target)).update(\(list(fill.items)))"
                        : "\(render(fill.target)).extend(\(list(fill.items)))"))
        }
        var lines = events.sorted { $0.offset < $1.offset }.prefix(limit).map { "\($0.text)  # byte \($0.offset)" }
        if events.count > limit { lines.append("# and \(events.count - limit) more") }
        if let result = program.result { lines.append("result = \(render(result))") }
        return lines
    }

    private func statement(_ number: Int, _ call: PickleCall) -> String {
        if call.kind == .build { return "\(render(call.callable)).__setstate__(\(call.states.first.map { render($0) } ?? ""))" }
        var text = "_\(number) = \(expression(of: call))"
        for state in call.states { text += "; _\(number).__setstate__(\(render(state)))" }
        if !call.items.isEmpty { text += "; _\(number).extend([\(list(call.items))])" }
        if !call.entries.isEmpty { text += "; _\(number).update([\(list(call.entries))])" }
        return text
    }

    /// A call as Python would write it.
    func expression(of call: PickleCall) -> String {
        let arguments: String
        if let members = program.members(call.arguments) {
            arguments = list(members)
        } else {
            arguments = "*\(render(call.arguments))"
        }
        let callable = render(call.callable)
        let keywords = call.keywords.map { ", **\(render($0))" } ?? ""
        switch call.kind {
        case .new, .newWithKeywords:
            return "\(callable).__new__(\(callable)\(arguments.isEmpty ? "" : ", ")\(arguments)\(keywords))"
        default: return "\(callable)(\(arguments)\(keywords))"
        }
    }

    private func list(_ references: [PickleReference], depth: Int = 0) -> String {
        let shown = references.prefix(8).map { render($0, depth: depth + 1) }
        return shown.joined(separator: ", ") + (references.count > 8 ? ", …\(references.count - 8) more" : "")
    }

    /// A value in at most some hundred characters.
    func render(_ reference: PickleReference, depth: Int = 0) -> String {
        switch program[reference] {
        case .none: return "None"
        case .bool(let value): return value ? "True" : "False"
        case .integer(let value): return "\(value)"
        case .largeInteger(let range): return "<integer of \(range.count) bytes>"
        case .real(let value): return "\(value)"
        case .text(let text): return Printing.literal(text)
        case .bytes(let range): return "<\(range.count) bytes at \(range.lowerBound)>"
        case .byteArray(let range): return "bytearray(<\(range.count) bytes at \(range.lowerBound)>)"
        case .imported(let index):
            return program.name(of: program.imports[index]).map { Printing.plain($0) } ?? "<computed import>"
        case .persistent(let name): return depth > 4 ? "<persistent>" : "persistent_load(\(render(name, depth: depth + 1)))"
        case .buffer: return "<buffer>"
        case .data: return "<data>"
        case .call(let number): return "_\(number)"
        case .tuple(let index):
            if depth > 4 { return "(…)" }
            let members = program.contents[index]
            return "(\(list(members, depth: depth))\(members.count == 1 ? "," : ""))"
        case .list(let index): return depth > 4 ? "[…]" : "[\(list(program.contents[index], depth: depth))]"
        case .set(let index): return depth > 4 ? "{…}" : "{\(list(program.contents[index], depth: depth))}"
        case .frozenSet(let index):
            return depth > 4 ? "frozenset(…)" : "frozenset({\(list(program.contents[index], depth: depth))})"
        case .dictionary:
            if depth > 4 { return "{…}" }
            let entries = program.entries(reference) ?? []
            let shown = entries.prefix(8).map { "\(render($0.key, depth: depth + 1)): \(render($0.value, depth: depth + 1))" }
            return "{\(shown.joined(separator: ", "))\(entries.count > 8 ? ", …\(entries.count - 8) more" : "")}"
        }
    }
}
