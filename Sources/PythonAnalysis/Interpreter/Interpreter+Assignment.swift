import PythonSyntax

extension Interpreter {
    /// Binds a value to a target: a name, attribute, item, or several of these.
    func assign(_ value: Value, to target: NodeID) {
        let place = site(target)
        var value = value
        value.taint = value.taint?.moved(to: place)
        switch tree.syntax(target) {
        case .name(let name, _):
            let symbol = module.symbol(name)
            if let cell = bindingCell(symbol) {
                memory[cell] = .value(value)
                noteBinding(place, names.text(symbol), value)
            }
        case .attribute(let object, let name, _):
            let name = module.name(name)
            store(value, as: name, in: evaluate(object), at: place)
            noteBinding(place, TextOf.line(tree, target), value)
        case .subscript(let object, let slice, _):
            let container = evaluate(object)
            let key = evaluate(slice)
            for atom in container.atoms { setItem(key, value, of: atom, isOnly: container.only != nil, at: place) }
        case .starred(let inner, _): assign(value, to: inner)
        case .tuple(let targets, _), .list(let targets, _): unpack(value, to: targets, at: place)
        default: break
        }
    }

    /// The variable that an assignment to a name changes.
    private func bindingCell(_ symbol: Symbol) -> CellID? {
        if frame.scope.globals.contains(symbol) { return globalCell(symbol, module) }
        if frame.scope.nonlocals.contains(symbol) {
            var outer = frame.parent
            while let frame = outer {
                if frame.scope.kind == .function, let cell = frame.cell(symbol) { return cell }
                outer = frame.parent
            }
            return nil
        }
        if let cell = frame.cell(symbol) { return cell }
        // `:=` within a comprehension binds around it.
        var outer = frame.scope.kind == .comprehension ? frame.parent : nil
        while let frame = outer {
            if frame.scope.kind != .comprehension { return frame.cell(symbol) ?? cell(of: symbol) }
            outer = frame.parent
        }
        return nil
    }

    func bind(_ symbol: Symbol, to value: Value) {
        if let cell = bindingCell(symbol) { memory[cell] = .value(value) }
    }

    private func unpack(_ value: Value, to targets: NodeList, at place: Site) {
        let members = elements(of: value, at: place)
        let star = targets.firstIndex { tree.kind($0) == .Starred }
        guard members.isExact, star == nil ? members.elements.count == targets.count : members.elements.count >= targets.count - 1
        else {
            unpackColumns(value, to: targets, orEach: members.anyMember)
            return
        }
        let elements = members.elements
        for (number, target) in targets.enumerated() {
            if let star, number == star {
                let behind = targets.count - star - 1
                assign(newList(Array(elements[star..<(elements.count - behind)]), at: place), to: target)
            } else if let star, number > star {
                assign(elements[elements.count - targets.count + number].tainted(by: value.taint), to: target)
            } else {
                assign(elements[number].tainted(by: value.taint), to: target)
            }
        }
    }

    /// Unpacks a value of several candidates, each of which has as many members as there are targets.
    private func unpackColumns(_ value: Value, to targets: NodeList, orEach member: Value) {
        var columns = Array(
            repeating: value.isOpen || value.candidates.isEmpty ? Value.unknown : Value.nothing, count: targets.count)
        for candidate in value.candidates {
            let members = elements(of: Value(candidate.atom, candidate.evidence))
            for number in targets.indices {
                if members.isExact, members.elements.count == targets.count {
                    columns[number].join(members.elements[number])
                } else {
                    columns[number].join(member.isNothing ? .unknown : member.opened())
                }
            }
        }
        for (number, target) in targets.enumerated() { assign(columns[number].tainted(by: value.taint), to: target) }
    }

    // MARK: Attributes

    func store(_ value: Value, as name: String, in object: Value, at place: Site) {
        for candidate in object.candidates {
            switch candidate.atom {
            case .object(let id):
                if case .instance(let type) = record(id).kind, let setter = setter(of: name, type) {
                    _ = enter(setter, receiver: candidate.atom, Arguments(positional: [value]), at: place)
                } else {
                    store(value, in: attributeCell(name, of: id), isOnly: object.only != nil)
                }
            case .function(let function), .bound(let function, _):
                store(value, in: externalCell(Self.externalName(name, of: function)), isOnly: object.only != nil)
            case .class(let id):
                let symbol = names.symbol(name)
                let cell = record(id).attributes[symbol] ?? memory.newCell()
                record(id).attributes[symbol] = cell
                store(value, in: cell, isOnly: object.only != nil)
            case .module(let index):
                if let frame = modules[Int(index)].frame {
                    store(value, in: frame.addedCell(names.symbol(name)) { memory.newCell() }, isOnly: object.only != nil)
                }
            case .external(let path):
                let full = Self.externalName(name, of: path)
                notePatch(place, full, value)
                store(value, in: externalCell(full), isOnly: object.only != nil)
            default: break
            }
        }
    }

    /// Notes that an attribute whose name is not known was stored.
    func storeSomewhere(in object: Value) {
        for atom in object.atoms {
            switch atom {
            case .object(let id): record(id).hasUnknownAttributes = true
            case .class(let id):
                for cell in record(id).attributes.values {
                    let value = memory.value(cell)
                    if case .function? = value.only { continue }
                    memory[cell] = .value(value.opened())
                }
            default: break
            }
        }
    }

    /// Puts a value into a cell: for sure, or as one that may be there.
    private func store(_ value: Value, in cell: CellID, isOnly: Bool) {
        memory[cell] = .value(isOnly ? value : memory.value(cell).joined(with: value))
    }

