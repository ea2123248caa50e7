import PythonSyntax

/// Where the texts, names and calls of a file stand, and what its names are bound to.
struct MentionIndex: SyntaxVisitor {
    private var textPlaces: [(offset: Int, text: String)] = []
    private var namePlaces: [(offset: Int, name: String)] = []
    /// The expressions that a name is bound to somewhere in the file.
    private(set) var values: [String: [Range<Int>]] = [:]
    /// Names with underscores around them that lead from an object to its class, module and frame, as attributes or texts.
    private(set) var dunders: [(offset: Int, name: String)] = []
    /// The names of the classes that the file's classes are made from, without their modules.
    private(set) var bases: Set<String> = []
    private(set) var calls: [Range<Int>: NodeID] = [:]

    /// Longer texts are data.
    private static let longestText = 4_096

    private static let ways: Set<String> = [
        "__subclasses__", "__class__", "__base__", "__bases__", "__mro__", "__globals__", "func_globals", "f_globals",
        "f_builtins",
        "gi_frame", "tb_frame", "__builtins__", "load_module",
    ]

    init(_ tree: SyntaxTree) {
        tree.walk(&self)
        dunders.sort { $0.offset < $1.offset }
        textPlaces.sort { $0.offset < $1.offset }
        namePlaces.sort { $0.offset < $1.offset }
    }

    func texts(in range: Range<Int>) -> [String] { Self.slice(textPlaces, range, \.offset).map(\.text) }
    func names(in range: Range<Int>) -> [String] { Self.slice(namePlaces, range, \.offset).map(\.name) }

    private static func slice<Element>(_ all: [Element], _ range: Range<Int>, _ offset: KeyPath<Element, Int>) -> ArraySlice<
        Element
    > {
        func first(at bound: Int) -> Int {
            var (low, high) = (0, all.count)
            while low < high {
                let middle = (low + high) / 2
                if all[middle][keyPath: offset] < bound { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let start = first(at: range.lowerBound)
        return all[start..<max(start, first(at: range.upperBound))]
    }

    mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
        switch tree.syntax(id) {
        case .constant:
            let range = tree.range(id)
            if range.count <= Self.longestText, case .string(let units) = tree.literal(id) {
                let text = String(String.UnicodeScalarView(units.compactMap { Unicode.Scalar($0) }))
                textPlaces.append((range.lowerBound, text))
                if range.count < 20, Self.ways.contains(text) { dunders.append((range.lowerBound, text)) }
            }
        case .name(let name, _): namePlaces.append((tree.range(id).lowerBound, tree.text(name)))
        case .attribute(_, let name, _):
            let text = tree.text(name)
            // Where the name stands, not the expression before it.
            if Self.ways.contains(text) { dunders.append((max(0, tree.range(id).upperBound - text.utf8.count), text)) }
            namePlaces.append((tree.range(id).lowerBound, "." + text))
        case .classDefinition(let type):
            for base in type.bases {
                switch tree.syntax(base) {
                case .name(let name, _), .attribute(_, let name, _): bases.insert(tree.text(name))
                default: break
                }
            }
        case .call: calls[tree.range(id)] = id
        case .assign(let targets, let value): for target in targets { bind(target, to: value, in: tree) }
        case .annotatedAssign(let target, _, let value?, _), .namedExpression(let target, let value):
            bind(target, to: value, in: tree)
        case .augmentedAssign(let target, _, let value): bind(target, to: value, in: tree)
        case .forLoop(let target, let iterable, _, _, _), .comprehension(let target, let iterable, _, _):
            bind(target, to: iterable, in: tree)
        case .withItem(let context, let target?): bind(target, to: context, in: tree)
        default: break
        }
        return true
    }

    private mutating func bind(_ target: NodeID, to value: NodeID, in tree: SyntaxTree, depth: Int = 0) {
        switch tree.syntax(target) {
        case .name(let name, _): values[tree.text(name), default: []].append(tree.range(value))
        case .attribute(_, let name, _): values["." + tree.text(name), default: []].append(tree.range(value))
        case .tuple(let members, _), .list(let members, _):
            if depth < 8 { for member in members { bind(member, to: value, in: tree, depth: depth + 1) } }
        default: break
        }
    }
}
