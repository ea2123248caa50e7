import PythonSyntax

extension Interpreter {
    /// What an attribute of a value can be.
    func attribute(_ name: String, of value: Value, at place: Site) -> Value {
        each(value) { candidate in
            attributeIfAny(name, of: candidate.atom, at: place) ?? .unknown
        }
    }

    /// What an attribute of one thing can be; nil where nothing says that it has one.
    func attributeIfAny(_ name: String, of atom: Atom, at place: Site) -> Value? {
        let evidence = Evidence(place)
        func value(_ atom: Atom) -> Value { Value(atom, evidence) }
        switch atom {
        case .object(let id): return attribute(name, ofObject: id, atom, at: place)
        case .class(let id): return attribute(name, ofClass: id, receiver: atom, at: place)
        case .module(let index): return attribute(name, ofModule: Int(index), at: place)
        case .external(let path): return attribute(name, ofExternal: path, at: place)
        case .parent(let id, let receiver): return parentAttribute(name, of: id, receiver, at: place)
        case .function(let function), .bound(let function, _):
            switch name {
            case "__name__": return value(.text(PythonText(function.name)))
            case "__doc__": return documentation(function.site)
            case "__globals__": return value(.method(receiver: .module(function.definition.module.index), name: "__dict__"))
            case "__class__": return value(.external("function"))
            case "__wrapped__", "__func__": return value(.function(function))
            case "__call__": return value(atom)
            case "__self__": if case .bound(_, let receiver) = atom { return value(receiver) } else { return nil }
            case "setter", "getter", "deleter": return function.kind == .property ? value(.external("property.setter")) : nil
            default: return externalCells[Self.externalName(name, of: function)].map { memory.value($0) }
            }
        case .partial(let call):
            switch name {
            case "func": return call.function
            case "__call__": return value(atom)
            default: return nil
            }
        case .path(let path):
            return Paths.attribute(name, of: path.string).map { value($0) } ?? value(.method(receiver: atom, name: name))
        case .text, .bytes, .template, .int, .largeInt, .float, .bool, .tuple, .slice:
            if name == "__class__" { return typeName(atom).map { value(.external($0)) } }
            return value(.method(receiver: atom, name: name))
        case .method(_, "__dict__"): return value(.method(receiver: atom, name: name))
        case .method: return value(.method(receiver: atom, name: name))
        case .none, .ellipsis: return nil
        }
    }

    // MARK: Objects

    /// `_Class__name` as it stands in the class: `__name` (The Python Language Reference, section 6.2.1).
    private func unmangled(_ name: String, _ type: ClassID) -> String? {
        guard name.hasPrefix("_"), !name.hasPrefix("__") else { return nil }
        for type in record(type).resolutionOrder {
            let prefix = "_\(record(type).qualifiedName.lastPart)__"
            if name.hasPrefix(prefix) { return "__" + name.dropFirst(prefix.count) }
        }
        return nil
    }

    private func attribute(_ name: String, ofObject id: ObjectID, _ atom: Atom, at place: Site) -> Value? {
        let value = knownAttribute(name, ofObject: id, atom, at: place)
        guard record(id).hasUnknownAttributes, let found = value else { return value }
        // A method stays what it is; nobody stores these under made-up names.
        if case .bound? = found.only { return found }
        return found.opened()
    }

    private func knownAttribute(_ name: String, ofObject id: ObjectID, _ atom: Atom, at place: Site) -> Value? {
        let object = record(id)
        let symbol = names.symbol(name)
        if let value = read(object.attributes[symbol]) { return value }
        switch object.kind {
        case .instance(let type):
            if name == "__class__" { return Value(.class(type), Evidence(place)) }
            if name == "__dict__" { return Value(.method(receiver: atom, name: name), Evidence(place)) }
            if let value = textValue(of: id), classAttribute(symbol, of: record(type).resolutionOrder) == nil {
                return attributeIfAny(name, of: value, at: place)
            }
            if let found = attribute(name, ofClass: type, receiver: atom, at: place) { return found }
            if name != "__getattr__", let method = method("__getattr__", of: type)?.only, case .function(let function) = method {
                return enter(function, receiver: atom, Arguments(positional: [Value(.text(PythonText(name)))]), at: place)
            }
            // Something may still set it: whoever does must reach this place.
            noteRead(attributeCell(name, of: id))
            return nil
        case .external(let type):
            if let found = ExternalObjects.attribute(name, of: id, type, in: self) { return found }
            return Value(.method(receiver: atom, name: name), Evidence(place)).tainted(by: memory.value(object.contents).taint)
        default: return Value(.method(receiver: atom, name: name), Evidence(place))
        }
    }

