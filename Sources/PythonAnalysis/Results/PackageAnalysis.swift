import Foundation
import PythonSyntax

/// What is known of the files of a package: which functions they call with which values, what they import, and which values flow where.
///
/// Nothing is executed and nothing is read but the files. The work is bounded (`AnalysisOptions.effort`); what was not followed to the end
/// is said in `FileAnalysis.notAnalysed`.
public struct PackageAnalysis: Sendable {
    /// As many as the package has files, in their order.
    public let files: [FileAnalysis]
    public let flows: [DataFlow]

    public init(_ package: PythonPackage, _ options: AnalysisOptions = AnalysisOptions()) {
        self.init(package, options, open: [])
    }

    /// - Parameter open: places of files that others, which are not in the package, import.
    private init(_ package: PythonPackage, _ options: AnalysisOptions, open: Set<Int>) {
        self = DeepStack.run {
            let interpreter = Interpreter(package, options, open: open)
            interpreter.runAll()
            return PackageAnalysis(interpreter)
        }
    }

    /// Analyses groups of files that import each other side by side, on all cores.
    ///
    /// The result is that of the initializer, but in packages of some megabytes: there, imports between distant files are names, and a
    /// function that is imported so may have any arguments.
    public static func of(_ package: PythonPackage, _ options: AnalysisOptions = AnalysisOptions()) async -> PackageAnalysis {
        let groups = ImportGroups.groups(of: package)
        var files = [FileAnalysis?](repeating: nil, count: package.files.count)
        var flows: [Int: [DataFlow]] = [:]
        await withTaskGroup(of: (Int, PackageAnalysis).self) { tasks in
            // The largest first, so that none is left when all others are done.
            let sizes = groups.map { group in group.files.reduce(0) { $0 + package.files[$1].python.tree.nodeCount } }
            var waiting = groups.indices.sorted { sizes[$0] > sizes[$1] }[...]
            func start() {
                guard let number = waiting.popFirst() else { return }
                let part = PythonPackage(files: groups[number].files.map { package.files[$0] })
                let open = groups[number].files.indices.filter { groups[number].open.contains(groups[number].files[$0]) }
                tasks.addTask { (number, PackageAnalysis(part, options, open: Set(open))) }
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { start() }
            for await (number, analysis) in tasks {
                for (file, result) in zip(groups[number].files, analysis.files) { files[file] = result }
                flows[number] = analysis.flows
                start()
            }
        }
        return PackageAnalysis(files: files.compactMap { $0 }, flows: flows.sorted { $0.key < $1.key }.flatMap(\.value))
    }

    private init(files: [FileAnalysis], flows: [DataFlow]) {
        self.files = files
        self.flows = flows
    }

    private init(_ interpreter: Interpreter) {
        let results = ResultBuilder(interpreter)
        files = interpreter.modules.filter { $0.origin == nil }.map(results.file)
        flows = interpreter.flows.map(results.flow)
    }
}

/// Turns what the interpreter found into results with places.
private struct ResultBuilder {
    private let interpreter: Interpreter
    private var calls: [Int32: [(NodeID, CallRecord)]] = [:]
    private var implied: [Int32: [ImpliedCall]] = [:]
    private var patches: [Int32: [(NodeID, PatchRecord)]] = [:]
    private var imports: [Int32: [(NodeID, ImportRecord)]] = [:]
    private var bindings: [Int32: [(NodeID, BindingRecord)]] = [:]
    private var notAnalysed: [Int32: [(NodeID, NotAnalysed.Reason)]] = [:]
    /// Texts that were run, by the file that runs them, be it through another text.
    private var textUnits: [Int32: [ModuleUnit]] = [:]

    init(_ interpreter: Interpreter) {
        self.interpreter = interpreter
        for (site, record) in interpreter.calls { calls[site.module, default: []].append((site.node, record)) }
        for call in interpreter.impliedCalls { implied[call.place.module, default: []].append(call) }
        for (site, record) in interpreter.patches { patches[site.module, default: []].append((site.node, record)) }
        for (site, records) in interpreter.imports { imports[site.module, default: []] += records.map { (site.node, $0) } }
        for (site, record) in interpreter.bindings { bindings[site.module, default: []].append((site.node, record)) }
        for unit in interpreter.modules {
            guard var file = unit.origin?.module else { continue }
            while let outer = interpreter.modules[Int(file)].origin { file = outer.module }
            textUnits[file, default: []].append(unit)
        }
        for (site, reason) in interpreter.notAnalysed { notAnalysed[site.module, default: []].append((site.node, reason)) }
    }

