import PythonSyntax

extension Interpreter {
    /// Matches a value with a pattern and binds its names. Returns whether it matches, or nil where it may.
    func match(_ value: Value, _ pattern: NodeID) -> Bool? {
        switch tree.syntax(pattern) {
        case .matchValue(let node): return same(value, evaluate(node))
        case .matchSingleton:
            switch tree.literal(pattern) {
            case .boolean(let flag): return same(value, Value(.bool(flag)))
            default: return same(value, Value(.none))
            }
        case .matchAs(let inner, let name):
            let matches = inner.map { match(value, $0) } ?? true
            if matches != false, let name { bind(module.symbol(name), to: narrowed(value, by: inner)) }
            return matches
        case .matchOr(let alternatives):
            var result: Bool? = false
            for alternative in alternatives {
                switch match(value, alternative) {
                case true?: return result == nil ? nil : true
                case nil: result = nil
                case false?: break
                }
            }
            return result
        case .matchSequence(let patterns): return matchSequence(value, patterns)
        case .matchMapping(let keys, let patterns, let rest): return matchMapping(value, keys, patterns, rest)
        case .matchClass(let type, let patterns, let keywords, let keywordPatterns):
            return matchClass(value, evaluate(type), patterns, keywords, keywordPatterns)
        case .matchStar(let name):
            if let name { bind(module.symbol(name), to: .unknown) }
            return true
        default: return nil
        }
    }

    /// What an unknown value is once it has matched constants.
    private func narrowed(_ value: Value, by pattern: NodeID?) -> Value {
        guard let pattern, value.isOpen else { return value }
        var constants = Value.nothing
        func collect(_ node: NodeID) -> Bool {
            switch tree.syntax(node) {
            case .matchValue(let constant):
                constants.join(evaluateQuietly(constant))
                return true
            case .matchOr(let alternatives): return alternatives.allSatisfy(collect)
            default: return false
            }
        }
        return collect(pattern) && !constants.isOpen ? constants : value
    }

    private func same(_ value: Value, _ other: Value) -> Bool? {
        guard !value.isOpen, !other.isOpen, !value.candidates.isEmpty, let theirs = other.only, theirs.isConstant,
            value.candidates.allSatisfy({ $0.atom.isConstant })
        else { return nil }
        let equal = value.candidates.count { $0.atom == theirs }
        return equal == value.candidates.count ? true : equal == 0 ? false : nil
    }

    private func matchClass(
        _ value: Value, _ type: Value, _ patterns: NodeList, _ keywords: IdentifierList, _ keywordPatterns: NodeList
    ) -> Bool? {
        var result: Bool?
        if let only = value.only, let type = type.only {
            result = TypeTests.isInstance(only, of: type, in: self)
            if result == false { return false }
        }
        func check(_ part: Value, _ pattern: NodeID) -> Bool {
            switch match(part, pattern) {
            case false?: return false
            case nil: result = nil
            case true?: break
            }
            return true
        }
        // `str(x)` is the value itself; other classes name their attributes.
        var attributes: [Value] = []
        if case .external(let name)? = type.only, Builtins.types.contains(name) {
            attributes = [value]
        } else if case .class(let id)? = type.only {
            let arguments =
                method("__match_args__", of: id).map { elements(of: $0).elements }
                ?? record(id).fields.map {
                    Value(.text(PythonText(self.names.text($0))))
                }
            attributes = arguments.map { name in
                if case .text(let text)? = name.only {
                    attribute(text.string, of: value, at: site(patterns.first ?? 0))
                } else {
                    .unknown
                }
            }
        }
        for (number, node) in patterns.enumerated() {
            if !check(number < attributes.count ? attributes[number] : .unknown, node) { return false }
        }
        for (name, node) in zip(keywords, keywordPatterns) {
            if !check(attribute(module.name(name), of: value, at: site(node)), node) { return false }
        }
        return result
    }

    private func matchSequence(_ value: Value, _ patterns: NodeList) -> Bool? {
        switch value.only {
        case .text?, .bytes?, .int?, .none?, .bool?, .float?: return false
        case .object(let id)?:
            // Neither mappings nor sets nor iterators are sequences.
            if [.dictionary, .set, .iterator, .byteArray].contains(record(id).kind) { return false }
        default: break
        }
        let members = elements(of: value)
        let star = patterns.firstIndex { tree.kind($0) == .MatchStar }
        guard members.isExact, !value.isOpen else {
            for node in patterns { _ = match(members.anyMember.opened(), node) }
            return nil
        }
        let elements = members.elements
        guard star == nil ? elements.count == patterns.count : elements.count >= patterns.count - 1 else { return false }
        var result: Bool? = true
        for (number, node) in patterns.enumerated() {
            let matches: Bool?
            if let star, number == star {
                if case .matchStar(let name?) = tree.syntax(node) {
                    let behind = patterns.count - star - 1
                    bind(module.symbol(name), to: newList(Array(elements[star..<(elements.count - behind)]), at: site(node)))
                }
                continue
            } else if let star, number > star {
                matches = match(elements[elements.count - patterns.count + number], node)
            } else {
                matches = match(elements[number], node)
            }
            if matches == false { return false }
            if matches == nil { result = nil }
        }
        return result
    }

    private func matchMapping(_ value: Value, _ keys: NodeList, _ patterns: NodeList, _ rest: Identifier?) -> Bool? {
        guard let dictionary = value.only.flatMap(dictionary) else {
            for (key, node) in zip(keys, patterns) { _ = match(item(evaluate(key), of: value, at: site(node)), node) }
            if let rest { bind(module.symbol(rest), to: .unknown) }
            return nil
        }
        var result: Bool? = true
        var others = dictionary
        for (key, node) in zip(keys, patterns) {
            guard let only = evaluate(key).only, let entry = dictionary[only] else {
                if dictionary.isExact { return false }
                _ = match(.unknown, node)
                result = nil
                continue
            }
            others.remove(only)
            switch match(entry.value, node) {
            case false?: return false
            case nil: result = nil
            case true?: if !entry.isCertain { result = nil }
            }
        }
        if let rest { bind(module.symbol(rest), to: newDictionary(others, at: site(keys.first ?? 0))) }
        return result
    }
}
