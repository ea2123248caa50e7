import PythonAnalysis
import PythonSyntax

/// Ways from any object to the functions of Python: `().__class__.__base__.__subclasses__()`.
extension PythonJudge {
    /// How far apart, in bytes, the steps of such a way may stand.
    private static let reachOfWay = 600

    private static let targets: Set<String> = [
        "system", "popen", "__builtins__", "__import__", "eval", "exec", "os", "sys", "subprocess", "Popen", "open", "importlib",
        "import_module", "spawn", "builtins", "compile", "load_module",
    ]

    mutating func judgeEscapes() {
        guard source.mayEscape else { return }
        let words = source.dunders
        guard !words.isEmpty else { return }
        for (index, word) in words.enumerated() {
            let around = words[max(0, index - 12)..<min(words.count, index + 13)].filter {
                abs($0.offset - word.offset) < Self.reachOfWay
            }
            let names = Set(around.map(\.name))
            let climbs = !names.isDisjoint(with: ["__base__", "__bases__", "__mro__"])
            let isEscape =
                switch word.name {
                case "__subclasses__":
                    climbs && names.contains("__class__") || names.contains("__globals__") || names.contains("load_module")
                case "__globals__", "func_globals", "f_globals", "f_builtins", "gi_frame", "tb_frame":
                    takesTarget(behind: word.offset)
                default: false
                }
            guard isEscape else { continue }
            let position = python.source.position(word.offset)
            add(
                .pythonObfuscation, .high, "the functions of Python are reached through \(word.name)",
                at: SourcePlace(path: file.path, line: position.line, column: position.column), detail: "escape")
            return
        }
    }

    /// Whether something of interest is taken from the names behind a place: `.__globals__["system"]`.
    private func takesTarget(behind offset: Int) -> Bool {
        let behind = source.text(offset..<(offset + 120)).drop { $0.isLetter || $0 == "_" }
        guard behind.hasPrefix("[") || behind.hasPrefix(".get(") || behind.hasPrefix(".__getitem__(") else { return false }
        let texts = source.texts(in: offset..<(offset + 80))
        guard let first = texts.first, Self.targets.contains(first) else { return false }
        return !["__builtins__", "builtins", "sys"].contains(first) || texts.dropFirst().contains(where: Self.targets.contains)
            || behind.dropFirst(first.count + 3).prefix(12).contains("].")
    }
}
