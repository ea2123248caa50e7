extension SyntaxTree {
    /// The tree for people: a line a node, indented, with its place and what it is called.
    public func outline() -> [String] {
        var lines: [String] = []
        var waiting: [(id: NodeID, depth: Int)] = [(root, 0)]
        while let (id, depth) = waiting.popLast() {
            let place = source.position(range(id).lowerBound)
            lines.append("\(String(repeating: "  ", count: depth))\(kind(id))\(label(id)) \(place.line):\(place.column + 1)")
            for child in children(id).reversed() { waiting.append((child, depth + 1)) }
        }
        return lines
    }

    /// What a node is called, or the constant that it is.
    private func label(_ id: NodeID) -> String {
        switch syntax(id) {
        case .functionDefinition(let function): return " \(text(function.name))"
        case .classDefinition(let type): return " \(text(type.name))"
        case .parameter(let name, _), .typeVariable(let name, _, _), .parameterSpecification(let name, _),
            .typeVariableTuple(let name, _), .name(let name, _):
            return " \(text(name))"
        case .attribute(_, let name, _): return " .\(text(name))"
        case .keyword(let name, _): return name.map { " \(text($0))=" } ?? " **"
        case .alias(let name, let asName):
            return " \(name.isEmpty ? "*" : text(name))" + (asName.map { " as \(text($0))" } ?? "")
        case .constant:
            let text = source.text(range(id))
            return " \(text.count > 60 ? text.prefix(60) + "…" : text[...])"
        default: return ""
        }
    }
}
