import ArgumentParser
import Documents
import Foundation
import Pipeline
import PythonAnalysis
import PythonSyntax
import Synchronization

struct PythonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "python",
        abstract: "Say what Python files say, as Weir understands them; nothing is executed.",
        discussion: """
            Reads Python 3.0 to 3.14, Python 2 where it differs, the code cells of notebooks (.ipynb) and the Python blocks of Markdown (.md).
            A folder stands for the .py and .ipynb files below it; its files are one package, whose imports of each other are followed. A
            file with a syntax error gives the error and what could be read of the rest.

            EXAMPLES
              weir python modeling_custom.py --calls
              weir python train.ipynb --calls --json
              weir python src --calls --jsonl
              weir python src --imports
              weir python config.py --values
              weir python modeling_custom.py --ast --json
              weir python src --check

            With --json, of one file an object, of several a list of these; docs/cli.md gives the forms. Exit code 1 when Python 3 would
            refuse a file.
            """)

    @Argument(help: "Python files, notebooks, Markdown files, or folders.")
    var files: [String]

    @Flag(help: "Print the syntax tree.")
    var ast = false

    @Flag(help: "Print every call with the full name of its function and the values of its arguments.")
    var calls = false

    @Flag(help: "Print what is imported.")
    var imports = false

    @Flag(help: "Print what names and attributes are bound to.")
    var values = false

    @Flag(help: "Print only what is wrong.")
    var check = false

    @Flag(help: "Print one JSON object a line, one line a file.")
    var jsonl = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if [ast, calls, imports, values, check].count(where: { $0 }) != 1 {
            throw ValidationError("say what to print: --ast, --calls, --imports, --values or --check")
        }
        if global.json, jsonl { throw ValidationError("--json and --jsonl are two forms of one answer: give one of them") }
    }

    func run() async throws {
        let inputs = try PythonInputs(files.map(\.expandingTilde))
        var output = PythonOutput(isJSON: global.json || jsonl, isList: global.json && inputs.isSeveral)
        try output.begin()
        if ast || check {
            let (withTree, isJSON) = (ast, global.json || jsonl)
            try await OrderedWork.run(inputs.all) { input in
                let source = try input.read()
                let text = withTree ? PythonForms.tree(source, isJSON: isJSON) : PythonForms.problems(source, isJSON: isJSON)
                return (text, source.hasErrors)
            } then: {
                try output.write($0.0, hasErrors: $0.1)
            }
        } else {
            let part: AnalysisOptions.Part = calls ? .calls : imports ? .imports : .values
            for group in inputs.packages {
                var sources: [PythonSource] = []
                try await OrderedWork.run(group) {
                    try $0.read()
                } then: {
                    sources.append($0)
                }
                let package = PythonPackage(files: sources.compactMap(\.packageFile))
                let analysis = await PackageAnalysis.of(package, AnalysisOptions(collects: [part]))
                var results = analysis.files[...]
                for source in sources {
                    let result = source.python == nil ? nil : results.popFirst()
                    try output.write(
                        PythonForms.analysis(source, result, part, isJSON: global.json || jsonl), hasErrors: source.hasErrors)
                }
            }
        }
        try output.end()
        if output.hasErrors { throw ExitCode(1) }
    }
}

/// The files that the command was given, in packages.
private struct PythonInputs {
    /// Files that belong together.
    private(set) var packages: [[PythonInput]] = []
    let isSeveral: Bool

    var all: [PythonInput] { packages.flatMap { $0 } }