    private func setter(of name: String, _ type: ClassID) -> FunctionReference? {
        let symbol = names.symbol(name)
        return record(type).resolutionOrder.lazy.compactMap { self.record($0).setters[symbol] }.first
    }

    func attributeCell(_ name: String, of id: ObjectID) -> CellID {
        let symbol = names.symbol(name)
        if let cell = record(id).attributes[symbol] { return cell }
        let cell = memory.newCell()
        record(id).attributes[symbol] = cell
        return cell
    }

    /// What an object itself has under a name, whatever its class says.
    func kept(_ name: String, in id: ObjectID) -> Value? {
        record(id).attributes[names.symbol(name)].map { memory.value($0) }
    }

    func keep(_ value: Value, as name: String, in id: ObjectID) {
        memory[attributeCell(name, of: id)] = .value(value)
    }

    // MARK: Items

    func setItem(_ key: Value, _ value: Value, of container: Atom, isOnly: Bool, at place: Site? = nil) {
        switch container {
        case .object(let id):
            let contents = record(id).contents
            switch record(id).kind {
            case .dictionary:
                let keys = key.isOpen ? [] : key.atoms
                memory.editDictionary(contents) { dictionary in
                    if keys.count == 1, isOnly {
                        dictionary.set(keys[0], value)
                    } else if keys.isEmpty {
                        dictionary.setSomewhere(value)
                    } else {
                        for key in keys {
                            let known = dictionary[key]
                            dictionary.set(
                                key, known.map { $0.value.joined(with: value) } ?? value, isCertain: known?.isCertain ?? false)
                        }
                    }
                }
            case .list, .byteArray:
                let place = key.only
                if case .slice(let lower, let upper, let step)? = place {
                    setSlice(lower, upper, step, to: elements(of: value), of: contents)
                    return
                }
                memory.editSequence(contents) { sequence in
                    if case .int(let index)? = place, isOnly, sequence.isExact {
                        let count = sequence.elements.count
                        let number = index < 0 ? index + count : index
                        if number >= 0, number < count {
                            sequence.edit { $0[number] = value }
                            return
                        }
                    }
                    sequence.replaceSomewhere(with: value)
                }
            case .external: memory[contents] = .value(memory.value(contents).joined(with: value.opened()))
            case .instance(let type):
                if let items = kept(Self.itemsName, in: id)?.only {
                    setItem(key, value, of: items, isOnly: isOnly)
                } else if case .function(let function)? = method("__setitem__", of: type)?.only {
                    _ = enter(function, receiver: container, Arguments(positional: [key, value]), at: function.site)
                }
            default: break
            }
        case .external("os.environ"):
            if case .text(let name)? = key.only {
                memory[externalCell(Self.externalName(ofEnvironment: name))] = .value(value)
            }
        case .external("builtins"):
            if case .text(let name)? = key.only { store(value, as: name.string, in: Value(container), at: place ?? site(0)) }
        case .external("sys.modules"):
            if case .text(let name)? = key.only, let place { notePatch(place, "sys.modules[\(name.string)]", value) }
        case .method(let owner, "__dict__"):
            if case .text(let name)? = key.only {
                store(value, as: name.string, in: Value(owner), at: place ?? site(0))
            } else {
                storeSomewhere(in: Value(owner))
            }
        default: break
        }
    }

    func deleteItem(_ key: Value, of container: Atom) {
        guard case .object(let id) = container else { return }
        switch record(id).kind {
        case .dictionary:
            let only = key.only
            memory.editDictionary(record(id).contents) { if let only { $0.remove(only) } else { $0.forgetKeys() } }
        case .list, .byteArray:
            if case .slice(let lower, let upper, let step)? = key.only {
                setSlice(lower, upper, step, to: SequenceContent(), of: record(id).contents)
                return
            }
            memory.editSequence(record(id).contents) { sequence in
                if case .int(let index)? = key.only, sequence.isExact {
                    let number = index < 0 ? index + sequence.elements.count : index
                    if sequence.elements.indices.contains(number) {
                        sequence.edit { elements in elements.remove(at: number) }
                        return
                    }
                }
                sequence = SequenceContent(rest: sequence.anyMember)
            }
        default: break
        }
    }
}

extension Interpreter {
    /// `x[lower:upper] = members`
    private func setSlice(_ lower: Value, _ upper: Value, _ step: Value, to members: SequenceContent, of cell: CellID) {
        memory.editSequence(cell) { sequence in
            guard sequence.isExact, members.isExact, step.only == Atom.none,
                let indices = Arithmetic.indices(lower, upper, step, count: sequence.elements.count)
            else {
                sequence = SequenceContent(rest: sequence.anyMember.joined(with: members.anyMember))
                return
            }
            sequence.edit { elements in
                let count = elements.count
                let start = indices.first ?? Arithmetic.indices(lower, Value(Atom.none), step, count: count)?.first ?? count
                elements.replaceSubrange(start..<(start + indices.count), with: members.elements)
            }
        }
    }
}

/// Source as one line, as it is shown where a name does not resolve.
enum TextOf {
    private static let limit = 200

    static func line(_ tree: SyntaxTree, _ id: NodeID) -> String {
        let range: Range<Int> = tree.range(id)
        let end = min(range.upperBound, range.lowerBound + limit)
        let text = tree.source.text(range.lowerBound..<end)
        let joined = text.contains(where: \.isNewline) ? text.split(whereSeparator: \.isWhitespace).joined(separator: " ") : text
        return end < range.upperBound ? joined + "…" : joined
    }
}