    func file(_ module: ModuleUnit) -> FileAnalysis {
        let index = module.index
        let reached = Set(calls[index, default: []].map(\.0))
        var found = calls[index, default: []].map { ($0, call($1, $0, module, isReached: true)) }
        if interpreter.options.collects.contains(.calls) {
            found += interpreter.callsBesides(reached, in: module).map { ($0, call($1, $0, module, isReached: false)) }
        }
        let tree = module.tree
        func isBefore(_ a: NodeID, _ b: NodeID) -> Bool {
            let (first, second) = (tree.range(a), tree.range(b))
            // Of calls that begin together, `a.b().c()`, the inner one is made first.
            return first.lowerBound == second.lowerBound
                ? first.upperBound < second.upperBound : first.lowerBound < second.lowerBound
        }
        return FileAnalysis(
            path: module.file.path,
            calls: found.sorted { isBefore($0.0, $1.0) }.map(\.1),
            impliedCalls: implied[index, default: []].map { call in
                PythonImpliedCall(
                    place: place(call.place), functions: call.names, arguments: call.arguments.map(value), reach: call.reach,
                    isByUnpickling: call.isByUnpickling)
            },
            patches: patches[index, default: []].sorted { isBefore($0.0, $1.0) }.map { node, record in
                PythonPatch(
                    place: place(module.site(node)), target: record.target, functions: record.functions.sorted(),
                    isCallable: record.isCallable || !record.functions.isEmpty, reach: record.reach)
            },
            imports: imports[index, default: []].sorted { isBefore($0.0, $1.0) }.map { node, record in
                PythonImport(
                    place: place(module.site(node)), module: record.module, name: record.name, alias: record.alias,
                    level: record.level,
                    isDynamic: record.isDynamic)
            },
            bindings: bindings[index, default: []].sorted { isBefore($0.0, $1.0) }.map { node, record in
                PythonBinding(place: place(module.site(node)), name: record.name, scope: record.scope, value: value(record.value))
            },
            executedTexts: texts(of: module),
            notAnalysed: notAnalysed[index, default: []].sorted { isBefore($0.0, $1.0) }.map { node, reason in
                NotAnalysed(place: place(module.site(node)), reason: reason)
            })
    }

    /// The texts that a file runs, in the order in which they were run.
    private func texts(of module: ModuleUnit) -> [ExecutedText] {
        textUnits[module.index, default: []].map { unit in
            let found = calls[unit.index, default: []].sorted {
                unit.tree.range($0.0).lowerBound < unit.tree.range($1.0).lowerBound
            }
            return ExecutedText(
                place: place(unit.site(unit.tree.root)), text: unit.tree.source.text(0..<unit.tree.source.count),
                calls: found.map { call($1, $0, unit, isReached: true) })
        }
    }

    private func call(_ record: CallRecord, _ node: NodeID, _ module: ModuleUnit, isReached: Bool) -> PythonCall {
        var text = ""
        if record.names.isEmpty, case .call(let function, _, _) = module.tree.syntax(node) {
            text = TextOf.line(module.tree, function)
        }
        return PythonCall(
            place: place(module.site(node)), function: record.names.first ?? text, isResolved: !record.names.isEmpty,
            alternatives: Array(record.names.dropFirst()), ownNames: record.ownNames,
            arguments: record.positional.map { value($0, in: node, module) },
            keywords: record.keywords.map { ($0.name, value($0.value, in: node, module)) },
            hasUnknownArguments: record.hasUnknownPositional,
            hasUnknownKeywords: record.hasUnknownKeywords, isReached: isReached, receiver: record.receiver.map(value),
            scope: record.scope, reach: record.reach)
    }

    func flow(_ record: FlowRecord) -> DataFlow {
        DataFlow(
            source: record.source, sink: record.sink, sinkNames: record.names, argument: record.argument,
            origin: place(record.origin),
            place: place(record.place), steps: record.way.map(place), reach: record.reach)
    }

    /// The value of an argument. Where the program was not followed to its end, only what stands in the call itself is certain.
    private func value(_ frozen: FrozenValue, in call: NodeID, _ module: ModuleUnit) -> PythonValue {
        guard interpreter.wasExhausted else { return value(frozen) }
        let range = module.tree.range(call)
        let isCertain = frozen.candidates.allSatisfy { candidate in
            candidate.evidence.sites.allSatisfy {
                $0.module == module.index && range.contains(module.tree.range($0.node).lowerBound)
            }
        }
        var opened = frozen
        if !isCertain { opened.open() }
        return value(opened)
    }

    private func value(_ frozen: FrozenValue) -> PythonValue {
        PythonValue(
            candidates: frozen.candidates.map {
                PythonValue.Candidate(constant: $0.constant, evidence: $0.evidence.sites.map(place))
            },
            isComplete: frozen.isComplete, templates: frozen.templates, names: frozen.names)
    }

    /// A place in a file; what stands in a text that a file runs is where the file runs it.
    private func place(_ site: Site) -> SourcePlace {
        var site = site
        while let origin = interpreter.modules[Int(site.module)].origin { site = origin }
        let module = interpreter.modules[Int(site.module)]
        let range = module.tree.range(site.node)
        let start = module.tree.source.position(range.lowerBound)
        let end = module.tree.source.position(range.upperBound)
        return SourcePlace(
            path: module.file.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column)
    }
}
