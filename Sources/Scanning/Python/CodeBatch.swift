import Foundation
import ModelFormats
import PythonAnalysis
import PythonSyntax

/// The files of one package while they are judged.
struct CodeBatch {
    private let scanner: CodeScanner
    private let files: [CodeScanner.File]
    private let names: Set<String>
    private var findings: [Int: [Finding]] = [:]
    private var errors: [(path: String, message: String)] = []

    init(_ scanner: CodeScanner, _ files: [CodeScanner.File]) {
        self.scanner = scanner
        self.files = files
        names = scanner.fileNames.union(files.map { Names.last(of: $0.path) })
    }

    var result: CodeScanner.Result {
        var result = CodeScanner.Result()
        for index in files.indices {
            for finding in findings[index] ?? [] { result.findings.append((files[index].path, finding)) }
        }
        result.errors = errors
        return result
    }

    private static func options(effort: Int) -> AnalysisOptions {
        var options = AnalysisOptions(collects: [.calls, .imports], flows: FlowTable.query, effort: effort)
        options.takesEnvironmentAsEmpty = false
        options.names = NamesThatMatter.all
        return options
    }

    // MARK: Python

    mutating func judgePython() async {
        let read = await readPython()
        guard !read.isEmpty else { return }
        let package = PythonPackage(
            files: read.map { PythonPackage.File(path: files[$0.index].path, place: files[$0.index].path, python: $0.python) })
        var options = Self.options(effort: scanner.effort)
        if read.count > Self.manyFiles {
            options.isSparing = true
            options.effort = 1
        }
        let analysis = await PackageAnalysis.of(package, options)
        let entries = entryFiles(package, analysis)
        let flows = Dictionary(grouping: analysis.flows, by: \.place.path)
        let jobs = zip(read, analysis.files).map { file, analysis in
            (
                file.index,
                PythonJob(
                    file: analysis, python: file.python, flows: flows[analysis.path] ?? [],
                    isEntry: entries.contains(analysis.path),
                    names: names, effort: scanner.effort)
            )
        }
        let count = Self.heaps
        await withTaskGroup(of: [(Int, [Finding])].self) { group in
            for start in 0..<count {
                group.addTask { stride(from: start, to: jobs.count, by: count).map { (jobs[$0].0, jobs[$0].1.run()) } }
            }
            for await part in group { for (index, found) in part { findings[index] = found } }
        }
    }

    /// Reads the Python files and notebooks, side by side.
    private mutating func readPython() async -> [(index: Int, python: PythonFile)] {
        var chosen: [(index: Int, isNotebook: Bool)] = []
        for (index, file) in files.enumerated() {
            let language = CodeLanguage(path: file.path, start: Array(file.bytes.prefix(128)))
            guard language == .python || language == .notebook else { continue }
            if file.bytes.count <= CodeScanner.largestFile {
                chosen.append((index, language == .notebook))
            } else {
                errors.append((file.path, "it has more than \(CodeScanner.largestFile) bytes"))
            }
        }
        let (files, work) = (files, chosen)
        var outcomes = [(python: PythonFile?, problem: String)?](repeating: nil, count: work.count)
        await withTaskGroup(of: [(Int, PythonFile?, String)].self) { group in
            let heaps = Self.heaps
            for start in 0..<heaps {
                group.addTask {
                    stride(from: start, to: work.count, by: heaps).map { place in
                        let bytes = files[work[place].index].bytes
                        guard work[place].isNotebook else { return (place, PythonFile(bytes), "") }
                        do {
                            return (place, try PythonFile(notebook: bytes), "")
                        } catch {
                            return (place, nil, "\(error)")
                        }
                    }
                }
            }
            for await part in group { for (place, python, problem) in part { outcomes[place] = (python, problem) } }
        }
        var read: [(index: Int, python: PythonFile)] = []
        for (file, outcome) in zip(work, outcomes) {
            if let python = outcome?.python {
                read.append((file.index, python))
            } else {
                errors.append((files[file.index].path, outcome?.problem ?? "it was not read"))
            }
        }
        return read
    }

    /// Of packages with more files, functions are left out that mention nothing that matters.
    private static let manyFiles = 500

    /// Work is dealt out in as many heaps as there are cores, twice over: one file may take as long as many others.
    private static var heaps: Int { max(1, ProcessInfo.processInfo.activeProcessorCount * 2) }

    /// The files that loading the package runs: the entry points, and what they import.
    private func entryFiles(_ package: PythonPackage, _ analysis: PackageAnalysis) -> Set<String> {
        var byName: [String: String] = [:]
        for file in package.files { byName[file.moduleName] = file.path }
        var imports: [String: [String]] = [:]
        for file in analysis.files {
            imports[file.path] = file.imports.flatMap { found in
                [found.module] + (found.name.map { ["\(found.module).\($0)"] } ?? [])
            }
            .compactMap { byName[$0] ?? byName[String($0.drop { $0 == "." })] }
        }
        var entries: Set<String> = []
        var waiting = package.files.filter { file in
            scanner.entryPoints.contains(file.path) || Self.isEntryByName(file.path) || LoadedClasses.areIn(file.python.tree)
        }
        .map(\.path)
        while let path = waiting.popLast() {
            guard entries.insert(path).inserted else { continue }
            waiting += imports[path] ?? []
        }
        return entries
    }

