import PythonSyntax

/// The functions of a package in which something may be called that matters, by the names that they mention.
///
/// A name matters if the caller says so, or if it is bound to something that mentions such a name: by an import, an assignment, a function, a
/// class. So a function that calls `self.run` matters where some function of the package puts `os.system` there. What a function
/// reaches without any such name, no analysis of its calls would show either.
struct HotFunctions {
    /// By module, the functions and lambdas that do not matter.
    private(set) var cold: [Set<NodeID>] = []

    /// Whether no file mentions a name that matters.
    private(set) var isQuiet = true

    /// How often names that are bound to names that matter are looked for.
    private static let rounds = 4
    /// A name that so many functions have says nothing of which one is meant.
    private static let manyFunctions = 6

    init(_ modules: [ModuleUnit], names: Set<String>) {
        var outlines: [Outline] = []
        for module in modules {
            var outline = Outline()
            module.tree.walk(&outline)
            outlines.append(outline)
        }
        var counts: [String: Int] = [:]
        for outline in outlines { for function in outline.functions { counts[function.name, default: 0] += 1 } }
        var hot = names
        var locals = outlines.map { _ in Set<Local>() }
        for round in 0..<Self.rounds {
            var found: Set<String> = []
            for (index, outline) in outlines.enumerated() {
                for binding in outline.bindings {
                    let isHot = binding.values.contains { name in
                        hot.contains(name)
                            || binding.scope != 0 && locals[index].contains(Local(scope: binding.scope, name: name))
                    }
                    guard isHot else { continue }
                    found.formUnion(binding.names)
                    for name in binding.locals { locals[index].insert(Local(scope: binding.scope, name: name)) }
                }
                // Who calls a function that matters says with what; who calls that one matters less.
                guard round == 0 else { continue }
                let places = outline.places(of: hot)
                for function in outline.functions where Self.contains(places, function.range) {
                    if !function.name.hasPrefix("__"), counts[function.name, default: 0] < Self.manyFunctions {
                        found.insert(function.name)
                    }
                }
            }
            let before = hot.count
            hot.formUnion(found)
            if hot.count == before { break }
        }
        for outline in outlines {
            let places = outline.places(of: hot)
            if !places.isEmpty { isQuiet = false }
            cold.append(Set(outline.functions.lazy.filter { !Self.contains(places, $0.range) }.map(\.node)))
        }
    }

