import PythonAnalysis
import PythonSyntax

/// Names that hide what they name, and the ways in which modules are found.
extension PythonJudge {
    /// A function that runs something, of whose name the source does not show the last part.
    mutating func judgeHidden(_ call: Called, _ capability: Capability) {
        guard capability == .process || capability == .code, call.isPlain, let parts = source.parts(ofCall: call.place) else {
            return
        }
        let text = source.text(parts.function)
        let isName = text.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "[") }
        let written = isName ? source.bindings(of: text).joined(separator: " ") : text
        guard Self.roundabouts.contains(where: written.contains) else { return }
        let last = call.name.split(separator: ".").last.map(String.init) ?? ""
        let isShown = written.contains(".\(last)") || written.contains("'\(last)'") || written.contains("\"\(last)\"")
        // Of a function by its name, `__import__` and its kin hide the module alone.
        let isByName = ["__dict__", "globals", "vars(", "__builtins__", "__getattribute__"].contains(where: written.contains)
        add(
            .pythonObfuscation, isShown && !(isByName && !isName) ? .medium : .high,
            isShown ? "\(call.name) is reached in a roundabout way" : "the name \(call.name) is put together from pieces",
            at: call.place)
    }

    private static let roundabouts = [
        "getattr", "__import__", "__dict__", "globals", "vars(", "import_module", "__builtins__", "__getattribute__",
        "attrgetter",
        "methodcaller", "resolve_name", "sys.modules",
    ]

    mutating func judgeImports(_ call: Called) {
        switch call.name {
        case "importlib.util.spec_from_file_location", "importlib.machinery.SourcelessFileLoader", "imp.load_source",
            "imp.load_compiled",
            "importlib.machinery.SourceFileLoader", "runpy.run_path":
            let path = call.arguments.flatMap(\.texts).first { $0.contains(".") }
            let ending = path?.split(separator: ".").last.map { $0.lowercased() } ?? "py"
            if call.name.hasSuffix("SourcelessFileLoader") || call.name.hasSuffix("load_compiled") || ending == "pyc" {
                add(
                    .pythonNativeCode, exposure(call.reach) == .onCall ? .medium : .high,
                    "\(call.name) loads compiled code\(when(call))", at: call.place)
            } else if !["py", "so", "pyd"].contains(ending), path != nil {
                add(
                    .pythonDynamicCode, exposure(call.reach) == .onCall ? .medium : .high,
                    "\(call.name) runs \(Snippet.clean(path ?? "").excerpt) as Python\(when(call))", at: call.place,
                    detail: "file")
            }
        case "sys.meta_path.insert", "sys.meta_path.append", "sys.path_hooks.insert", "sys.path_hooks.append":
            add(
                .pythonImportTampering, exposure(call.reach) == .onCall ? .low : .medium,
                "\(call.name) changes how modules are found", at: call.place)
        case "webbrowser.open", "webbrowser.open_new", "webbrowser.open_new_tab":
            if exposure(call.reach) == .onLoad {
                add(.pythonUsesNetwork, .medium, "\(call.name) opens a page\(when(call))", at: call.place, detail: "page")
            }
        case "pip.main", "pip._internal.main", "pip._internal.cli.main.main":
            add(
                .pythonRunsProcess, exposure(call.reach) == .onCall ? .info : .medium,
                "\(call.name) installs packages\(when(call))", at: call.place)
        default: break
        }
    }

    mutating func judgeAddresses(_ call: Called) {
        guard KnownFunctions.capability(call.name) == .network || call.name.hasSuffix("Request") else { return }
        for value in call.arguments.prefix(2) + call.keywords.filter({ $0.name == "url" }).map(\.value) {
            for text in value.texts(gap: "") {
                if WebTarget.isChannel(text) {
                    add(
                        .pythonSuspiciousHost, exposure(call.reach) == .onCall ? .medium : .high,
                        "\(call.name) talks to \(Snippet.clean(text).excerpt)\(when(call))", at: call.place)
                } else if WebTarget.isMetadataOfKeys(text) {
                    add(
                        .pythonReadsSecrets, exposure(call.reach) == .onCall ? .low : isEntry ? .high : .medium,
                        "\(call.name) asks \(Snippet.clean(text).excerpt) for keys\(when(call))", at: call.place,
                        detail: "metadata")
                } else if WebTarget.isBareAddress(text) {
                    add(
                        .pythonSuspiciousHost, exposure(call.reach) == .onLoad ? .medium : .low,
                        "\(call.name) talks to \(Snippet.clean(text).excerpt)\(when(call))", at: call.place)
                }
            }
        }
    }

    /// Connections to one machine of a network after the other.
    mutating func judgeProbe(_ call: Called) {
        let last = call.name.split(separator: ".").last ?? ""
        guard call.name.hasPrefix("socket."), ["connect", "connect_ex", "create_connection"].contains(last),
            let argument = call.isPlain ? source.parts(ofCall: call.place)?.arguments.first : nil
        else { return }
        let mentions = source.mentions(source.range(argument), steps: 2)
        let isRange = mentions.texts.contains { text in
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count >= 3 && parts.prefix(2).allSatisfy { UInt8($0) != nil } && UInt8(parts.last ?? "") == nil
                && text.count < 24
        }
        guard isRange || !mentions.attributes.isDisjoint(with: ["ip_network", "IPv4Network", "hosts"]) else { return }
        let exposure = exposure(call.reach)
        add(
            .pythonReconnaissance, exposure == .onCall ? .low : .high,
            "\(call.name) tries the machines of a network\(when(call))",
            at: call.place, detail: "probe")
    }

    // MARK: Sockets and shells

    /// A reverse shell: a connection is made, and a program's input and output are tied to it.
    mutating func judgeReverseShell() {
        let calls = file.calls + file.executedTexts.flatMap(\.calls)
        let connects = calls.filter {
            $0.function.hasSuffix("socket.connect") || $0.function.hasSuffix("socket.connect_ex")
                || $0.function == "socket.create_connection"
                || $0.function == "socket.socket.bind" || $0.function == "asyncio.open_connection"
        }
        guard !connects.isEmpty else { return }
        let ties = calls.filter { $0.function == "os.dup2" }
        let shells = calls.filter { call in
            if call.function == "pty.spawn" { return true }
            guard KnownFunctions.capability(call.function) == .process else { return false }
            let isShell = call.arguments.first.map { value in
                (value.texts + value.wordLists.compactMap(\.first)).contains { text in
                    let name = ShellScript.Command.programName(text.split(separator: " ").first.map(String.init) ?? "")
                    return CommandTables.shells.contains(name) || CommandTables.powerShells.contains(name) || name == "cmd"
                }
            }
            let isTied = call.keywords.contains {
                ["stdin", "stdout"].contains($0.name) && $0.value.names.contains { $0.contains("socket") }
            }
            let mentionsDescriptor = source.text(call.place).contains(".fileno()")
            return isShell == true && (!ties.isEmpty || isTied || mentionsDescriptor)
        }
        guard let shell = shells.first,
            !ties.isEmpty || shells.contains(where: { $0.function != "pty.spawn" }) || connects.count > 0
        else { return }
        explained.insert(shell.place)
        for connect in connects { explained.insert(connect.place) }
        add(
            .pythonReverseShell, .critical, "\(shell.function) runs a shell that is tied to a connection", at: shell.place,
            steps: [connects[0].place, shell.place])
    }

    // MARK: Look-alikes

    /// Identifiers that are written with other signs than those they stand for (PEP 3131: compared after NFKC).
    mutating func judgeNames() {
        guard !source.isASCII else { return }
        var finder = LookalikeFinder()
        python.tree.walk(&finder)
        guard let first = finder.found.first else { return }
        let isSensitive = finder.found.contains { LookalikeFinder.sensitive.contains($0.name) }
        let position = python.source.position(first.offset)
        add(
            .pythonObfuscation, isSensitive ? .high : .low,
            "\(Snippet.clean(first.name).excerpt) is written with signs of another alphabet",
            at: SourcePlace(path: file.path, line: position.line, column: position.column), detail: "letters")
    }
}

/// Names in the source that are ASCII just after their normalisation.
private struct LookalikeFinder: SyntaxVisitor {
    static let sensitive: Set<String> = [
        "exec", "eval", "compile", "system", "popen", "os", "subprocess", "import_module", "__import__", "getattr", "globals",
        "builtins", "socket", "open",
        "marshal", "loads", "b64decode", "Popen", "run", "call", "check_output",
    ]
    private(set) var found: [(offset: Int, name: String)] = []

    mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
        switch tree.syntax(id) {
        case .name(let name, _): check(name, in: tree)
        case .attribute(_, let name, _): check(name, in: tree)
        case .alias(let names, _): for name in names { check(name, in: tree) }
        default: break
        }
        return true
    }

    private mutating func check(_ name: Identifier, in tree: SyntaxTree) {
        let range = tree.range(name)
        let raw = tree.source.text(range)
        guard found.count < 64, raw.utf8.contains(where: { $0 >= 0x80 }) else { return }
        let folded = tree.text(name)
        if folded.utf8.allSatisfy({ $0 < 0x80 }) { found.append((range.lowerBound, folded)) }
    }
}
