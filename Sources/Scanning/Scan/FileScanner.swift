import ModelFormats

/// Scans one file and all that is in it. Whatever a part is to any reader, it is scanned as that; what no reader understands is told.
struct FileScanner {
    let limits: ScanLimits
    let wantsListings: Bool
    let rules: UserRules
    let budget: ScanBudget
    var report: FileReport
    /// Python and shell sources that the file holds, for the analysis of the code as a whole.
    private(set) var code: [CodeSource] = []
    /// Paths, below the file's own folder, of code that a configuration makes its loader run.
    var entryPoints: [String] = []

    /// A piece of source code, and where it is.
    struct CodeSource {
        var path: String
        var member: String?
        var bytes: [UInt8]
        /// Whether loading the file runs it.
        var runsAtLoad: Bool
    }

    /// A part of a file: the file itself, a member of an archive, bytes in a pickle.
    struct Part {
        var source: any ByteSource
        /// Its own name, within what holds it.
        var name: String
        /// The way to it; nil for the file itself.
        var member: String?
        var depth: Int
        /// What the loader that is given it takes it for, whatever its bytes say.
        var expected: ContentKind?

        func inner(_ source: any ByteSource, _ name: String, expected: ContentKind? = nil) -> Part {
            Part(source: source, name: name, member: member.map { "\($0)!\(name)" } ?? name, depth: depth + 1, expected: expected)
        }
    }

    private init(path: String, size: Int, limits: ScanLimits, wantsListings: Bool, rules: UserRules) {
        self.limits = limits
        self.wantsListings = wantsListings
        self.rules = rules
        budget = ScanBudget(limits)
        report = FileReport(path: path, size: size, kind: "")
    }

    /// Scans a file, and gives the scanner with all that it found.
    /// - Parameter path: below the folder or package that the file is in.
    /// - Throws: ``BytesMissing`` where the source has to fetch bytes first.
    static func scanned(
        _ source: any ByteSource, path: String, limits: ScanLimits = ScanLimits(), wantsListings: Bool = false,
        rules: UserRules = UserRules()
    ) throws -> FileScanner {
        var scanner = FileScanner(path: path, size: source.size, limits: limits, wantsListings: wantsListings, rules: rules)
        do {
            try scanner.scan(
                Part(source: GuardedSource(source, scanner.budget), name: path, member: nil, depth: 0, expected: nil))
        } catch let limit as ScanLimitReached {
            scanner.report.errors.append(ScanProblem(message: "was not scanned to its end: \(limit)"))
        }
        return scanner
    }

    // MARK: Telling

    mutating func add(_ finding: Finding, in part: Part) {
        if report.findings.count >= limits.findings {
            report.untold += 1
            // The worst are told, however many come before them.
            guard let least = report.findings.indices.min(by: { report.findings[$0].severity < report.findings[$1].severity }),
                report.findings[least].severity < finding.severity
            else { return }
            report.findings.remove(at: least)
        }
        report.add(finding, in: part.member)
    }

    mutating func add(
        _ rule: Rule, _ severity: Severity? = nil, _ message: String, at offset: Int? = nil, snippet: String? = nil, in part: Part
    ) {
        add(Finding(rule, severity, message, Evidence(offset: offset, snippet: snippet)), in: part)
    }

    mutating func fail(_ message: String, in part: Part) {
        guard report.errors.count < limits.findings else { return }
        let plain = Printing.plain(message, limit: 400)
        if report.errors.contains(where: { $0.member == part.member && $0.message == plain }) { return }
        report.errors.append(ScanProblem(member: part.member, message: plain))
    }

    mutating func cover(_ state: Coverage.State, _ bytes: Int, _ what: String, in part: Part) {
        report.coverage.add(state, bytes, what, member: part.member)
    }

    mutating func note(_ source: CodeSource) { code.append(source) }

    // MARK: Dispatch

    mutating func scan(_ part: Part) throws {
        try budget.checkTime()
        guard part.depth <= limits.depth else {
            fail("lies more than \(limits.depth) deep and was not scanned", in: part)
            cover(.notUnderstood, part.source.size, "too deep", in: part)
            return
        }
        var kinds: [ContentKind]
        do {
            kinds = try ContentDetection.kinds(part.source, name: part.name)
        } catch let error as FormatError {
            fail("cannot be read: \(error)", in: part)
            return
        }
        if let expected = part.expected, !kinds.contains(expected) { kinds = [expected] + kinds.filter { $0 != .unknown } }
        // A loader of pickles takes what it is given for one, whatever it looks like.
        if kinds.allSatisfy({ [.text, .json, .yaml, .xml, .python].contains($0) }),
            !Names.expected(part.name).isDisjoint(with: [.pickle, .joblib, .pytorchZip, .pytorchLegacy])
        {
            kinds = [.pickle]
        }
        if part.depth == 0 { report.kind = kinds.map(\.name).joined(separator: " and ") }
        judgeName(part, kinds)
        try applyUserRules(part)
        if kinds.count > 1, !(kinds.contains(.text) && kinds.count == 2) { judgePolyglot(part, kinds) }
        for kind in kinds {
            do {
                try scan(part, as: kind)
            } catch let error as FormatError {
                fail("\(kind.name): \(error)", in: part)
                cover(.notUnderstood, part.source.size, kind.name, in: part)
            }
        }
    }

