import Scanning

/// A small program, and what has to be found in it.
struct CodeCase: Sendable, CustomStringConvertible {
    /// What it shows.
    let name: String
    let path: String
    let text: String
    /// Whether loading the package runs the file.
    let isEntry: Bool
    /// The rule that is broken, and how badly; nil where nothing may be worse than `low`.
    let rule: String?
    let severity: Severity

    init(
        _ name: String, _ text: String, _ rule: String, _ severity: Severity = .critical, in path: String = "module.py",
        isEntry: Bool = false
    ) {
        (self.name, self.text, self.rule, self.severity) = (name, text, rule, severity)
        (self.path, self.isEntry) = (path, isEntry)
    }

    /// A program that is to stay clean.
    init(clean name: String, _ text: String, in path: String = "modeling_custom.py", isEntry: Bool = true) {
        (self.name, self.text, self.rule, self.severity) = (name, text, nil, .low)
        (self.path, self.isEntry) = (path, isEntry)
    }

    var description: String { name }

    func findings() async -> [Finding] {
        let scanner = CodeScanner(entryPoints: isEntry ? [path] : [])
        return await scanner.scan([CodeScanner.File(path: path, bytes: Array(text.utf8))]).findings.map(\.finding)
    }
}

/// A notebook of cells of code.
func notebook(_ cells: String...) -> String {
    func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
    let written = cells.map { "{\"cell_type\":\"code\",\"metadata\":{},\"outputs\":[],\"source\":\(quoted($0))}" }
    return "{\"cells\":[\(written.joined(separator: ","))],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}"
}
