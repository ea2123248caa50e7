import Documents
import ModelPackage

/// The values of one condition.
struct ConditionValues {
    let key: String
    let value: YAMLValue
    /// That of the key.
    let line: Int

    /// Texts, of which there is one at least: a list, or one alone.
    private func texts() throws(PolicyMistake) -> [(text: String, line: Int)] {
        let items: [YAMLValue]
        switch value {
        case .scalar: items = [value]
        case .sequence(let values, _): items = values
        case .mapping: throw wrong(value.line, "is a mapping; write a text or a list of texts")
        }
        guard !items.isEmpty else { throw wrong(line, "is an empty list; write at least one value, or leave the condition out") }
        var texts: [(text: String, line: Int)] = []
        for item in items {
            guard case .scalar = item, let text = item.text else {
                throw wrong(item.line, "has \(shown(item)) where a text belongs; write a text, in quotes if it is special")
            }
            guard text.first?.isWhitespace == false, text.last?.isWhitespace == false else {
                throw wrong(item.line, "has \(printable(text)), which begins or ends with white space; take it away")
            }
            texts.append((text, item.line))
        }
        return texts
    }

    /// Globs over single words and names.
    func patterns() throws(PolicyMistake) -> [String] {
        var patterns: [String] = []
        for (text, line) in try texts() {
            try checkStars(text, line)
            patterns.append(text)
        }
        return patterns
    }

    func packages() throws(PolicyMistake) -> [PackagePattern] {
        var patterns: [PackagePattern] = []
        for (text, line) in try texts() {
            try checkStars(text, line)
            guard let pattern = PackagePattern(text) else {
                let hubs = HubID.allCases.map(\.rawValue).joined(separator: ", ")
                throw wrong(
                    line,
                    "has \(printable(text)), which names no hub; write HUB:NAME with a hub of \(hubs), "
                        + "such as 'hf:our-org/*', or '*:' for any"
                )
            }
            patterns.append(pattern)
        }
        return patterns
    }

    func paths() throws(PolicyMistake) -> [NamePattern] {
        var patterns: [NamePattern] = []
        for (text, line) in try texts() {
            try checkStars(text, line)
            guard !text.hasPrefix("/"), !text.hasPrefix("./"), !text.contains("\\") else {
                throw wrong(
                    line,
                    "has \(printable(text)), which no path matches; write it from the package's root, with '/', as in 'code/*'")
            }
            patterns.append(NamePattern(text))
        }
        return patterns
    }

    /// Values of a fixed list.
    func each<Value>(_ what: String, _ known: [String], _ read: (String) -> Value?) throws(PolicyMistake) -> [Value] {
        var values: [Value] = []
        for (text, line) in try texts() {
            guard let value = read(text) else {
                throw wrong(
                    line,
                    "has \(printable(text)), which is not \(what)\(Hint.nearest(to: text, in: known)); write one of "
                        + known.joined(separator: ", "))
            }
            values.append(value)
        }
        return values
    }

    func flag() throws(PolicyMistake) -> Bool {
        guard case .scalar(let text, _, isQuoted: false) = value else {
            throw wrong(value.line, "is \(shown(value))\(isText ? " in quotes" : ""); write true or false")
        }
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: throw wrong(value.line, "is \(shown(value)); write true or false")
        }
    }

    func size() throws(PolicyMistake) -> ByteSize {
        guard case .scalar(let text, _, _) = value, let size = ByteSize(text) else {
            throw wrong(value.line, "is \(shown(value)), which is no size; write one such as 20GB, 1.5 GiB, 500M or 1048576")
        }
        return size
    }

    func severity() throws(PolicyMistake) -> FindingSeverity {
        let known = FindingSeverity.allCases.map(\.rawValue)
        guard case .scalar(let text, _, _) = value, let severity = FindingSeverity(rawValue: text.lowercased()) else {
            let hint = value.text.map { Hint.nearest(to: $0, in: known) } ?? ""
            throw wrong(
                value.line, "is \(shown(value)), which is no severity\(hint); write one of \(known.joined(separator: ", "))")
        }
        return severity
    }

    private var isText: Bool {
        if case .scalar = value { true } else { false }
    }

    /// Two stars mean no more than one here, and whoever writes them means what one does not.
    private func checkStars(_ text: String, _ line: Int) throws(PolicyMistake) {
        guard !text.contains("**") else {
            throw wrong(
                line,
                "has \(printable(text)): one '*' matches slashes too; for a file at the root and below write both, "
                    + "as in ['x', '*/x']")
        }
    }

    private func wrong(_ line: Int, _ what: String) -> PolicyMistake {
        PolicyMistake(line: line, what: "'\(key)' \(what)")
    }
}
