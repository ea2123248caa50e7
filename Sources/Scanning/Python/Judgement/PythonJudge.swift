import PythonAnalysis
import PythonSyntax

/// Judges one Python file by what the analysis of its package says of it.
struct PythonJudge {
    let file: FileAnalysis
    let source: SourceMap
    let python: PythonFile
    /// Whether loading the package runs the file.
    let isEntry: Bool
    let isSetup: Bool
    /// Whether it is a `hubconf.py`, whose functions `torch.hub` calls.
    let isHub: Bool
    /// Functions of the file that take the place of those of others.
    let patching: Set<String>
    /// Last parts of the paths of the package's files, for native libraries that come along.
    let packageFiles: Set<String>
    /// How many texts of code are around this one.
    let depth: Int

    /// The calls at a place: several where a text is run there.
    private(set) var callsByPlace: [SourcePlace: [PythonCall]] = [:]
    /// Findings, with the behaviour that they are of: of one behaviour, the worst is kept.
    private(set) var found: [Key: Entry] = [:]
    /// Python code within commands, which the scanner judges as a file of its own.
    var embedded: [(code: String, place: SourcePlace, exposure: Exposure)] = []
    /// Places whose bare capabilities a flow explains.
    var explained: Set<SourcePlace> = []

    struct Key: Hashable {
        var rule: Rule
        /// What tells findings of one rule apart; empty for those of which one is enough.
        var detail: String
    }

    struct Entry {
        var finding: Finding
        var others = 0
    }

    init(
        _ file: FileAnalysis, _ python: PythonFile, isEntry: Bool, isSetup: Bool, packageFiles: Set<String>, depth: Int
    ) {
        self.file = file
        self.python = python
        source = SourceMap(python)
        self.isEntry = isEntry
        self.isSetup = isSetup
        self.packageFiles = packageFiles
        self.depth = depth
        isHub = file.path.hasSuffix("hubconf.py")
        patching = Set(file.patches.flatMap(\.functions))
        for call in file.calls { callsByPlace[call.place, default: []].append(call) }
        for text in file.executedTexts { for call in text.calls { callsByPlace[call.place, default: []].append(call) } }
    }

    /// What there is to say of the file.
    ///
    /// - Parameter flows: those of the package that end in the file.
    mutating func judge(_ flows: [DataFlow]) -> [Finding] {
        judgeProblems()
        judgeReverseShell()
        judgeFlows(flows)
        judgeWrittenFiles(flows)
        judgeCalls()
        judgeReductions()
        judgeCollectedSecrets()
        judgeNames()
        judgePatches()
        judgeEscapes()
        // What is known for certain says more than what may be.
        for key in found.keys where key.rule == .pythonReadsSecrets && !key.detail.isEmpty {
            if found[Key(rule: .pythonCredentialTheft, detail: key.detail)] != nil { found[key] = nil }
        }
        return found.values.map { entry in
            var finding = entry.finding
            if entry.others > 0 { finding.message += " (and \(entry.others) more such place\(entry.others == 1 ? "" : "s"))" }
            return finding
        }
        .sorted { ($0.evidence.line ?? 0, $0.rule.id, $0.message) < ($1.evidence.line ?? 0, $1.rule.id, $1.message) }
    }

    func exposure(_ reach: CallReach) -> Exposure {
        Exposure.of(reach, isEntry: isEntry, isProgram: isSetup) { root in
            patching.contains(root) || isHub && !root.contains(".") && !root.hasPrefix("_")
        }
    }

    // MARK: Findings

    /// - Parameter detail: findings of one rule with the same detail are one behaviour.
    mutating func add(
        _ rule: Rule, _ severity: Severity, _ message: String, at place: SourcePlace, detail: String = "",
        steps: [SourcePlace] = []
    ) {
        let key = Key(rule: rule, detail: detail)
        let finding = Finding(rule, severity, message, evidence(place, steps))
        guard let known = found[key] else {
            found[key] = Entry(finding: finding)
            return
        }
        let isWorse =
            severity > known.finding.severity
            || severity == known.finding.severity
                && (place.line, place.column) < (known.finding.evidence.line ?? 0, (known.finding.evidence.column ?? 1) - 1)
        let isSame = known.finding.evidence.line == place.line && known.finding.evidence.column == place.column + 1
        found[key] = Entry(finding: isWorse ? finding : known.finding, others: known.others + (isSame ? 0 : 1))
    }

    private func evidence(_ place: SourcePlace, _ steps: [SourcePlace]) -> Evidence {
        var shown: [Evidence.Step] = []
        for step in steps where step.path == place.path && shown.last?.line != step.line && shown.count < 12 {
            shown.append(Evidence.Step(line: step.line, text: source.snippet(line: step.line)))
        }
        return Evidence(line: place.line, column: place.column + 1, snippet: source.snippet(line: place.line), steps: shown)
    }

    // MARK: What was not read

    private mutating func judgeProblems() {
        let start = SourcePlace.start(of: file.path)
        let real = python.problems.filter { !$0.isPython2 }
        if let first = real.first {
            let position = python.source.position(first.offset)
            let place = SourcePlace(path: file.path, line: position.line, column: position.column)
            // Python has codecs that make other source of the bytes, `unicode_escape` among them; what it reads is then not known here.
            let isEncoding = first.message.hasPrefix("unknown encoding")
            add(
                .pythonNotParsed, isEncoding ? .high : .medium,
                isEncoding
                    ? "is in an encoding that hides its source: \(Snippet.clean(first.message))"
                    : "Python would refuse the file: \(Snippet.clean(first.message))", at: place)
        } else if let first = python.problems.first {
            let position = python.source.position(first.offset)
            add(
                .pythonNotParsed, .info, "only Python 2 reads the file",
                at: SourcePlace(path: file.path, line: position.line, column: position.column))
        }
        for part in file.notAnalysed {
            let why = part.reason == .depth ? "it is nested too deep" : "it would have cost too much work"
            add(
                .pythonNotAnalysed, .info, "the analysis left out a part: \(why)",
                at: part.place.path == file.path ? part.place : start)
        }
    }
}

extension SourcePlace {
    /// A place of no length.
    init(path: String, line: Int, column: Int) {
        self.init(path: path, line: line, column: column, endLine: line, endColumn: column)
    }

    static func start(of path: String) -> SourcePlace { SourcePlace(path: path, line: 1, column: 0) }
}

extension PythonValue {
    /// The texts that it can be.
    var texts: [String] { candidates.compactMap(\.constant.text) }

    /// The texts that it can be, with `gap` for what is not known of them.
    func texts(gap: String) -> [String] {
        texts + templates.map { parts in parts.map { $0 ?? gap }.joined() }
    }

    /// The words that it can be, where it is a list of texts.
    var wordLists: [[String]] {
        candidates.compactMap { candidate in
            switch candidate.constant {
            case .list(let members), .tuple(let members):
                let words = members.map { $0.text ?? "" }
                return words.isEmpty ? nil : words
            default: return nil
            }
        }
    }
}
