public import PythonSyntax

/// Python files that belong together: their imports of each other are followed.
public struct PythonPackage: Sendable {
    /// One file of a package.
    public struct File: Sendable {
        /// The path as the caller gave it.
        public let path: String
        /// The dotted name under which the other files import it: `pkg.sub.mod`; for `pkg/__init__.py`, `pkg`.
        public let moduleName: String
        /// Whether the file is an `__init__.py`, from which relative imports count differently.
        public let isInitializer: Bool
        public let python: PythonFile

        /// - Parameter place: the file's path below the folder from which imports count, with `/`: `pkg/sub/mod.py`.
        public init(path: String, place: String, python: PythonFile) {
            self.path = path
            self.python = python
            var parts = place.split(separator: "/").map(String.init)
            if let last = parts.last, let dot = last.lastIndex(of: ".") { parts[parts.count - 1] = String(last[..<dot]) }
            isInitializer = parts.last == "__init__"
            if isInitializer { parts.removeLast() }
            moduleName = parts.joined(separator: ".")
        }
    }

    public let files: [File]

    public init(files: [File]) {
        self.files = files
    }

    /// A package of one file.
    public init(path: String, python: PythonFile) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        files = [File(path: path, place: name, python: python)]
    }
}
