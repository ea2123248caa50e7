import PythonSyntax

/// Files of a package that import each other, directly or through others: what one of them calls can only be in the same group.
///
/// A group does not grow beyond a size, so that time and memory stay in proportion to the package. What is imported across such a border is a
/// name, and a file that is imported across one may be called from there with anything.
enum ImportGroups {
    struct Group: Sendable {
        /// Places in the package's list of files, in order.
        var files: [Int] = []
        /// Those of them that files of other groups import.
        var open: Set<Int> = []
    }

    /// Nodes of all files of a group together.
    private static let largest = 400_000

    static func groups(of package: PythonPackage) -> [Group] {
        let index = ModuleIndex(package.files.map(\.moduleName))
        var parents = Array(package.files.indices)
        func root(_ file: Int) -> Int {
            var current = file
            while parents[current] != current { current = parents[current] }
            return current
        }
        var sizes = package.files.map(\.python.tree.nodeCount)
        var open: Set<Int> = []
        /// Puts a file and one that it imports into the same group.
        func join(_ file: Int, _ imported: Int) {
            let (first, second) = (root(file), root(imported))
            guard first != second else { return }
            guard sizes[first] + sizes[second] <= largest else {
                open.insert(imported)
                return
            }
            let (kept, other) = (min(first, second), max(first, second))
            parents[other] = kept
            sizes[kept] += sizes[other]
        }
        for (number, file) in package.files.enumerated() {
            var mentioned = MentionedModules(file)
            file.python.tree.walk(&mentioned)
            for name in mentioned.names { if let other = index[name] { join(number, other) } }
        }
        var groups: [Int: Group] = [:]
        for number in package.files.indices {
            groups[root(number), default: Group()].files.append(number)
            if open.contains(number) { groups[root(number), default: Group()].open.insert(number) }
        }
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
