import PythonSyntax

/// An import as it was met.
struct ImportRecord {
    let module: String
    let name: String?
    let alias: String?
    let level: Int
    let isDynamic: Bool
}

/// What a name was bound to.
struct BindingRecord {
    let name: String
    /// The function or class around it.
    let scope: String
    var value: FrozenValue
}

/// A call that does not stand in the source as one: of a decorator, or of a function that was passed to another.
struct ImpliedCall {
    let place: Site
    let names: [String]
    let arguments: [FrozenValue]
    let reach: CallReach
    var isByUnpickling = false
}

/// A value of a source that reaches a sink.
struct FlowRecord: Hashable {
    let source: Int
    let sink: Int
    let origin: Site
    let place: Site
    let argument: DataFlow.Argument
    let names: [String]
    let way: [Site]
    let reach: CallReach

    static func == (left: FlowRecord, right: FlowRecord) -> Bool {
        left.source == right.source && left.sink == right.sink && left.origin == right.origin && left.place == right.place
            && left.argument == right.argument
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(origin)
        hasher.combine(place)
        hasher.combine(sink)
    }
}

extension Interpreter {
    // MARK: Calls

    /// Notes a call of the source with what it calls and its arguments.
    func note(_ place: Site, _ callee: Value, _ arguments: Arguments) {
        let names = callee.atoms.compactMap(fullName)
        var arguments = arguments
        var called = callee.only
        while case .partial(let partial)? = called, fullName(.partial(partial)) != nil {
            arguments = combined(partial, arguments)
            called = partial.function.only
        }
        checkSinks(place, names, arguments, unresolved: names.isEmpty)
        guard options.collects.contains(.calls) else { return }
        // What cannot be reached says nothing of what is.
        if isDead, calls[place] != nil, !deadCalls.contains(place) { return }
        if isDead { deadCalls.insert(place) } else if deadCalls.remove(place) != nil { calls[place] = nil }
        let positional = arguments.positional.map(freeze)
        let keywords = arguments.keywords.map { (name: $0.name, value: freeze($0.value)) }
        var record = calls[place] ?? CallRecord()
        for name in names where !record.names.contains(name) && record.names.count < 16 { record.names.append(name) }
        for (index, value) in positional.enumerated() {
            if index < record.positional.count { record.positional[index].join(value) } else { record.positional.append(value) }
        }
        if record.keywords.isEmpty { record.keywords = keywords }
        for (name, value) in keywords where record.keywords.count <= 256 {
            if let index = record.keywords.firstIndex(where: { $0.name == name }) {
                record.keywords[index].value.join(value)
            } else {
                record.keywords.append((name, value))
            }
        }
        record.hasUnknownPositional = record.hasUnknownPositional || arguments.restPositional != nil
        record.hasUnknownKeywords = record.hasUnknownKeywords || arguments.restKeywords != nil
        for atom in callee.atoms where isOwn(atom) {
            if let name = fullName(atom) { record.ownNames.insert(name) }
        }
        if record.receiver == nil, case .method(let receiver, _)? = called, receiver.isConstant {
            record.receiver = freeze(Value(receiver))
        }
        record.scope = frame.path
        record.reach.join(reach)
        calls[place] = record
    }

    /// Notes a call that the source does not show as one.
    func noteImplied(_ place: Site, _ callee: Value, _ arguments: Arguments) {
        let names = callee.atoms.compactMap(fullName)
        checkSinks(place, names, arguments, unresolved: false)
        guard !names.isEmpty, options.collects.contains(.calls), impliedCalls.count < 100_000, !isDead else { return }
        impliedCalls.append(ImpliedCall(place: place, names: names, arguments: arguments.positional.map(freeze), reach: reach))
    }

    /// Notes that something of a module that is not among the files is replaced.
    func notePatch(_ place: Site, _ target: String, _ value: Value) {
        guard options.collects.contains(.calls), !isDead, patches.count < 10_000 else { return }
        var record = patches[place] ?? PatchRecord(target: target, reach: reach)
        for candidate in value.candidates {
            switch candidate.atom {
            case .function(let function), .bound(let function, _): record.functions.insert(function.qualifiedName)
            case .class(let id): record.functions.insert(self.record(id).qualifiedName)
            case .partial, .module: record.isCallable = true
            case .external(let name): record.isCallable = record.isCallable || name != target
            case .object(let id): if case .instance = self.record(id).kind { record.isCallable = true }
            default: break
            }
        }
        record.reach.join(reach)
        patches[place] = record
    }