    static func isEntryByName(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        guard let last = parts.last else { return false }
        if last == "setup.py" || last == "hubconf.py" { return parts.count <= 2 }
        return last.hasSuffix(".pth") || last == "sitecustomize.py" || last == "usercustomize.py"
    }

    // MARK: Scripts

    mutating func judgeScripts() {
        for (index, file) in files.enumerated() {
            guard case .script(let dialect)? = CodeLanguage(path: file.path, start: Array(file.bytes.prefix(128))) else {
                continue
            }
            guard file.bytes.count <= CodeScanner.largestFile else {
                errors.append((file.path, "it has more than \(CodeScanner.largestFile) bytes"))
                continue
            }
            findings[index] = ScriptJob(
                text: String(decoding: file.bytes, as: UTF8.self), dialect: dialect, effort: scanner.effort
            ).run(path: file.path)
        }
    }
}

/// The judgement of one Python file with the code that stands in its commands.
struct PythonJob: Sendable {
    let file: FileAnalysis
    let python: PythonFile
    let flows: [DataFlow]
    let isEntry: Bool
    let names: Set<String>
    let effort: Int
    var depth = 0

    func run() -> [Finding] {
        let name = Names.last(of: file.path)
        var judge = PythonJudge(file, python, isEntry: isEntry, isSetup: name == "setup.py", packageFiles: names, depth: depth)
        var findings = judge.judge(flows)
        for (code, place, exposure) in judge.embedded.prefix(64) {
            let line = judge.source.snippet(line: place.line)
            findings += EmbeddedPython.judge(code, isEntry: exposure == .onLoad, depth: depth + 1, effort: effort).map {
                finding in
                var moved = finding
                moved.message = "in Python code within a command: \(finding.message)"
                moved.evidence = Evidence(line: place.line, column: place.column + 1, snippet: line)
                return moved
            }
        }
        findings += NotebookCommands.judge(python, depth: depth, effort: effort)
        return findings
    }
}

/// Python code in a text that another program or text holds.
enum EmbeddedPython {
    static func judge(_ code: String, isEntry: Bool, depth: Int, effort: Int) -> [Finding] {
        guard depth < CommandJudge.deepest, code.utf8.count <= 1 << 20 else { return [] }
        let python = PythonFile(Array(code.utf8))
        var options = AnalysisOptions(collects: [.calls], flows: FlowTable.query, effort: effort)
        options.takesEnvironmentAsEmpty = false
        let analysis = PackageAnalysis(PythonPackage(path: "<text>", python: python), options)
        guard let file = analysis.files.first else { return [] }
        let job = PythonJob(
            file: file, python: python, flows: analysis.flows, isEntry: isEntry, names: [], effort: effort, depth: depth)
        return job.run().filter { $0.rule != .pythonNotParsed }
    }
}

/// What a notebook says to a shell.
enum NotebookCommands {
    static func judge(_ python: PythonFile, depth: Int, effort: Int) -> [Finding] {
        var findings: [Finding] = []
        for range in python.tree.magics {
            var text = python.source.text(range)
            if text.hasPrefix("%") {
                let name = text.prefix { !$0.isWhitespace }
                guard ["%sx", "%system", "%env"].contains(name) else { continue }
                text = String(text.dropFirst(name.count))
            } else if text.hasPrefix("!") {
                text = String(text.drop { $0 == "!" })
            } else {
                continue
            }
            let line = python.source.position(range.lowerBound).line
            findings += ScriptJob(text: text, dialect: .posix, effort: effort, depth: depth).run(firstLine: line)
        }
        for cell in python.cells {
            guard let magic = cell.magic, let contents = cell.contents else { continue }
            let program = magic.dropFirst(2).split(separator: " ").first.map(String.init) ?? ""
            guard CommandTables.shells.contains(program) || program == "script" else { continue }
            findings += ScriptJob(text: contents, dialect: .posix, effort: effort, depth: depth).run(
                firstLine: cell.firstLine + 1)
        }
        return findings
    }
}

/// The judgement of a script's text.
struct ScriptJob {
    let text: String
    let dialect: ShellScript.Dialect
    let effort: Int
    var depth = 0

    /// - Parameter firstLine: the line of the file on which the text begins.
    func run(path: String = "", firstLine: Int = 1) -> [Finding] {
        let verdict = CommandJudge.judge(text, dialect, depth: depth)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        func evidence(_ line: Int) -> Evidence {
            let shown = lines.indices.contains(line - 1) ? Snippet.clean(String(lines[line - 1].prefix(4_096))) : ""
            return Evidence(line: line + firstLine - 1, column: 1, snippet: shown)
        }
        var findings = verdict.concerns.map {
            Finding($0.kind.shellRule, $0.severity, Snippet.clean($0.message), evidence($0.line))
        }
        for (code, line) in verdict.python.prefix(64) {
            findings += EmbeddedPython.judge(code, isEntry: false, depth: depth + 1, effort: effort).map { finding in
                var moved = finding
                moved.evidence = evidence(line)
                return moved
            }
        }
        return findings.sorted { ($0.evidence.line ?? 0, $0.rule.id) < ($1.evidence.line ?? 0, $1.rule.id) }
    }
}