    /// What a member of an enumeration of texts or numbers counts as.
    func textValue(of id: ObjectID) -> Atom? {
        guard case .instance(let type) = record(id).kind, isEnum(type),
            record(type).externalBases.contains(where: { ["str", "int", "enum.StrEnum", "enum.IntEnum"].contains($0) })
        else { return nil }
        return kept("value", in: id)?.only
    }

    // MARK: Classes

    /// The value that a class or one of its bases has under a name, and the class that has it.
    func classAttribute(_ symbol: Symbol, of order: some Sequence<ClassID>) -> (value: Value, owner: ClassID)? {
        for type in order {
            if let value = read(record(type).attributes[symbol]) { return (value, type) }
        }
        return nil
    }

    func method(_ name: String, of type: ClassID) -> Value? {
        classAttribute(names.symbol(name), of: record(type).resolutionOrder)?.value
    }

    /// An attribute of a class, as an instance (`receiver`) or the class itself sees it.
    func attribute(_ name: String, ofClass type: ClassID, receiver: Atom, at place: Site) -> Value? {
        let symbol = names.symbol(name)
        if let (found, _) = classAttribute(symbol, of: record(type).resolutionOrder) {
            if case .class = receiver, let member = enumMember(symbol, of: type, found, at: place) { return member }
            return bind(found, to: receiver, type, at: place)
        }
        if case .class = receiver {
            switch name {
            case "__name__": return Value(.text(PythonText(String(record(type).qualifiedName.lastPart))), Evidence(place))
            case "__mro__", "__subclasses__": return nil
            case "__members__" where isEnum(type):
                var all = DictionaryContent()
                for member in enumMembers(type) {
                    if let name = member.only.flatMap({ attributeIfAny("name", of: $0, at: place) })?.only {
                        all.set(name, member)
                    }
                }
                return newDictionary(all, at: place)
            default: break
            }
        }
        if let inner = unmangled(name, type) { return attribute(inner, ofClass: type, receiver: receiver, at: place) }
        if case .class = receiver, name == "__dict__" { return Value(.method(receiver: receiver, name: name), Evidence(place)) }
        if name == "__doc__" { return documentation(record(type).site) }
        guard let base = firstExternalBase(of: type) else { return nil }
        if case .class = receiver { return Value(.external("\(base).\(name)"), Evidence(place)) }
        return Value(.method(receiver: receiver, name: name), Evidence(place))
    }

    /// The first base that is not among the files, in the order of look-up.
    func firstExternalBase(of type: ClassID) -> String? {
        for type in record(type).resolutionOrder {
            if let base = record(type).externalBases.first(where: { $0 != "object" }) { return base }
        }
        return nil
    }

    /// What a function becomes when it is looked up through an instance or class.
    private func bind(_ value: Value, to receiver: Atom, _ type: ClassID, at place: Site) -> Value {
        each(value) { candidate in
            if case .partial(let partial) = candidate.atom, partial.isMethod {
                return Value(
                    .partial(PartialCall(self.bind(partial.function, to: receiver, type, at: place), partial.arguments)),
                    candidate.evidence)
            }
            guard case .function(let function) = candidate.atom else { return Value(candidate.atom, candidate.evidence) }
            switch function.kind {
            case .staticMethod: return Value(candidate.atom, candidate.evidence)
            case .classMethod: return Value(.bound(function, receiver: classOf(receiver) ?? receiver), candidate.evidence)
            case .property:
                if case .class = receiver { return Value(candidate.atom, candidate.evidence) }
                return enter(function, receiver: receiver, Arguments(), at: place)
            case .plain, .contextManager:
                // Only what a class body defines is a method; a function that was stored there is one too.
                if case .class = receiver { return Value(candidate.atom, candidate.evidence) }
                return Value(.bound(function, receiver: receiver), candidate.evidence)
            }
        }
    }

    private func classOf(_ atom: Atom) -> Atom? {
        switch atom {
        case .class: return atom
        case .object(let id): if case .instance(let type) = record(id).kind { return .class(type) } else { return nil }
        default: return nil
        }
    }

