import PythonAnalysis

/// Programs that Python code runs.
extension PythonJudge {
    /// Programs that builds and training scripts run.
    private static let ordinary: Set<String> = [
        "git", "pip", "pip3", "nvcc", "nvidia-smi", "gcc", "g++", "cc", "c++", "clang", "cmake", "make", "ninja", "ldconfig",
        "which", "where", "uname", "ls",
        "ffmpeg", "ffprobe", "sox", "tar", "unzip", "gunzip", "zip", "apt", "apt-get", "conda", "mamba", "python", "python3",
        "torchrun", "accelerate",
        "deepspeed", "rocminfo", "rocm-smi", "hipcc", "nproc", "free", "df", "lscpu", "sw_vers", "sysctl", "pkg-config", "node",
        "npm", "java", "perl", "sphinx-build",
        "pytest", "black", "isort", "ruff", "flake8", "mypy", "cp", "mv", "mkdir", "wget", "curl", "gsutil", "aws", "rsync",
        "clear", "cls", "stty", "tput", "echo",
        "cat", "ln", "chmod", "lsb_release", "ps", "kill", "sleep", "huggingface-cli", "hf", "tensorboard", "streamlit",
        "jupyter", "dot", "pandoc", "latex",
        "pdflatex", "convert", "identify", "file", "lsof", "taskkill", "mpirun", "horovodrun", "srun", "squeue", "scontrol",
        "protoc", "readelf", "objdump", "otool", "true",
        "false", "test", "sed", "awk", "grep", "wc", "sort", "head", "tail", "rm", "touch", "dirname", "basename", "git-lfs",
        "cargo", "rustc", "swig", "openssl",
        "gradio", "uvicorn", "gunicorn", "docker", "brew", "xcrun", "xcodebuild", "espeak", "espeak-ng", "lspci", "ip",
        "hostname", "dpkg", "rpm", "sudo", "less", "more",
        "aplay", "lame", "opencc", "kaggle", "gdown", "7z", "unrar", "patch", "diff", "find", "tree", "tasklist", "ver",
        "vswhere", "dumpbin", "cl",
    ]

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
        let programs = commands.flatMap { text, words in
            (words.map { CommandJudge.judge(words: $0) } ?? CommandJudge.judge(text)).programs
        }
        let rule: Rule = isSetup && exposure == .onLoad ? .pythonSetupRunsCode : .pythonRunsProcess
        if programs.isEmpty || isWindowsAlias || programs.contains(Self.gap) {
            let severity: Severity =
                switch exposure {
                case .onLoad: isSetup || !call.isPlain || call.reach.phase == .later ? .medium : .high
                case .onImport: .medium
                case .onCall: .low
                }
            add(rule, severity, "\(call.name) runs a command that is not known\(when(call))", at: call.place)
            return
        }
        let strange = programs.first { !Self.ordinary.contains($0) && !CommandTables.isPython($0) }
        let severity: Severity =
            switch exposure {
            case .onLoad: strange == nil ? .low : .medium
            case .onImport: strange == nil ? .info : .low
            case .onCall: .info
            }
        let shown = Snippet.clean((strange ?? programs.first) ?? "").excerpt
        add(rule, severity, "\(call.name) runs \(shown)\(when(call))", at: call.place)
    }

    /// What stands for a part of a command that is not known.
    static var gap: String { "\u{2026}" }

    /// How bad a command is that Python code runs: nobody types it, and at load nobody even asks for it.
    private func severity(of concern: CommandConcern, _ exposure: Exposure) -> Severity {
        switch (concern.kind, exposure) {
        case (.reconnaissance, .onLoad): max(concern.severity, .high)
        case (.reconnaissance, .onImport): max(concern.severity, .medium)
        case (.proofOfConcept, .onLoad), (.proofOfConcept, .onImport):
            concern.severity >= .medium ? .high : exposure == .onLoad ? .high : .medium
        case (.downloadAndRun, .onLoad), (.downloadAndRun, .onImport), (.persistence, .onLoad), (.persistence, .onImport):
            concern.severity >= .high ? .critical : concern.severity
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
