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
            if let range, paths.isEmpty { mentions = source.mentions(range) }
            if let range,
                source.text(range).contains("getsitepackages") || source.text(range).contains("getusersitepackages")
                    || source.text(range).contains("purelib")
            {
                paths += mentions.texts.filter { $0.hasSuffix(".pth") || $0.hasSuffix(".py") }.map { "site-packages/" + $0 }
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

    /// Files that are fetched, and run by a program, imported or loaded somewhere in the same file.
    mutating func judgeWrittenFiles(_ flows: [DataFlow]) {
        var fetched: [(place: SourcePlace, mentions: Mentions)] = []
        for call in file.calls where KnownFunctions.fileFetchers.contains(call.function) {
            let node = source.parts(ofCall: call.place).flatMap { parts in
                parts.keywords["filename"] ?? parts.keywords["out"] ?? parts.keywords["dst"]
                    ?? (parts.arguments.count > 1 ? parts.arguments[1] : nil)
            }
            // Without a path, the call's result is the file's.
            fetched.append((call.place, node.map { source.mentions(source.range($0)) } ?? resultMentions(call.place)))
        }
        for flow in flows where FlowTable.sources[flow.source].source == .network && FlowTable.sinks[flow.sink].sink == .file {
            guard let parts = source.parts(ofCall: flow.place) else { continue }
            fetched.append((flow.place, source.mentions(parts.function)))
        }
        guard !fetched.isEmpty else { return }
        for call in file.calls {
            guard let run = runTarget(call) else { continue }
            for file in fetched where Self.isSame(file.mentions, run) {
                explained.insert(call.place)
                explained.insert(file.place)
                let exposure = exposure(call.reach)
                add(
                    .pythonDownloader, .critical,
                    "\(call.function) runs a file that is downloaded on line \(file.place.line)\(exposure == .onCall ? "" : " as it is loaded")",
                    at: call.place,
                    detail: "\(call.place.line)", steps: [file.place, call.place])
                break
            }
        }
    }

    private func resultMentions(_ place: SourcePlace) -> Mentions { source.mentions(source.range(place)) }

    /// What a call runs, if it runs a file.
    private func runTarget(_ call: PythonCall) -> Mentions? {
        guard let parts = source.parts(ofCall: call.place), let first = parts.arguments.first ?? parts.keywords["args"] else {
            return nil
        }
        let capability = KnownFunctions.capability(call.function)
        if capability == .process {
            let text = call.arguments.first?.texts(gap: "\u{2026}").first?.split(separator: " ").first.map(String.init)
            if let program = (source.words(first)?.first ?? text) ?? nil, program != "\u{2026}" {
                let name = ShellScript.Command.programName(program)
                let isInterpreter = CommandTables.interpreters.contains(name) || CommandTables.isPython(name) || name == "chmod"
                guard isInterpreter || program.contains("/") || program.hasSuffix(".exe") else { return nil }
            }
            return source.mentions(source.range(first))
        }
        let loaders: Set<String> = [
            "runpy.run_path", "importlib.machinery.SourceFileLoader", "importlib.util.spec_from_file_location", "imp.load_source",
            "execfile",
        ]
        if capability == .native { return source.mentions(source.range(first)) }
        if loaders.contains(call.function) {
            let path =
                call.function == "runpy.run_path" || call.function == "execfile"
                ? first : parts.arguments.count > 1 ? parts.arguments[1] : first
            return source.mentions(source.range(path))
        }
        return nil
    }

    /// Whether two expressions speak of the same file.
    private static func isSame(_ one: Mentions, _ other: Mentions) -> Bool {
        let names = one.names.intersection(other.names).subtracting([
            "url", "response", "r", "resp", "self", "args", "data", "os", "sys",
        ])
        if !names.isEmpty { return true }
        let texts = Set(one.texts.filter { $0.count > 2 && ($0.contains(".") || $0.contains("/")) && !WebTarget.isAddress($0) })
        return other.texts.contains { text in
            texts.contains(text)
                || text.split(separator: " ").contains {
                    texts.contains(String($0)) || $0.hasPrefix("./") && texts.contains(String($0.dropFirst(2)))
                }
        }
    }
}
