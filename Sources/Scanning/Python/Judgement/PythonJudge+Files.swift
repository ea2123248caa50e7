import PythonAnalysis

/// Files that Python code writes, and those that it runs after they were fetched.
extension PythonJudge {
    private static let openers: Set<String> = ["open", "io.open", "builtins.open", "codecs.open", "pathlib.Path.open"]
    private static let copiers: Set<String> = [
        "shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.move", "os.rename", "os.replace", "os.symlink", "os.link",
    ]

    mutating func judgeWrites(_ call: Called) {
        var target: PythonValue?
        var position = 0
        if Self.openers.contains(call.name) {
            let mode =
                (call.argument(1, "mode") ?? (call.name.hasSuffix("Path.open") ? call.argument(0, "mode") : nil))?.texts ?? []
            guard mode.contains(where: { $0.contains("w") || $0.contains("a") || $0.contains("x") || $0.contains("+") }) else {
                return judgeRead(call)
            }
            target = call.argument(0, "file")
        } else if Self.copiers.contains(call.name) {
            target = call.argument(1, "dst")
            position = 1
        } else if call.name.hasSuffix(".write_text") || call.name.hasSuffix(".write_bytes") {
            position = -1
        } else {
            return
        }
        let receiver = callsByPlace[call.place]?.first?.receiver
        var paths = (target?.texts(gap: "~") ?? []) + (receiver?.texts ?? [])
        var mentions = Mentions()
        if call.isPlain, let parts = source.parts(ofCall: call.place) {
            let range =
                position < 0 ? parts.function : position < parts.arguments.count ? source.range(parts.arguments[position]) : nil
            if let range {
                let all = source.mentions(range)
                let near = source.mentions(range, steps: 2)
                if near.hasModuleFolder {
                    let inside = all.texts.filter { $0.hasSuffix(".pth") || $0.hasSuffix(".py") }
                    paths += inside.map { "site-packages/" + $0 }
                }
                if near.hasModuleFolder || near.speaksOfOtherModule,
                    let changed = near.texts.first(where: { text in
                        [".py", ".pyc", ".so", ".pth"].contains(where: text.hasSuffix)
                    })
                        ?? (near.speaksOfOtherModule && near.texts.allSatisfy({ !$0.contains(".") }) ? "its file" : nil)
                {
                    let exposure = exposure(call.reach)
                    add(
                        .pythonPersistence, exposure == .onCall ? .medium : .critical,
                        "\(call.name) changes \(Snippet.clean(changed).excerpt) of a module that is installed\(when(call))",
                        at: call.place,
                        detail: "\(call.place.line)")
                }
                if paths.isEmpty { mentions = all }
            }
        }
        let exposure = exposure(call.reach)
        if let path = paths.first(where: StartPlace.isStart(path:))
            ?? (mentions.hasStartPlace ? mentions.texts.first(where: StartPlace.isStart(path:)) ?? "a start-up file" : nil)
        {
            add(
                .pythonPersistence, exposure == .onCall ? .high : .critical,
                "\(call.name) writes to \(Snippet.clean(path).excerpt)\(when(call))", at: call.place,
                detail: "\(call.place.line)")
        } else if let path = paths.first(where: StartPlace.isSystem(path:)) {
            add(
                .pythonWritesFilesOutside, exposure == .onCall ? .low : .medium,
                "\(call.name) writes to \(Snippet.clean(path).excerpt)\(when(call))",
                at: call.place)
        } else if paths.contains(where: { $0.hasPrefix("/tmp/") && CommandJudge.boasts($0) }) {
            add(
                .pythonProofOfConcept, exposure == .onCall ? .medium : .high, "\(call.name) leaves a marker\(when(call))",
                at: call.place)
        }
    }

    private mutating func judgeRead(_ call: Called) {
        guard !explained.contains(call.place),
            let path = call.argument(0, "file")?.texts(gap: "~").first(where: SecretPlace.isSecret(path:))
        else { return }
        let isEnvironment = path.hasSuffix(".env") || path.lowercased().contains("token")
        add(
            .pythonReadsSecrets, isEnvironment || exposure(call.reach) == .onCall ? .low : .medium,
            "\(call.name) reads \(Snippet.clean(path).excerpt)\(when(call))", at: call.place)
    }

