import ModelFormats
import PythonAnalysis
import PythonSyntax

/// Judges the Python, notebook and shell code of a package. Nothing is run, and nothing is read but the bytes given.
public struct CodeScanner: Sendable {
    /// A file of a package.
    public struct File: Sendable {
        /// Below the package's folder, with `/`.
        public var path: String
        public var bytes: [UInt8]

        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// What was found, and which files could not be judged.
    public struct Result: Sendable {
        /// In the order of the files, and of lines in each.
        public var findings: [(path: String, finding: Finding)] = []
        /// Files that could not be read, and why; what else there is to say of them stands in `findings`.
        public var errors: [(path: String, message: String)] = []
    }

    /// Larger files are not read, in bytes.
    public static let largestFile = 32 << 20

    /// Paths that loading the package runs although their names do not say so: those that a configuration's `auto_map` names, a
    /// dataset's loading script.
    public var entryPoints: Set<String>
    /// Last parts of the paths of all files of the package, also those that are no code: a library that comes along is told by
    /// its name.
    public var fileNames: Set<String>
    /// How much work each file may cost: `AnalysisOptions.effort`.
    public var effort: Int

    public init(entryPoints: Set<String> = [], fileNames: Set<String> = [], effort: Int = 2) {
        self.entryPoints = entryPoints
        self.fileNames = fileNames
        self.effort = effort
    }

    public func scan(_ files: [File]) async -> Result {
        var batch = CodeBatch(self, files)
        await batch.judgePython()
        batch.judgeScripts()
        return batch.result
    }
}

/// The languages that are judged.
enum CodeLanguage: Equatable {
    case python, notebook
    case script(ShellScript.Dialect)

    init?(path: String, start: [UInt8]) {
        let name = Names.last(of: path).lowercased()
        let ending = name.contains(".") ? name.split(separator: ".").last.map(String.init) ?? "" : ""
        switch ending {
        case "py", "pyw", "pth": self = .python
        case "ipynb": self = .notebook
        case "sh", "bash", "zsh", "ksh", "command": self = .script(.posix)
        case "bat", "cmd": self = .script(.batch)
        case "ps1", "psm1": self = .script(.powerShell)
        default:
            let line = String(decoding: start.prefix { $0 != 0x0a && $0 != 0x0d }, as: UTF8.self)
            guard line.hasPrefix("#!") else { return nil }
            let words = line.dropFirst(2).split { $0 == " " || $0 == "/" || $0 == "\t" }
            if words.contains(where: { CommandTables.isPython(String($0)) }) {
                self = .python
            } else if words.contains(where: { CommandTables.shells.contains(String($0)) }) {
                self = .script(.posix)
            } else {
                return nil
            }
        }
        // Weights of PyTorch end with `.pth` too; those that Python reads as it starts are lines of text.
        if ending == "pth", !start.allSatisfy({ $0 >= 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }) { return nil }
    }
}