    private static func contains(_ sorted: [Int], _ range: Range<Int>) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] < range.upperBound
    }

    /// A variable of a function, which matters there alone.
    private struct Local: Hashable {
        let scope: NodeID
        let name: String
    }

    private struct Binding {
        var names: [String] = []
        /// Variables of the outermost function around, whose number `scope` is.
        var locals: [String] = []
        var scope: NodeID = 0
        var values: [String]
    }

    /// The names of a file, and what it binds them to.
    private struct Outline: SyntaxVisitor {
        private(set) var mentions: [(offset: Int, name: String)] = []
        private(set) var functions: [(node: NodeID, range: Range<Int>, name: String)] = []
        private(set) var bindings: [Binding] = []
        /// The outermost function around; 0 in a module or class.
        private var scope: NodeID = 0
        private var globals: Set<String> = []

        func places(of names: Set<String>) -> [Int] {
            mentions.compactMap { names.contains($0.name) ? $0.offset : nil }.sorted()
        }

        /// Stands for a name that is put together as the program runs.
        private static let anything = "exec"

        /// Functions that give a function or module.
        private static let makers: Set<String> = [
            "getattr", "__import__", "import_module", "partial", "attrgetter", "methodcaller", "eval", "resolve_name",
            "staticmethod",
            "classmethod", "CDLL", "LoadLibrary", "dict", "list", "tuple", "set", "compile",
        ]

        mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
            let range: Range<Int> = tree.range(id)
            switch tree.syntax(id) {
            case .name(let name, _): mentions.append((range.lowerBound, tree.text(name)))
            case .attribute(_, let name, _):
                mentions.append((range.lowerBound, tree.text(name)))
            case .keyword(let name?, _): mentions.append((range.lowerBound, tree.text(name)))
            case .constant:
                // The name in `getattr(os, "system")`.
                if range.count < 40, case .string(let units) = tree.literal(id) {
                    let text = String(String.UnicodeScalarView(units.compactMap { Unicode.Scalar($0) }))
                    mentions.append((range.lowerBound, text))
                }
            case .call(let function, let arguments, _):
                if case .name(let name, _) = tree.syntax(function), tree.text(name) == "getattr", arguments.count > 1 {
                    // A name that is put together may be any.
                    if tree.kind(arguments[1]) != .Constant { mentions.append((range.lowerBound, Self.anything)) }
                }
            case .alias(let names, let other):
                for name in names { mentions.append((range.lowerBound, tree.text(name))) }
                let all = names.map { tree.text($0) }
                if let other { bindings.append(Binding(names: [tree.text(other)], values: all)) }
            case .importingFrom(let module, let names, let level):
                let path = module.map { tree.text($0) }
                for name in path { mentions.append((range.lowerBound, name)) }
                guard level == 0 else { break }
                // What comes from a module that matters matters.
                let taken = names.flatMap { node -> [String] in
                    guard case .alias(let names, let other) = tree.syntax(node) else { return [] }
                    return [other ?? names.last].compactMap { $0 }.map { tree.text($0) }
                }
                bindings.append(Binding(names: taken, values: Array(path.prefix(1))))
            case .functionDefinition(let function):
                functions.append((id, range, tree.text(function.name)))
                if scope == 0 { scope = id }
            case .lambda: functions.append((id, range, "__lambda__"))
            case .global(let names): for name in names { globals.insert(tree.text(name)) }
            case .assign(let targets, let value): for target in targets { bind(target, value, tree) }
            case .annotatedAssign(let target, _, let value?, _), .namedExpression(let target, let value),
                .augmentedAssign(let target, _, let value):
                bind(target, value, tree)
            default: break
            }
            return true
        }

        mutating func leave(_ id: NodeID, in tree: SyntaxTree) {
            if id == scope { scope = 0 }
        }

        /// Notes what an assignment binds, if it may be something that can be called.
        private mutating func bind(_ target: NodeID, _ value: NodeID, _ tree: SyntaxTree) {
            var found: [String] = []
            collect(value, tree, into: &found, depth: 0)
            if !found.isEmpty { bind(target, to: found, tree) }
        }

        private mutating func bind(_ target: NodeID, to values: [String], _ tree: SyntaxTree) {
            switch tree.syntax(target) {
            case .name(let name, _):
                let text = tree.text(name)
                if scope == 0 || globals.contains(text) {
                    bindings.append(Binding(names: [text], scope: scope, values: values))
                } else {
                    bindings.append(Binding(locals: [text], scope: scope, values: values))
                }
            case .attribute(_, let name, _): bindings.append(Binding(names: [tree.text(name)], scope: scope, values: values))
            case .subscript(let object, _, _):
                // The container may be a variable of the module, also within a function.
                if case .name(let name, _) = tree.syntax(object) {
                    bindings.append(Binding(names: [tree.text(name)], scope: scope, values: values))
                } else {
                    bind(object, to: values, tree)
                }
            case .tuple(let members, _), .list(let members, _): for member in members { bind(member, to: values, tree) }
            default: break
            }
        }

        /// The names of what an expression may be, or may hold.
        private func collect(_ node: NodeID, _ tree: SyntaxTree, into found: inout [String], depth: Int) {
            guard depth < 12, found.count < 200 else { return }
            func each(_ nodes: some Sequence<NodeID>) {
                for node in nodes { collect(node, tree, into: &found, depth: depth + 1) }
            }
            switch tree.syntax(node) {
            case .name(let name, _): found.append(tree.text(name))
            case .attribute(let object, let name, _):
                // A function of a module; of an object, the name says what it is.
                found.append(tree.text(name))
                if case .name(let module, _) = tree.syntax(object), tree.text(module) != "self" {
                    found.append(tree.text(module))
                }
            case .subscript(let object, _, _), .starred(let object, _): each([object])
            case .list(let members, _), .tuple(let members, _), .set(let members), .booleanOperation(_, let members):
                each(members)
            case .dictionary(_, let values): each(values)
            case .conditionalExpression(_, let body, let orElse): each([body, orElse])
            case .lambda(_, let body):
                each([body])
                if case .call(let function, _, _) = tree.syntax(body) { each([function]) }
            case .namedExpression(_, let value): each([value])
            case .call(let function, let arguments, let keywords):
                switch tree.syntax(function) {
                case .name(let name, _), .attribute(_, let name, _):
                    let text = tree.text(name)
                    guard Self.makers.contains(text) else { break }
                    found.append(text)
                    if text == "getattr", arguments.count > 1, tree.kind(arguments[1]) != .Constant {
                        found.append(Self.anything)
                    }
                    each(arguments)
                    each(keywords)
                case .lambda, .call: each([function])
                default: break
                }
            case .keyword(_, let value): each([value])
            case .constant:
                if case .string(let units) = tree.literal(node), units.count < 40 {
                    found.append(String(String.UnicodeScalarView(units.compactMap { Unicode.Scalar($0) })))
                }
            default: break
            }
        }
    }
}
