extension Interpreter {
    /// A thing as a format writes it; nil where that is not known.
    func formatted(_ atom: Atom, conversion: UInt8?, _ specification: String) -> String? {
        if case .object(let id) = atom, case .instance(let type) = record(id).kind {
            return formattedInstance(atom, type, conversion: conversion, specification)
        }
        switch atom {
        case .external(let name) where Builtins.types.contains(name): return "<class '\(name)'>"
        case .class(let id):
            return record(id).module == module.index ? "<class '__main__.\(record(id).qualifiedName)'>" : nil
        default: break
        }
        return constant(of: atom).flatMap { Formatting.format($0, conversion: conversion, specification) }
    }

    /// What an object's own `__format__`, `__str__` or `__repr__` gives.
    private func formattedInstance(_ atom: Atom, _ type: ClassID, conversion: UInt8?, _ specification: String) -> String? {
        var names = conversion == UInt8(ascii: "r") ? ["__repr__"] : ["__str__", "__repr__"]
        if conversion == nil, method("__format__", of: type) != nil { names = ["__format__"] }
        for name in names {
            guard case .function(let function)? = method(name, of: type)?.only else { continue }
            let arguments = name == "__format__" ? [Value(.text(PythonText(specification)))] : []
            guard
                case .text(let text)? = enter(function, receiver: atom, Arguments(positional: arguments), at: function.site).only
            else {
                return nil
            }
            return name == "__format__" ? text.string : Formatting.format(.text(text.string), conversion: nil, specification)
        }
        // A member of an enumeration of texts is written in ways that differ between versions of Python.
        return nil
    }

    /// A value as a text, with a gap where it is not known.
    func text(of value: Value, conversion: UInt8? = nil, _ specification: Value, at place: Site) -> Value {
        lift([value, specification], at: place) { atoms in
            guard case .text(let specification) = atoms[1] else { return nil }
            return self.formatted(atoms[0], conversion: conversion, specification.string).map { .text(PythonText($0)) }
        }
        .orGap
    }

    private func text(_ string: String) -> Value { Value(.text(PythonText(string))) }

    // MARK: %

    func formatPercent(_ format: Value, _ operand: Value, at place: Site) -> Value {
        each(format) { candidate in
            guard case .text(let format) = candidate.atom, let pieces = Formatting.percentPieces(format.string) else {
                return .unknown
            }
            if operand.candidates.isEmpty { return self.formatPercent(pieces, nil, operand, at: place) }
            return self.each(operand) { self.formatPercent(pieces, $0.atom, Value($0.atom, $0.evidence), at: place) }
        }
        .tainted(by: operand.taint)
    }

    private func formatPercent(_ pieces: [Formatting.PercentPiece], _ atom: Atom?, _ operand: Value, at place: Site) -> Value {
        var waiting: [Value]
        if case .tuple(let members)? = atom { waiting = members } else { waiting = [operand] }
        var parts: [Value] = []
        for piece in pieces {
            switch piece {
            case .literal(let literal): parts.append(text(literal))
            case .field(let key, var specification, let type, let starCount):
                for _ in 0..<starCount {
                    guard !waiting.isEmpty, case .int(let width)? = waiting.removeFirst().only,
                        let star = specification.firstIndex(of: "*")
                    else { return .unknown }
                    specification.replaceSubrange(star...star, with: String(width))
                }
                let value: Value
                if let key {
                    value = item(text(key), of: operand, at: place)
                } else {
                    guard !waiting.isEmpty else { return .unknown }
                    value = waiting.removeFirst()
                }
                let written = lift([value], at: place) { atoms in
                    if type == "s" || type == "r", case .object(let id) = atoms[0], case .instance = self.record(id).kind {
                        return self.formatted(atoms[0], conversion: type == "r" ? UInt8(ascii: "r") : UInt8(ascii: "s"), "").map {
                            .text(PythonText($0))
                        }
                    }
                    return self.constant(of: atoms[0]).flatMap { Formatting.percent($0, specification, type) }.map {
                        .text(PythonText($0))
                    }
                }
                parts.append(written.orGap)
            }
        }
        return concatenate(parts, at: place)
    }

    // MARK: str.format

    /// `format.format(…)` (The Python Standard Library, "Format String Syntax").
    func formatFields(_ format: String, _ arguments: Arguments, at place: Site) -> Value? {
        var next = 0
        return formatFields(Array(format)[...], arguments, &next, depth: 0, at: place)
    }

    private func formatFields(
        _ format: ArraySlice<Character>, _ arguments: Arguments, _ next: inout Int, depth: Int, at place: Site
    ) -> Value? {
        var parts: [Value] = []
        var literal = ""
        var rest = format
        while let character = rest.popFirst() {
            if character == "{" || character == "}", rest.first == character {
                rest = rest.dropFirst()
                literal.append(character)
                continue
            }
            guard character == "{" else {
                if character == "}" { return nil }
                literal.append(character)
                continue
            }
            var level = 1
            guard
                let end = rest.firstIndex(where: { character in
                    level += character == "{" ? 1 : character == "}" ? -1 : 0
                    return level == 0
                })
            else { return nil }
            if !literal.isEmpty { parts.append(text(literal)) }
            literal = ""
            guard let part = formatField(rest[..<end], arguments, &next, depth: depth, at: place) else { return nil }
            parts.append(part)
            rest = rest[(end + 1)...]
        }
        if !literal.isEmpty { parts.append(text(literal)) }
        return concatenate(parts, at: place)
    }

    private func formatField(
        _ field: ArraySlice<Character>, _ arguments: Arguments, _ next: inout Int, depth: Int, at place: Site
    ) -> Value? {
        guard depth < 3 else { return nil }
        let head = field.prefix { $0 != ":" && $0 != "!" }
        var rest = field.dropFirst(head.count)
        var conversion: UInt8?
        if rest.first == "!" {
            conversion = rest.dropFirst().first?.asciiValue
            rest = rest.dropFirst(2)
        }
        let name = head.prefix { $0 != "." && $0 != "[" }
        let key = String(name)
        var value: Value?
        if key.isEmpty {
            value = arguments[next]
            next += 1
        } else if let number = Int(key) {
            value = arguments[number]
        } else {
            value = arguments[key]
        }
        guard var found = value ?? (arguments.isFullyKnown ? nil : .unknown) else { return nil }
        var path = head.dropFirst(name.count)
        while let mark = path.popFirst() {
            let part = path.prefix { $0 != "." && $0 != "[" && $0 != "]" }
            path = path.dropFirst(part.count)
            if mark == "[" {
                if path.first == "]" { path = path.dropFirst() }
                let key = String(part)
                found = item(Int(key).map { Value(.int($0)) } ?? text(key), of: found, at: place)
            } else {
                found = attribute(String(part), of: found, at: place)
            }
        }
        let specification =
            rest.first == ":" ? formatFields(rest.dropFirst(), arguments, &next, depth: depth + 1, at: place) : text("")
        guard let specification else { return nil }
        return text(of: found, conversion: conversion, specification, at: place)
    }
}
