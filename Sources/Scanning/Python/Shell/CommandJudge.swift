/// Judges commands by what they would do: of a script, of a line that Python hands to a shell, of a notebook's `!line`.
struct CommandJudge {
    typealias Command = ShellScript.Command

    /// Commands within commands are followed so deep.
    static let deepest = 8

    private let depth: Int
    var verdict = CommandVerdict()
    /// Files that the script has fetched so far, by their last part.
    private var fetched: [String: (isKnown: Bool, line: Int)] = [:]

    private init(depth: Int) { self.depth = depth }

    /// - Parameter depth: how many texts of commands are around this one.
    static func judge(_ text: String, _ dialect: ShellScript.Dialect = .posix, depth: Int = 0) -> CommandVerdict {
        guard depth < deepest, text.utf8.count <= 1 << 22 else { return CommandVerdict() }
        var judge = CommandJudge(depth: depth)
        let script = ShellReader.read(text, dialect)
        for pipeline in script.pipelines { judge.judge(pipeline) }
        judge.judgeForkBomb(text)
        if dialect == .powerShell { judge.judgePowerShell(script) }
        return judge.verdict
    }

    /// Judges a program with its arguments, which no shell reads.
    static func judge(words: [String], depth: Int = 0) -> CommandVerdict {
        guard depth < deepest else { return CommandVerdict() }
        var judge = CommandJudge(depth: depth)
        judge.judge([Command(words: words)])
        return judge.verdict
    }

    private mutating func judge(_ pipeline: [Command]) {
        for command in pipeline {
            if let (program, arguments) = command.invocation {
                verdict.invocations.append(CommandVerdict.Invocation(program: program, arguments: arguments))
            }
            judgeAlone(command)
            judgeSubstitutions(command)
        }
        judgeFlow(pipeline)
        judgeFetched(pipeline)
    }

    // MARK: Code within commands

    private mutating func judgeSubstitutions(_ command: Command) {
        for (text, isFile) in command.substitutions {
            let inner = Self.judge(text, depth: depth + 1)
            verdict.add(inner, line: command.line)
            guard let (program, arguments) = command.invocation else { continue }
            let runsIt =
                program == "eval" || program == "." || program == "source" || isFile && CommandTables.shells.contains(program)
                || CommandTables.shells.contains(program) && arguments.contains("-c")
                || command.words.first?.hasPrefix("$(") == true
            let pipelines = ShellReader.read(text).pipelines
            if runsIt { judgeRun(of: pipelines, line: command.line) }
            if CommandTables.senders.contains(program) || CommandTables.resolvers.contains(program) {
                judgeSent(pipelines, by: program, arguments, line: command.line)
            }
        }
    }

    /// Whether the output of commands, which is run, is fetched or decoded.
    private mutating func judgeRun(of pipelines: [[Command]], line: Int) {
        for command in pipelines.joined() {
            if CommandTables.isFetch(command) { addDownload(command, "runs what it downloads", line: line) }
            if CommandTables.isDecoder(command) {
                verdict.add(
                    .encodedCommand, .critical, "runs what \(command.words.joined(separator: " ").excerpt) decodes", line: line)
            }
        }
    }

    private mutating func judgeSent(_ pipelines: [[Command]], by program: String, _ arguments: [String], line: Int) {
        guard !arguments.contains(where: WebTarget.isService) else { return }
        for command in pipelines.joined() {
            if CommandTables.readsSecret(command) {
                verdict.add(
                    .credentialTheft, .critical, "\(program) sends what \(command.words.joined(separator: " ").excerpt) says",
                    line: line)
            } else if let inner = command.invocation?.program, CommandTables.hostFacts.contains(inner) {
                verdict.add(.reconnaissance, .high, "\(program) sends what \(inner) says", line: line)
            }
        }
    }

    mutating func addDownload(_ command: Command, _ what: String, line: Int) {
        let isKnown = command.words.contains(where: WebTarget.isInstaller)
        verdict.add(
            .downloadAndRun, isKnown ? .medium : .high,
            isKnown ? "\(what), an installer that is known: \(command.text)" : "\(what): \(command.text)", line: line)
    }

