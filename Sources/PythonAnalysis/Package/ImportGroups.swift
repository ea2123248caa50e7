import PythonSyntax

/// Files of a package that import each other, directly or through others: what one of them calls can only be in the same group.
enum ImportGroups {
    /// Groups of places in the package's list of files, each in order.
    static func groups(of package: PythonPackage) -> [[Int]] {
        let index = ModuleIndex(package.files.map(\.moduleName))
        var parents = Array(package.files.indices)
        func root(_ file: Int) -> Int {
            var current = file
            while parents[current] != current { current = parents[current] }
            return current
        }
        func join(_ a: Int, _ b: Int) {
            let (first, second) = (root(a), root(b))
            parents[max(first, second)] = min(first, second)
        }
        for (number, file) in package.files.enumerated() {
            var mentioned = MentionedModules(file)
            file.python.tree.walk(&mentioned)
            for name in mentioned.names { if let other = index[name] { join(number, other) } }
        }
        var groups: [Int: [Int]] = [:]
        for number in package.files.indices { groups[root(number), default: []].append(number) }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Every dotted name that a file may mean as a module: in its imports, wherever they stand, and in texts that look like names.
    private struct MentionedModules: SyntaxVisitor {
        private(set) var names: Set<String> = []
        private let package: [String]

        init(_ file: PythonPackage.File) {
            let parts = file.moduleName.split(separator: ".").map(String.init)
            package = file.isInitializer ? parts : Array(parts.dropLast())
        }

        mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
            switch tree.syntax(id) {
            case .importing(let aliases):
                for case .alias(let name, _) in aliases.lazy.map({ tree.syntax($0) }) { add(tree.text(name)) }
            case .importingFrom(let path, let aliases, let level):
                let from = (package.dropLast(max(0, level - 1)) + [tree.text(path)].filter { !$0.isEmpty }).joined(separator: ".")
                let start = level == 0 ? tree.text(path) : from
                add(start)
                for case .alias(let name, _) in aliases.lazy.map({ tree.syntax($0) }) where !name.isEmpty {
                    add(start.isEmpty ? tree.text(name) : "\(start).\(tree.text(name))")
                }
            case .constant:
                let range = tree.range(id)
                guard (3...100).contains(range.count), case .string(let units) = tree.literal(id), units.allSatisfy({ $0 < 0x80 })
                else { break }
                names.insert(String(String.UnicodeScalarView(units.compactMap { Unicode.Scalar($0) })))
            default: break
            }
            return true
        }

        private mutating func add(_ dotted: String) {
            var path = ""
            for part in dotted.split(separator: ".") {
                path = path.isEmpty ? String(part) : "\(path).\(part)"
                names.insert(path)
            }
        }
    }
}
