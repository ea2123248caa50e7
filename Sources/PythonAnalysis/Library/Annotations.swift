import PythonSyntax

/// What an annotation says of a value's class.
enum Annotations {
    /// An instance of the class that an annotation names; nil where it names none that helps.
    static func type(_ node: NodeID, in interpreter: Interpreter) -> Value? {
        let tree = interpreter.tree
        switch tree.syntax(node) {
        case .name, .attribute:
            return instance(of: interpreter.evaluateQuietly(node), at: interpreter.site(node), in: interpreter)
        case .subscript(let outer, let inner, _):
            guard case .external(let name)? = interpreter.evaluateQuietly(outer).only else { return nil }
            if let builtin = builtinInstance(name, at: interpreter.site(node), in: interpreter) { return builtin }
            if ["typing.Optional", "typing.Final", "typing.Annotated", "typing.Union"].contains(name) {
                if case .tuple(let members, _) = tree.syntax(inner) { return members.first.flatMap { type($0, in: interpreter) } }
                return type(inner, in: interpreter)
            }
            return nil
        case .binaryOperation(let left, .BitOr, let right): return type(left, in: interpreter) ?? type(right, in: interpreter)
        case .constant:
            guard case .string(let units) = tree.literal(node), let text = PythonText(codePoints: units)?.string else {
                return nil
            }
            let parts = text.split(separator: ".").map(String.init)
            guard let first = parts.first, parts.allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }) else {
                return nil
            }
            let place = interpreter.site(node)
            var value = interpreter.value(of: interpreter.names.symbol(first), at: place)
            for part in parts.dropFirst() { value = interpreter.attribute(part, of: value, at: place) }
            return instance(of: value, at: place, in: interpreter)
        default: return nil
        }
    }

    /// Something unknown of a built-in type, so that its methods have their names.
    private static func builtinInstance(_ name: String, at place: Site, in interpreter: Interpreter) -> Value? {
        switch name {
        case "str": return .unknownText
        case "list": return interpreter.newSequence(SequenceContent(rest: .unknown), at: place).opened()
        case "set": return interpreter.newSequence(SequenceContent(rest: .unknown), at: place, kind: .set).opened()
        case "dict":
            var contents = DictionaryContent()
            contents.forgetKeys()
            return interpreter.newDictionary(contents, at: place).opened()
        default: return nil
        }
    }

    private static func instance(of value: Value, at place: Site, in interpreter: Interpreter) -> Value? {
        switch value.only {
        case .class(let id)?: return interpreter.isEnum(id) ? nil : interpreter.anyInstance(of: id)
        case .tuple(let types)?:
            let instances = types.compactMap { instance(of: $0, at: place, in: interpreter) }
            return instances.count == types.count ? instances.reduce(Value.nothing) { $0.joined(with: $1) } : nil
        case .external(let name)?:
            if let builtin = builtinInstance(name, at: place, in: interpreter) { return builtin }
            let isTyping = name.hasPrefix("typing.") || name.hasPrefix("collections.abc.") || name.hasPrefix("typing_extensions.")
            let isBuiltin = !name.contains(".")
            return isTyping || isBuiltin || !ExternalObjects.isClass(name) ? nil : interpreter.newExternal(name, at: place)
        default: return nil
        }
    }
}