    private func parentAttribute(_ name: String, of type: ClassID, _ receiver: Atom, at place: Site) -> Value? {
        guard case .class(let own)? = classOf(receiver) else { return nil }
        let order = record(own).resolutionOrder
        let behind = order.firstIndex(of: type).map { Array(order[($0 + 1)...]) } ?? []
        if let (found, _) = classAttribute(names.symbol(name), of: behind) {
            // `super().__new__(cls)` and class methods see the class.
            return bind(found, to: receiver, own, at: place)
        }
        for type in [type] + behind {
            if record(type).hasUnknownBase { return nil }
            if case .object(let id) = receiver, let items = kept(Self.itemsName, in: id)?.only {
                return Value(.method(receiver: items, name: name), Evidence(place))
            }
            if let base = record(type).externalBases.first { return Value(.external("\(base).\(name)"), Evidence(place)) }
        }
        return Value(.external("object.\(name)"), Evidence(place))
    }

    // MARK: Modules

    private func attribute(_ name: String, ofModule index: Int, at place: Site) -> Value? {
        let module = modules[index]
        runModule(index)
        if let value = read(module.frame?.cell(names.symbol(name))) { return value }
        if let inner = moduleIndex["\(module.file.moduleName).\(name)"] { return Value(.module(Int32(inner)), Evidence(place)) }
        switch name {
        case "__dict__": return Value(.method(receiver: .module(Int32(index)), name: name), Evidence(place))
        case "__builtins__": return Value(.external("builtins"), Evidence(place))
        case "__name__": return Value(.text(PythonText(module.file.moduleName)), Evidence(place))
        case "__doc__": return documentation(module.site(module.tree.root))
        default:
            if module.unknownStars.count == 1 { return Value(.external("\(module.unknownStars[0]).\(name)"), Evidence(place)) }
            return nil
        }
    }

    private func attribute(_ name: String, ofExternal path: String, at place: Site) -> Value? {
        let full = Self.externalName(name, of: path)
        if let value = read(externalCells[full]) { return value }
        if let index = moduleIndex[full] { return Value(.module(Int32(index)), Evidence(place)) }
        if let constant = ExternalConstants.value(full) { return Value(constant, Evidence(place)) }
        switch name {
        case "__getattribute__" where path != "object":
            return Value(.method(receiver: .external(path), name: name), Evidence(place))
        case "__name__": return Value(.text(PythonText(String(path.lastPart))), Evidence(place))
        case "__dict__": return Value(.method(receiver: .external(path), name: name), Evidence(place))
        default: return Value(.external(full), Evidence(place))
        }
    }

    // MARK: What the program stores elsewhere

    /// The name under which an attribute of something that is not among the files is kept.
    static func externalName(_ name: String, of path: String) -> String {
        // A relative import whose package is not known ends with its dots.
        path.hasSuffix(".") ? path + name : "\(path).\(name)"
    }

    static func externalName(_ name: String, of function: FunctionReference) -> String {
        "\(function.site.module):\(function.site.node).\(name)"
    }

    static func externalName(ofEnvironment name: PythonText) -> String { "os.environ[\(name.string)]" }

    /// Where such a thing is kept, from now on if it was not before.
    func externalCell(_ name: String) -> CellID {
        if let known = externalCells[name] { return known }
        let cell = memory.newCell()
        externalCells[name] = cell
        return cell
    }

    /// What the program itself put into a variable of the environment.
    func environmentValue(_ key: Value?) -> Value? {
        guard case .text(let name)? = key?.only else { return nil }
        return read(externalCells[Self.externalName(ofEnvironment: name)])
    }

    // MARK: Items

    /// What `value[key]` can be.
    func item(_ key: Value, of value: Value, at place: Site) -> Value {
        each(value) { candidate in
            item(key, of: candidate.atom, at: place) ?? .unknown
        }
        .tainted(by: key.taint)
    }