    // MARK: Fetched, then run

    /// Something that a call fetches or runs, by what stands in its place for the file.
    private struct FileUse {
        var place: SourcePlace
        var scope: String
        var mentions: Mentions
    }

    /// Files that are fetched, and run by a program, imported or loaded somewhere in the same file.
    mutating func judgeWrittenFiles(_ flows: [DataFlow]) {
        var fetched: [FileUse] = []
        for call in file.calls where KnownFunctions.fileFetchers.contains(call.function) {
            let node = source.parts(ofCall: call.place).flatMap { parts in
                parts.keywords["filename"] ?? parts.keywords["out"] ?? parts.keywords["dst"]
                    ?? (parts.arguments.count > 1 ? parts.arguments[1] : nil)
            }
            // Without a path, the call's result is the file's.
            let range = node.map { source.range($0) } ?? source.range(call.place)
            fetched.append(FileUse(place: call.place, scope: call.scope, mentions: source.mentions(range, steps: 1)))
        }
        for flow in flows where FlowTable.sources[flow.source].source == .network && FlowTable.sinks[flow.sink].sink == .file {
            guard let parts = source.parts(ofCall: flow.place), let call = callsByPlace[flow.place]?.first else { continue }
            fetched.append(FileUse(place: flow.place, scope: call.scope, mentions: source.mentions(parts.function, steps: 2)))
        }
        guard !fetched.isEmpty else { return }
        for call in file.calls {
            guard let run = runTarget(call), let file = fetched.first(where: { Self.isSame($0, run) }) else { continue }
            explained.insert(call.place)
            explained.insert(file.place)
            add(
                .pythonDownloader, .critical, "\(call.function) runs a file that is downloaded on line \(file.place.line)",
                at: call.place,
                detail: "\(call.place.line)", steps: [file.place, call.place])
        }
    }

    /// What a call runs, if it runs a file.
    private func runTarget(_ call: PythonCall) -> FileUse? {
        guard let parts = source.parts(ofCall: call.place), let first = parts.arguments.first ?? parts.keywords["args"] else {
            return nil
        }
        var node = first
        switch call.function {
        case "runpy.run_path", "execfile", "importlib.import_module": break
        case "importlib.machinery.SourceFileLoader", "importlib.util.spec_from_file_location", "imp.load_source":
            if parts.arguments.count > 1 { node = parts.arguments[1] }
        default:
            switch KnownFunctions.capability(call.function) {
            case .native: break
            case .process:
                let text = call.arguments.first?.texts(gap: Self.gap).first?.split(separator: " ").first.map(String.init)
                guard let program = (source.words(first)?.first ?? text) ?? nil, program != Self.gap else { break }
                let name = ShellScript.Command.programName(program)
                let isInterpreter = CommandTables.interpreters.contains(name) || CommandTables.isPython(name) || name == "chmod"
                guard isInterpreter || program.contains("/") || program.hasSuffix(".exe") else { return nil }
            default: return nil
            }
        }
        return FileUse(place: call.place, scope: call.scope, mentions: source.mentions(source.range(node), steps: 1))
    }

    /// Names that say nothing of a file.
    private static let commonNames: Set<String> = [
        "url", "response", "r", "resp", "self", "args", "data", "os", "sys", "cmd", "command", "env",
    ]

    /// Whether two expressions speak of the same file: they share a variable of one function, or a text that looks like a path.
    private static func isSame(_ one: FileUse, _ other: FileUse) -> Bool {
        let names = one.mentions.names.intersection(other.mentions.names).subtracting(commonNames)
        if one.scope == other.scope, !names.isEmpty { return true }
        let texts = Set(
            one.mentions.texts.filter { $0.count > 3 && ($0.contains(".") || $0.contains("/")) && !WebTarget.isAddress($0) })
        return other.mentions.texts.contains { text in
            texts.contains(text)
                || text.split(separator: " ").contains { word in
                    texts.contains(String(word)) || word.hasPrefix("./") && texts.contains(String(word.dropFirst(2)))
                }
        }
    }
}