    /// Notes what `pickle` calls as it loads an object, where a `__reduce__` returns it: a function and its arguments.
    func noteReduction(_ result: Value, at place: Site) {
        guard let function = activations.last?.function, function.owner != nil,
            function.name == "__reduce__" || function.name == "__reduce_ex__", options.collects.contains(.calls), !isDead
        else { return }
        for candidate in result.candidates {
            guard case .tuple(let members) = candidate.atom, members.count > 1 else { continue }
            let names = members[0].atoms.compactMap(fullName)
            guard !names.isEmpty, impliedCalls.count < 100_000 else { continue }
            let arguments = elements(of: members[1])
            impliedCalls.append(
                ImpliedCall(
                    place: place, names: names, arguments: arguments.elements.map(freeze), reach: reach, isByUnpickling: true))
        }
    }

    /// Whether something that can be called is of one of the files.
    private func isOwn(_ atom: Atom) -> Bool {
        switch atom {
        case .function, .bound, .class: true
        default: false
        }
    }

    /// The full dotted name of something that can be called.
    func fullName(_ atom: Atom) -> String? {
        switch atom {
        case .function(let function), .bound(let function, _): return prefixed(function.qualifiedName, of: function.namingModule)
        case .class(let id): return prefixed(record(id).qualifiedName, of: record(id).module)
        case .external(let name): return name
        case .method(_, "__dict__"): return nil
        // What an attribute of an unknown object is, nobody knows.
        case .method(.method, _): return nil
        case .method(let receiver, let name): return typeName(receiver).map { "\($0).\(name)" }
        case .partial(let call):
            let name = call.function.candidates.first.flatMap { fullName($0.atom) }
            return name.map(OperatorCallables.names.contains) == true ? nil : name
        case .module(let index): return modules[Int(index)].file.moduleName
        case .object(let id):
            switch record(id).kind {
            case .instance(let type):
                if let method = method("__call__", of: type), case .function(let function)? = method.candidates.first?.atom {
                    return fullName(.function(function))
                }
                return firstExternalBase(of: type).map { "\($0).__call__" }
            case .external(let type): return "\(type).__call__"
            default: return nil
            }
        default: return nil
        }
    }

    /// A name for people: that of a function, class or module, or that of an object's class with `()`.
    private func shownName(_ atom: Atom) -> String? {
        if case .object = atom { return typeName(atom).map { "\($0)()" } }
        return fullName(atom)
    }

    func prefixed(_ name: String, of index: Int32) -> String {
        guard index != module.index, index < modules.count else { return name }
        // Code that the program itself runs belongs to where it is run.
        if modules[Int(index)].origin != nil || module.origin?.module == index { return name }
        return "\(modules[Int(index)].file.moduleName).\(name)"
    }

    /// The name of the type of something, for its methods.
    func typeName(_ atom: Atom) -> String? {
        switch atom {
        case .text, .template: return "str"
        case .bytes: return "bytes"
        case .int, .largeInt: return "int"
        case .float: return "float"
        case .bool: return "bool"
        case .tuple: return "tuple"
        case .slice: return "slice"
        case .path: return "pathlib.Path"
        case .object(let id):
            switch record(id).kind {
            case .list: return "list"
            case .set: return "set"
            case .dictionary: return "dict"
            case .iterator: return "generator"
            case .byteArray: return "bytearray"
            case .instance(let type):
                return firstExternalBase(of: type) ?? prefixed(record(type).qualifiedName, of: record(type).module)
            case .external(let name): return name
            }
        case .method, .external, .class: return fullName(atom)
        default: return nil
        }
    }

    // MARK: Imports and names

    func noteImport(_ place: Site, module: String, name: String?, alias: String?, level: Int, isDynamic: Bool = false) {
        guard options.collects.contains(.imports), imports[place, default: []].count < 16 else { return }
        if imports[place]?.contains(where: { $0.module == module && $0.name == name }) == true { return }
        imports[place, default: []].append(
            ImportRecord(module: module, name: name, alias: alias, level: level, isDynamic: isDynamic))
    }

    func noteBinding(_ place: Site, _ name: String, _ value: Value) {
        guard options.collects.contains(.values), !isDead else { return }
        let frozen = freeze(value)
        if bindings[place] != nil {
            bindings[place]?.value.join(frozen)
        } else {
            bindings[place] = BindingRecord(name: name, scope: frame.path, value: frozen)
        }
    }

    // MARK: Freezing

    private static var combinations: Int { 64 }

    /// A copy of a value as it is now.
    func freeze(_ value: Value) -> FrozenValue {
        var frozen = FrozenValue()
        for candidate in value.candidates {
            switch candidate.atom {
            case .template(let parts): frozen.add(template: parts)
            default:
                let (constants, isComplete) = constants(candidate.atom, depth: 0)
                for constant in constants { frozen.add(constant, candidate.evidence) }
                if !isComplete {
                    frozen.open()
                    if let name = shownName(candidate.atom) { frozen.add(name: name) }
                }
            }
        }
        if value.isOpen || value.candidates.isEmpty { frozen.open() }
        return frozen
    }