    private func item(_ key: Value, of container: Atom, at place: Site) -> Value? {
        switch container {
        case .object(let id):
            switch record(id).kind {
            case .dictionary:
                guard let dictionary = memory.dictionary(record(id).contents) else { return nil }
                if let made = missingEntry(key, id, dictionary, at: place) { return made }
                return entry(key, of: dictionary)
            case .list, .iterator, .byteArray:
                guard let members = memory.sequence(record(id).contents) else { return nil }
                return member(key, of: members) { self.newList($0, at: place) }
            case .instance(let type):
                if isNamedTuple(type) {
                    return member(key, of: elements(of: Value(container))) { self.tupleValue($0, at: place) }
                }
                if let items = kept(Self.itemsName, in: id) { return item(key, of: items, at: place) }
                guard let method = attributeIfAny("__getitem__", of: container, at: place), case .bound? = method.only else {
                    if case .text(let name)? = key.only { return attributeIfAny(name.string, of: container, at: place) }
                    return nil
                }
                return call(method, Arguments(positional: [key]), at: place)
            case .external: return Value.unknown.tainted(by: memory.value(record(id).contents).taint)
            case .set: return nil
            }
        case .tuple(let members):
            return member(key, of: SequenceContent(members)) { self.tupleValue($0, at: place) }
        case .text, .bytes: return lift([Value(container), key], at: place) { Arithmetic.item($0[1], of: $0[0]) }
        case .class(let id):
            if isEnum(id), case .text(let name)? = key.only { return attributeIfAny(name.string, of: container, at: place) }
            // A generic class with its parameters is the class.
            return Value(container, Evidence(place))
        case .external("sys.modules"):
            guard case .text(let name)? = key.only else { return nil }
            return moduleValue(name.string, at: place)
        case .external("os.environ"): return environmentValue(key)
        case .external("builtins"):
            guard case .text(let name)? = key.only else { return nil }
            return Value(.external("builtins.\(name.string)"), Evidence(place))
        case .external(let path):
            // `list[int]` and the like are what they are of.
            return path.lastPart.first?.isUppercase == true ? Value(container, Evidence(place)) : nil
        case .method(let owner, "__dict__"):
            guard case .text(let name)? = key.only else { return nil }
            return attributeIfAny(name.string, of: owner, at: place)
        default: return nil
        }
    }

    /// What a `defaultdict` makes for a key that it has not.
    private func missingEntry(_ key: Value, _ id: ObjectID, _ dictionary: DictionaryContent, at place: Site) -> Value? {
        guard let only = key.only, dictionary.isExact, dictionary[only] == nil else { return nil }
        if let count = kept(Self.missingName, in: id) { return count }
        guard let factory = kept("default_factory", in: id) else { return nil }
        let made = call(factory, Arguments(), at: place)
        memory.editDictionary(record(id).contents) { $0.set(only, made) }
        return made
    }

    /// The attribute under which a `Counter` keeps what a key that it has not counts as.
    static var missingName: String { "<missing>" }

    func isNamedTuple(_ type: ClassID) -> Bool { record(type).externalBases.contains { $0.hasSuffix("NamedTuple") } }

    /// The text that stands first in a file, class or function.
    func documentation(_ place: Site) -> Value? {
        let tree = modules[Int(place.module)].tree
        let body: NodeList
        switch tree.syntax(place.node) {
        case .module(let statements): body = statements
        case .functionDefinition(let function): body = function.body
        case .classDefinition(let type): body = type.body
        default: return nil
        }
        guard let first = body.first, case .expression(let expression) = tree.syntax(first), tree.kind(expression) == .Constant,
            case .string(let units) = tree.literal(expression), let text = PythonText(codePoints: units)
        else { return Value(Atom.none) }
        return Value(.text(text), Evidence(Site(module: place.module, node: expression)))
    }

    private func entry(_ key: Value, of dictionary: DictionaryContent) -> Value {
        guard !key.isOpen, !key.candidates.isEmpty else {
            let any = dictionary.anyValue
            return dictionary.rest == nil && !any.isNothing && key.candidates.isEmpty ? any : any.opened()
        }
        var result = Value.nothing
        for atom in key.atoms {
            if let entry = dictionary[atom] {
                result.join(entry.value)
            } else {
                result.join(dictionary.rest ?? .unknown)
            }
        }
        return result.isNothing ? .unknown : result
    }

    private func member(_ key: Value, of members: SequenceContent, _ slice: ([Value]) -> Value) -> Value {
        guard members.isExact else {
            if case .slice? = key.only { return .unknown.tainted(by: members.anyMember.taint) }
            return members.anyMember.isNothing ? .unknown : members.anyMember
        }
        let elements = members.elements
        var result = Value.nothing
        for atom in key.atoms {
            switch atom {
            case .int(let index):
                let number = index < 0 ? index + elements.count : index
                result.join(elements.indices.contains(number) ? elements[number] : .unknown)
            case .bool(let flag): result.join(elements.indices.contains(flag ? 1 : 0) ? elements[flag ? 1 : 0] : .unknown)
            case .slice(let lower, let upper, let step):
                if let indices = Arithmetic.indices(lower, upper, step, count: elements.count) {
                    result.join(slice(indices.map { elements[$0] }))
                } else {
                    result.join(.unknown)
                }
            default: result.join(.unknown)
            }
        }
        // An index that is not known is one of them, as long as there is one.
        if key.isOpen || key.candidates.isEmpty { result.join(elements.isEmpty ? .unknown : members.anyMember) }
        return result.isNothing ? .unknown : result
    }
}
