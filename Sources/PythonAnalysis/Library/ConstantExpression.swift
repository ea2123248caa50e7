import PythonSyntax

/// Texts that are expressions of constants: what `eval` and `ast.literal_eval` are given, and JSON.
enum ConstantExpression {
    private static let longest = 1 << 20

    /// The value of a Python expression of constants and operators.
    static func value(of text: String) -> PythonConstant? { value(of: text, isJSON: false) }

    /// The value of a JSON text; nil where it is none, or has escapes that JSON and Python read differently.
    static func json(_ text: String) -> PythonConstant? {
        text.contains("\\/") || text.lowercased().contains("\\ud") ? nil : value(of: text, isJSON: true)
    }

    private static func value(of text: String, isJSON: Bool) -> PythonConstant? {
        guard text.utf8.count <= longest else { return nil }
        let trimmed = text.drop { $0.isWhitespace }
        let file = PythonFile(Array((isJSON ? "(" + trimmed + ")" : String(trimmed)).utf8))
        guard file.problems.isEmpty, case .module(let body) = file.tree.syntax(file.tree.root), body.count == 1,
            case .expression(let expression) = file.tree.syntax(body[0])
        else { return nil }
        return constant(expression, file.tree, isJSON: isJSON, depth: 0)
    }

    private static func constant(_ id: NodeID, _ tree: SyntaxTree, isJSON: Bool, depth: Int) -> PythonConstant? {
        guard depth < 200 else { return nil }
        func all(_ nodes: NodeList) -> [PythonConstant]? {
            var members: [PythonConstant] = []
            for node in nodes {
                guard let member = constant(node, tree, isJSON: isJSON, depth: depth + 1) else { return nil }
                members.append(member)
            }
            return members
        }
        switch tree.syntax(id) {
        case .constant: return PythonConstant(tree.literal(id))
        case .name(let name, _) where isJSON:
            switch tree.text(name) {
            case "true": return .bool(true)
            case "false": return .bool(false)
            case "null": return PythonConstant.none
            default: return nil
            }
        case .tuple(let members, _): return isJSON ? nil : all(members).map { .tuple($0) }
        case .list(let members, _): return all(members).map { .list($0) }
        case .set(let members): return isJSON ? nil : all(members).map { .set($0) }
        case .dictionary(let keys, let values):
            guard !keys.contains(0), let keys = all(keys), let values = all(values) else { return nil }
            var pairs: [PythonConstant.Pair] = []
            for (key, value) in zip(keys, values) {
                pairs.removeAll { $0.key == key }
                pairs.append(PythonConstant.Pair(key: key, value: value))
            }
            return .dictionary(pairs)
        case .unaryOperation(let operation, let operand):
            return constant(operand, tree, isJSON: isJSON, depth: depth + 1).flatMap(atom).flatMap {
                Arithmetic.unary(operation, $0)
            }
            .flatMap(plain)
        case .binaryOperation(let left, let operation, let right) where !isJSON:
            guard let left = constant(left, tree, isJSON: false, depth: depth + 1).flatMap(atom),
                let right = constant(right, tree, isJSON: false, depth: depth + 1).flatMap(atom)
            else { return nil }
            return Arithmetic.binary(operation, left, right).flatMap(plain)
        default: return nil
        }
    }

    private static func atom(_ constant: PythonConstant) -> Atom? {
        switch constant {
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .text(let text): .text(PythonText(text))
        case .bytes(let bytes): .bytes(bytes)
        default: nil
        }
    }

    private static func plain(_ atom: Atom) -> PythonConstant? {
        switch atom {
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .text(let text): .text(text.string)
        case .bytes(let bytes): .bytes(bytes)
        default: nil
        }
    }
}

extension PythonConstant {
    /// Nil for complex numbers, and for texts with lone surrogates.
    init?(_ literal: Literal) {
        switch literal {
        case .string(let units):
            guard let text = PythonText(codePoints: units) else { return nil }
            self = .text(text.string)
        case .bytes(let bytes): self = .bytes(bytes)
        case .integer(let digits): self = Int(digits).map { .int($0) } ?? .largeInt(digits)
        case .real(let value): self = .float(value)
        case .boolean(let value): self = .bool(value)
        case .none: self = .none
        case .ellipsis: self = .ellipsis
        case .imaginary: return nil
        }
    }
}