    private mutating func scan(_ part: Part, as kind: ContentKind) throws {
        switch kind {
        case .empty: break
        case .pickle: try scanPickles(part)
        case .zip: try scanZip(part)
        case .tar: try scanTar(part)
        case .packed(let compression): try scanPacked(part, compression)
        case .oldJoblib: try scanOldJoblib(part)
        case .archive(let archive): try scanArchive(part, archive)
        case .npy: try scanArray(part)
        case .hdf5: try scanHDF5(part)
        case .gguf: try scanGGUF(part)
        case .safetensors, .tflite, .msgpack: try scanPlainModel(part)
        case .protobuf: try scanProtobuf(part)
        case .json: try scanJSON(part)
        case .yaml: try scanYAML(part)
        case .jinja: try scanTemplate(part)
        case .python, .notebook, .shell, .batch, .powershell: try scanCode(part, kind)
        case .text: try scanText(part)
        case .xml: cover(.skipped, part.source.size, "XML, which no loader runs", in: part)
        case .media(let media): try scanMedia(part, media)
        case .executable(let what): judgeExecutable(part, what)
        case .javaSerialized: try scanJava(part)
        case .rData:
            add(
                .foreignSerialisation, nil, "is serialised by R, whose objects can hold code that runs when they are looked at",
                in: part)
            cover(.notUnderstood, part.source.size, kind.name, in: part)
        case .pythonBytecode: try scanBytecodeFile(part)
        case .inert(let what): cover(.skipped, part.source.size, "\(what), which no loader of models runs", in: part)
        case .unknown: judgeUnknown(part)
        }
    }

    // MARK: Names

    /// A name that says one thing over a content that is another.
    private mutating func judgeName(_ part: Part, _ kinds: [ContentKind]) {
        let expected = Names.expected(part.name)
        guard !expected.isEmpty, let kind = kinds.first, !kinds.contains(.unknown), !kinds.contains(.empty) else { return }
        let isKept = expected.contains { format in kinds.contains { Self.keeps($0, format) } }
        guard !isKept else { return }
        let runs = kinds.contains { [.pickle, .zip, .tar, .python, .shell, .batch, .powershell, .pythonBytecode].contains($0) }
        add(
            .disguise, runs ? .medium : .low,
            "has a name that says \(Set(expected.map(\.rawValue)).sorted().joined(separator: " or ")), and its content is \(kind.name)",
            in: part)
    }

    private static func keeps(_ kind: ContentKind, _ format: ModelFormat) -> Bool {
        switch kind {
        case .zip: [.pytorchZip, .torchscript, .npz, .keras].contains(format)
        case .pickle: [.pickle, .joblib, .pytorchLegacy, .pytorchZip, .npy].contains(format)
        case .tar: [.pytorchLegacy].contains(format)
        case .packed, .oldJoblib: [.pickle, .joblib].contains(format)
        case .npy: [.npy, .pickle, .joblib].contains(format)
        case .hdf5: [.hdf5, .keras].contains(format)
        case .gguf: format == .gguf
        case .safetensors: format == .safetensors
        case .tflite: format == .tflite
        case .msgpack: format == .msgpack
        case .protobuf: [.onnx, .savedmodel, .graphdef, .coreml].contains(format)
        case .json: format == .json
        case .xml: format == .openvino
        case .inert("Git LFS pointer"): true
        default: false
        }
    }

    private mutating func judgePolyglot(_ part: Part, _ kinds: [ContentKind]) {
        let names = kinds.map(\.name).joined(separator: " and ")
        let isUsual =
            kinds == [.packed(.zlib), .pickle] || Set(kinds).isSubset(of: [.pickle, .text])
            || Set(kinds).isSubset(of: [.pickle, .unknown])
        if !isUsual { add(.polyglot, nil, "is \(names) at once: readers differ in what they see", in: part) }
    }

    private mutating func judgeExecutable(_ part: Part, _ what: String) {
        let isPromised = !Names.expected(part.name).isEmpty
        let isMachineCode = what.contains("program or library")
        add(
            .nativeCode, isPromised ? .high : isMachineCode ? .medium : .low,
            isPromised ? "has a model's name, and is a \(what)" : "is a \(what)", in: part)
        cover(.notUnderstood, part.source.size, what, in: part)
    }

    mutating func judgeUnknown(_ part: Part) {
        cover(.notUnderstood, part.source.size, "not known", in: part)
        if part.expected != nil || !Names.expected(part.name).isEmpty {
            fail("has the name of a model file, and its content is not known", in: part)
        } else {
            add(.unknownContent, nil, "is of a form that is not known, and was not scanned", in: part)
        }
    }

    private mutating func scanCode(_ part: Part, _ kind: ContentKind) throws {
        guard part.source.size <= CodeScanner.largestFile else {
            fail("is source code of \(part.source.size) bytes, more than is analysed", in: part)
            cover(.notUnderstood, part.source.size, "source code", in: part)
            return
        }
        note(
            CodeSource(
                path: part.name, member: part.member, bytes: Array(try part.source.bytes(0..<part.source.size)),
                runsAtLoad: false))
        cover(.parsed, part.source.size, kind.name, in: part)
    }
}
