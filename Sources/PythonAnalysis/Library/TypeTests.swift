/// `isinstance`, and classes that are made by calls.
enum TypeTests {
    static func isInstance(_ atom: Atom, of type: Atom, in interpreter: Interpreter) -> Bool? {
        if case .tuple(let types) = type {
            var result: Bool? = false
            for type in types {
                guard let only = type.only else { return nil }
                switch isInstance(atom, of: only, in: interpreter) {
                case true?: return true
                case nil: result = nil
                case false?: break
                }
            }
            return result
        }
        switch type {
        case .external(let name):
            let names: Set<String>
            switch atom {
            case .text: names = ["str", "object", "basestring"]
            case .bytes: names = ["bytes", "object"]
            case .bool: names = ["bool", "int", "object"]
            case .int, .largeInt: names = ["int", "object"]
            case .float: names = ["float", "object"]
            case .tuple: names = ["tuple", "object"]
            case .none: names = ["object"]
            case .object(let id):
                switch interpreter.record(id).kind {
                case .list: names = ["list", "object"]
                case .set: names = ["set", "object"]
                case .dictionary: names = ["dict", "object"]
                default: return nil
                }
            default: return nil
            }
            return name.contains(".") ? nil : names.contains(name)
        case .class(let id):
            guard case .object(let object) = atom else {
                switch atom {
                case .text, .int, .none, .bool, .bytes, .float, .tuple: return false
                default: return nil
                }
            }
            guard case .instance(let own) = interpreter.record(object).kind else { return nil }
            return interpreter.record(own).resolutionOrder.contains(id)
        default: return nil
        }
    }

    /// `type(name, bases, namespace)`
    static func newType(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard case .text(let name)? = arguments[0]?.only, let bases = arguments[1],
            let namespace = arguments[2]?.only.flatMap(interpreter.dictionary)
        else { return nil }
        let made = interpreter.newClass(named: name.string, bases: interpreter.elements(of: bases).elements, at: place)
        for entry in namespace.entries {
            guard case .text(let name) = entry.key else { continue }
            made.attributes[interpreter.names.symbol(name.string)] = interpreter.memory.newCell(.value(entry.value))
        }
        return Value(.class(made.id), Evidence(place))
    }

    /// `collections.namedtuple(name, fields)`
    static func newNamedTuple(_ arguments: Arguments, at place: Site, in interpreter: Interpreter) -> Value? {
        guard case .text(let name)? = arguments[0]?.only, let fields = arguments[1] else { return nil }
        var names: [String] = []
        if case .text(let text)? = fields.only {
            names = text.string.split { $0 == "," || $0.isWhitespace }.map(String.init)
        } else {
            for element in interpreter.elements(of: fields).elements {
                switch element.only {
                case .text(let text)?: names.append(text.string)
                // `typing.NamedTuple("P", [("x", int)])`
                case .tuple(let pair)?: if case .text(let text)? = pair.first?.only { names.append(text.string) }
                default: return nil
                }
            }
        }
        let made = interpreter.newClass(named: name.string, bases: [Value(.external("typing.NamedTuple"))], at: place)
        made.fields = names.map { interpreter.names.symbol($0) }
        made.isDataclass = true
        if let defaults = arguments["defaults"].map({ interpreter.elements(of: $0) }), defaults.isExact,
            defaults.elements.count <= names.count
        {
            for (field, value) in zip(made.fields.suffix(defaults.elements.count), defaults.elements) {
                made.attributes[field] = interpreter.memory.newCell(.value(value))
            }
        }
        return Value(.class(made.id), Evidence(place))
    }
}