    init(_ paths: [String]) throws {
        var loose: [String] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CommandFailure("there is no file \(path)")
            }
            if isFolder.boolValue { packages.append(try Self.files(below: path)) } else { loose.append(path) }
        }
        if !loose.isEmpty {
            let folder = Self.commonFolder(loose)
            packages.append(loose.map { PythonInput(path: $0, place: String($0.dropFirst(folder.count))) })
        }
        isSeveral = packages.count > 1 || loose.count != 1
    }

    private static func files(below folder: String) throws -> [PythonInput] {
        var names: [String] = []
        try collect(folder, "", &names)
        let prefix = packagePrefix(folder)
        return names.sorted().map { PythonInput(path: "\(folder)/\($0)", place: prefix + $0) }
    }

    /// Adds the regular files below a folder that are Python by their names. Links are not followed.
    private static func collect(_ folder: String, _ prefix: String, _ names: inout [String]) throws {
        guard let stream = opendir(prefix.isEmpty ? folder : "\(folder)/\(prefix)") else {
            throw CommandFailure("cannot read the folder \(folder)/\(prefix): \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var folders: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            var kind = Int32(entry.pointee.d_type)
            if kind == Int32(DT_UNKNOWN) {
                // Some file systems tell the kind only when asked.
                var status = stat()
                guard lstat("\(folder)/\(prefix)\(name)", &status) == 0 else { continue }
                kind = status.st_mode & S_IFMT == S_IFDIR ? Int32(DT_DIR) : status.st_mode & S_IFMT == S_IFREG ? Int32(DT_REG) : 0
            }
            if kind == Int32(DT_DIR) {
                folders.append(name)
            } else if kind == Int32(DT_REG), name.hasSuffix(".py") || name.hasSuffix(".ipynb") {
                names.append(prefix + name)
            }
        }
        for name in folders { try collect(folder, "\(prefix)\(name)/", &names) }
    }

    /// The folders of the package that a folder is part of: those with an `__init__.py`.
    private static func packagePrefix(_ folder: String) -> String {
        var parts: [String] = []
        var current = URL(filePath: folder).standardizedFileURL
        while FileManager.default.fileExists(atPath: current.appending(path: "__init__.py").path), current.path != "/" {
            parts.insert(current.lastPathComponent, at: 0)
            current.deleteLastPathComponent()
        }
        return parts.map { $0 + "/" }.joined()
    }

    /// The start that all paths share, up to a slash.
    private static func commonFolder(_ paths: [String]) -> String {
        var common = paths[0]
        for path in paths { common = common.commonPrefix(with: path) }
        return common.lastIndex(of: "/").map { String(common[...$0]) } ?? ""
    }
}

/// A file to be read.
private struct PythonInput {
    let path: String
    /// Below the folder from which imports count.
    let place: String

    func read() throws -> PythonSource {
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandFailure("cannot read \(path): \(String(cString: strerror(errno)))") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CommandFailure("\(path) is not a regular file") }
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandFailure("cannot read \(path): \(error.localizedDescription)")
        }
        if path.hasSuffix(".ipynb") {
            do {
                return PythonSource(path: path, place: place, python: try PythonFile(notebook: bytes))
            } catch let error as NotebookError {
                return PythonSource(path: path, place: place, python: nil, refusal: error.description)
            }
        }
        let isMarkdown = path.hasSuffix(".md") || path.hasSuffix(".markdown")
        return PythonSource(path: path, place: place, python: isMarkdown ? PythonFile(markdown: bytes) : PythonFile(bytes))
    }
}

/// A file that was read, or the reason why it could not be.
struct PythonSource {
    let path: String
    let place: String
    let python: PythonFile?
    var refusal: String?

    var packageFile: PythonPackage.File? { python.map { PythonPackage.File(path: path, place: place, python: $0) } }
    var hasErrors: Bool { python?.problems.isEmpty != true }
}

/// Writes one answer a file, in the form that was asked for.
private struct PythonOutput {
    let isJSON: Bool
    let isList: Bool
    private(set) var hasErrors = false
    private var isFirst = true

    init(isJSON: Bool, isList: Bool) {
        self.isJSON = isJSON
        self.isList = isList
    }

    func begin() throws { if isList { try Console.data("[") } }

    mutating func write(_ text: [UInt8], hasErrors: Bool) throws {
        self.hasErrors = self.hasErrors || hasErrors
        if isList, !isFirst { try Console.data(",\n") }
        isFirst = false
        try Console.data(text)
        if isJSON, !isList { try Console.data("\n") }
    }

    func end() throws { if isList { try Console.data("]\n") } }
}

/// Work on many things on all cores, whose results are taken in order.
private enum OrderedWork {
    static func run<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ work: @escaping @Sendable (Input) throws -> Output, then take: (Output) throws -> Void
    ) async throws {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let waiting = Mutex(inputs[...])
        // As many wait for their turn as one that takes long may hold up.
        try await runOrderedStages(
            width: cores * 8, workers: cores, next: { waiting.withLock { $0.popFirst() } }, prepare: work, apply: take)
    }
}