    /// A value as a constant, where it is one; a list or other container too, where all of it is known.
    func constant(of value: Value) -> PythonConstant? { freeze(value).exact }

    func constant(of atom: Atom) -> PythonConstant? { constant(of: Value(atom)) }

    /// The constants that something can be, and whether these are all.
    private func constants(_ atom: Atom, depth: Int) -> ([PythonConstant], Bool) {
        switch atom {
        case .none: return ([.none], true)
        case .ellipsis: return ([.ellipsis], true)
        case .bool(let value): return ([.bool(value)], true)
        case .int(let value): return ([.int(value)], true)
        case .largeInt(let digits): return ([.largeInt(digits)], true)
        case .float(let value): return ([.float(value)], true)
        case .text(let text): return ([.text(text.string)], true)
        case .bytes(let bytes): return ([.bytes(bytes)], true)
        case .path(let path): return ([.path(path.string)], true)
        case .tuple(let members): return product(members, depth: depth).map { ($0.map { .tuple($0) }, true) } ?? ([], false)
        case .object(let id):
            switch record(id).kind {
            case .byteArray: return byteArray(id).map { ([.bytes($0)], true) } ?? ([], false)
            case .list, .set:
                guard let members = memory.sequence(record(id).contents), members.isExact,
                    let products = product(members.elements, depth: depth)
                else { return ([], false) }
                let isSet = record(id).kind == .set
                return (products.map { isSet ? .set($0) : .list($0) }, true)
            case .dictionary:
                guard let dictionary = memory.dictionary(record(id).contents), dictionary.isExact,
                    let values = product(dictionary.entries.map(\.value), depth: depth),
                    let keys = product(dictionary.entries.map { Value($0.key) }, depth: depth)?.first
                else { return ([], false) }
                return (values.map { .dictionary(zip(keys, $0).map { PythonConstant.Pair(key: $0, value: $1) }) }, true)
            case .instance(let type):
                // A member of an enumeration of texts is its text.
                guard let base = firstExternalBase(of: type), isEnum(type),
                    record(type).externalBases.contains("str") || base.hasSuffix("StrEnum"),
                    let only = kept("value", in: id)?.only
                else { return ([], false) }
                return constants(only, depth: depth + 1)
            default: return ([], false)
            }
        default: return ([], false)
        }
    }

    /// Every combination of the members' constants; nil where one is not known, or there are too many.
    private func product(_ members: [Value], depth: Int) -> [[PythonConstant]]? {
        guard depth < 32 else { return nil }
        var products: [[PythonConstant]] = [[]]
        for member in members {
            guard !member.isOpen, !member.candidates.isEmpty else { return nil }
            var alternatives: [PythonConstant] = []
            for candidate in member.candidates {
                let (constants, isComplete) = constants(candidate.atom, depth: depth + 1)
                guard isComplete else { return nil }
                alternatives += constants
            }
            if alternatives.count == 1 {
                for index in products.indices { products[index].append(alternatives[0]) }
            } else {
                guard products.count * alternatives.count <= Self.combinations else { return nil }
                products = products.flatMap { product in alternatives.map { product + [$0] } }
            }
        }
        return products
    }

    /// A constant as a value: containers are made anew.
    func thaw(_ constant: PythonConstant, at place: Site) -> Value {
        let evidence = Evidence(place)
        switch constant {
        case .none: return Value(.none, evidence)
        case .ellipsis: return Value(.ellipsis, evidence)
        case .bool(let value): return Value(.bool(value), evidence)
        case .int(let value): return Value(.int(value), evidence)
        case .largeInt(let digits): return Value(.largeInt(digits), evidence)
        case .float(let value): return Value(.float(value), evidence)
        case .text(let text): return Value(.text(PythonText(text)), evidence)
        case .bytes(let bytes): return Value(.bytes(bytes), evidence)
        case .path(let path): return Value(.path(PythonText(path)), evidence)
        case .list(let members): return newList(members.map { thaw($0, at: place) }, at: place)
        case .tuple(let members): return Value(.tuple(members.map { thaw($0, at: place) }), evidence)
        case .set(let members): return newList(members.map { thaw($0, at: place) }, at: place, kind: .set)
        case .dictionary(let pairs):
            var dictionary = DictionaryContent()
            for pair in pairs {
                if let key = thaw(pair.key, at: place).only { dictionary.set(key, thaw(pair.value, at: place)) }
            }
            return newDictionary(dictionary, at: place)
        }
    }
}