    /// Judges the text that an interpreter is given on its command line.
    mutating func judgeCode(_ code: String, of program: String, line: Int) {
        if CommandTables.shells.contains(program) {
            verdict.add(Self.judge(code, depth: depth + 1), line: line)
        } else if program == "cmd" {
            verdict.add(Self.judge(code, .batch, depth: depth + 1), line: line)
        } else if CommandTables.powerShells.contains(program) {
            verdict.add(Self.judge(code, .powerShell, depth: depth + 1), line: line)
        } else if CommandTables.isPython(program) {
            verdict.python.append((code, line))
        } else {
            let plain = code.lowercased()
            let connects = ["socket", "fsockopen", "tcpsocket", "net.connect", "io.popen"].contains { plain.contains($0) }
            let runs = ["exec", "system", "spawn", "/bin/sh", "/bin/bash", "popen"].contains { plain.contains($0) }
            if connects, runs { verdict.add(.reverseShell, .critical, "\(program) ties a shell to a socket", line: line) }
        }
    }

    // MARK: Pipelines

    private mutating func judgeFlow(_ pipeline: [Command]) {
        let line = pipeline.first?.line ?? 1
        var source: Command?
        var decoder: Command?
        var literal: String?
        var secret: Command?
        var fact: String?
        var hasShell = false
        var hasConnection = false
        for (index, command) in pipeline.enumerated() {
            guard let (program, arguments) = command.invocation else { continue }
            let runsInput = CommandTables.runsInput(program, arguments)
            if runsInput {
                hasShell = true
                if let decoder {
                    verdict.add(
                        .encodedCommand, .critical,
                        "\(program) runs what \(decoder.words.joined(separator: " ").excerpt) decodes", line: line)
                    if let literal, let bytes = CommandTables.decoded(literal, by: decoder),
                        let text = String(validating: bytes, as: UTF8.self)
                    {
                        judgeCode(text, of: program, line: line)
                    }
                } else if let source {
                    addDownload(source, "\(program) runs what is downloaded", line: line)
                } else if let literal {
                    judgeCode(literal, of: program, line: line)
                }
                if let input = command.input { judgeCode(input, of: program, line: line) }
            }
            if index > 0, CommandTables.senders.contains(program), !arguments.contains(where: WebTarget.isService) {
                if let secret {
                    verdict.add(
                        .credentialTheft, .critical, "\(program) sends what \(secret.words.joined(separator: " ").excerpt) says",
                        line: line)
                } else if let fact {
                    verdict.add(.reconnaissance, .high, "\(program) sends what \(fact) says", line: line)
                }
            }
            if CommandTables.connectors.contains(program) { hasConnection = true }
            if CommandTables.shells.contains(program), arguments.contains("-i") { hasShell = true }
            if CommandTables.isFetch(command) { source = command }
            if CommandTables.isDecoder(command) { decoder = command }
            if program == "echo" || program == "printf" {
                literal = arguments.filter { !$0.hasPrefix("-") }.joined(separator: " ")
            }
            if let input = command.input, index == 0, program == "cat" { literal = input }
            if CommandTables.readsSecret(command) { secret = command }
            if CommandTables.hostFacts.contains(program) { fact = program }
        }
        if pipeline.count > 1, hasShell, hasConnection {
            verdict.add(
                .reverseShell, .critical,
                "a pipe ties a shell to a connection: \(pipeline.map(\.text).joined(separator: " | ").excerpt)", line: line)
        }
    }

    /// Files that are fetched and run later.
    private mutating func judgeFetched(_ pipeline: [Command]) {
        for command in pipeline {
            guard let (program, arguments) = command.invocation else { continue }
            if CommandTables.isFetch(command), let name = CommandTables.fetchedName(command) {
                fetched[name] = (command.words.contains(where: WebTarget.isInstaller), command.line)
                continue
            }
            var run: String?
            if fetched[lastPart(command.words.first ?? "")] != nil, program == lastPart(command.words.first ?? "").lowercased() {
                run = lastPart(command.words.first ?? "")
            } else if CommandTables.interpreters.contains(program) || program == "." || program == "source" || program == "chmod"
            {
                guard program != "chmod" || arguments.first?.contains("x") == true || arguments.first?.first == "7" else {
                    continue
                }
                let named = program == "chmod" ? arguments.last : arguments.first { !$0.hasPrefix("-") }
                run = named.map(lastPart)
            }
            guard let run, let file = fetched[run] else { continue }
            fetched[run] = nil
            verdict.add(
                .downloadAndRun, file.isKnown ? .medium : .high,
                "\(program) runs \(run.excerpt), which was downloaded on line \(file.line)",
                line: command.line)
        }
    }

    private func lastPart(_ path: String) -> String { path.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? path }
}

extension ShellScript.Command {
    /// The command on one line, cut where it is long.
    var text: String { words.joined(separator: " ").excerpt }
}

extension String {
    /// At most 80 characters of it.
    var excerpt: String { count > 80 ? prefix(80) + "…" : self }
}
