import PythonAnalysis

/// Programs that Python code runs.
extension PythonJudge {
    mutating func judgeProcess(_ call: Called) {
        let commands = commands(of: call)
        let exposure = exposure(call.reach)
        var hasConcern = false
        for (text, words) in commands.prefix(32) {
            let verdict = words.map { CommandJudge.judge(words: $0, depth: depth) } ?? CommandJudge.judge(text, depth: depth)
            for concern in verdict.concerns {
                hasConcern = true
                add(
                    concern.kind.pythonRule, severity(of: concern, exposure), "\(call.name) \(concern.message)\(when(call))",
                    at: call.place,
                    detail: "\(call.place.line)")
            }
            for (code, _) in verdict.python { embedded.append((code, call.place, exposure)) }
        }
        if hasConcern {
            explained.insert(call.place)
            return
        }
        guard !explained.contains(call.place) else { return }
        let isWindowsAlias = call.name == "os.startfile"
        let invocations = commands.flatMap { text, words in
            (words.map { CommandJudge.judge(words: $0) } ?? CommandJudge.judge(text)).invocations
        }
        let rule: Rule = isSetup && exposure == .onLoad ? .pythonSetupRunsCode : .pythonRunsProcess
        if invocations.isEmpty || isWindowsAlias || invocations.contains(where: { $0.program == Self.gap }) {
            // An empty line of a command makes a terminal of Windows understand colours.
            let isEmpty = !commands.isEmpty && commands.allSatisfy { $0.text.allSatisfy(\.isWhitespace) }
            let severity: Severity =
                switch exposure {
                case .onLoad: isSetup || !call.isPlain || call.reach.phase == .later ? .medium : .high
                case .onImport: .medium
                case .onCall: .low
                }
            add(
                rule, isEmpty ? .info : severity, "\(call.name) runs a command that is not known\(when(call))", at: call.place)
            return
        }
        let judged = invocations.map { ($0, OrdinaryCommands.kind(of: $0)) }
        let others = judged.filter { !CommandTables.shells.contains($0.0.program) }
        let shown = (others.isEmpty ? judged : others).max { $0.1 < $1.1 }
        guard let (invocation, kind) = shown else { return }
        add(
            rule, severity(of: kind, exposure, call.reach.phase),
            "\(call.name) runs \(Snippet.clean(invocation.program).excerpt)\(when(call))", at: call.place)
    }

    /// How bad it is that a program is started where it is: its arguments may be harmless today.
    private func severity(of kind: OrdinaryCommands.Kind, _ exposure: Exposure, _ phase: CallReach.Phase) -> Severity {
        switch (exposure, kind) {
        case (.onCall, _): .info
        case (.onLoad, .question): .low
        case (.onLoad, .installation): .medium
        case (.onLoad, .build): isSetup ? .low : .medium
        case (.onLoad, .tool): phase == .load ? (isSetup ? .medium : .high) : .low
        case (.onLoad, .other): .high
        case (.onImport, .question): .info
        case (.onImport, .installation), (.onImport, .build), (.onImport, .tool): .low
        case (.onImport, .other): .high
        }
    }

    /// What stands for a part of a command that is not known.
    static var gap: String { "\u{2026}" }

    /// How bad a command is that Python code runs: nobody types it, and at load nobody even asks for it.
    private func severity(of concern: CommandConcern, _ exposure: Exposure) -> Severity {
        switch (concern.kind, exposure) {
        case (_, .onCall): concern.severity
        case (.reconnaissance, _), (.proofOfConcept, _), (.foreignPackages, _): max(concern.severity, .high)
        case (.downloadAndRun, _), (.persistence, _): concern.severity >= .high ? .critical : concern.severity
        default: concern.severity
        }
    }

    /// The commands that a call may run: as a text for a shell, or as words.
    private func commands(of call: Called) -> [(text: String, words: [String]?)] {
        let isShell = KnownFunctions.shellFunctions.contains(call.name) || call.isTrue("shell")
        let last = call.name.split(separator: ".").last.map(String.init) ?? ""
        if call.name.hasPrefix("os.exec") || call.name.hasPrefix("os.spawn") || last == "create_subprocess_exec"
            || call.name.hasPrefix("os.posix_spawn")
        {
            return argumentWords(
                of: call, from: call.name.hasPrefix("os.spawn") ? 1 : 0, isPath: last != "create_subprocess_exec")
        }
        guard let command = call.argument(0, "args") ?? call.argument(0, "cmd") ?? call.argument(0, "command") else { return [] }
        var found: [(String, [String]?)] = []
        for text in command.texts(gap: Self.gap) { found.append((text, isShell || text.contains(" ") ? nil : [text])) }
        for words in command.wordLists { found.append((words.joined(separator: " "), words)) }
        if found.isEmpty, call.isPlain, let node = source.parts(ofCall: call.place)?.arguments.first,
            let words = source.words(node), words.first != nil
        {
            let filled = words.map { $0 ?? Self.gap }
            found.append((filled.joined(separator: " "), filled))
        }
        return found
    }

    /// The words of `execl(path, arg0, arg1…)`, `execv(path, args)` and their kin.
    private func argumentWords(of call: Called, from first: Int, isPath: Bool) -> [(text: String, words: [String]?)] {
        guard call.arguments.count > first else { return [] }
        let rest = call.arguments.dropFirst(first)
        guard let program = rest.first?.texts.first else { return [] }
        let others = rest.dropFirst()
        var words = [program]
        if let list = others.first?.wordLists.first {
            words += list.dropFirst(isPath ? 1 : 0)
        } else {
            words += others.dropFirst(isPath ? 1 : 0).map { $0.texts.first ?? Self.gap }
        }
        return [(words.joined(separator: " "), words)]
    }
}
