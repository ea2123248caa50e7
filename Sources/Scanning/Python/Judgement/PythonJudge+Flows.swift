import PythonAnalysis

/// Values that flow from where they should not come to where they should not go.
extension PythonJudge {
    mutating func judgeFlows(_ flows: [DataFlow]) {
        for flow in flows where FlowTable.sources.indices.contains(flow.source) && FlowTable.sinks.indices.contains(flow.sink) {
            judge(flow, from: FlowTable.sources[flow.source].source, to: FlowTable.sinks[flow.sink].sink)
        }
    }

    private mutating func judge(_ flow: DataFlow, from source: FlowTable.Source, to sink: FlowTable.Sink) {
        let name = flow.sinkNames.first ?? ""
        // A function of the package that has the name of another one is not that one.
        guard !isOwn(flow.place, flow.sinkNames), !isOwn(flow.origin, [FlowTable.sources[flow.source].name]) else { return }
        switch (source, sink) {
        case (.network, .code): report(.pythonDownloader, .critical, "\(name) runs what \(origin(flow)) fetches", flow)
        case (.network, .native):
            report(.pythonDownloader, .critical, "\(name) loads machine code that \(origin(flow)) fetches", flow)
        case (.network, .process): judgeFetchedCommand(flow, name)
        case (.network, .pickle): judgeFetchedPickle(flow, name)
        case (.decoded, .code), (.character, .code), (.unmarshalled, .code): judgeDecoded(flow, source, name)
        case (.decoded, .process), (.character, .process):
            report(
                .pythonDecodedExecution, hasLiteral(flow) ? .critical : .medium,
                "\(name) runs a command that \(origin(flow)) decodes", flow)
        case (.decoded, .pickle):
            if hasLiteral(flow) {
                report(
                    .pythonDecodedExecution, name.hasPrefix("marshal") ? .high : .high,
                    "\(name) loads what \(origin(flow)) decodes from a literal", flow)
            }
        case (.file, .code): judgeFileRun(flow, name)
        case (.environment, .code), (.variable, .code):
            report(.pythonDynamicCode, .medium, "\(name) runs code from the environment", flow)
        case (.environment, .network): judgeEnvironment(flow, name)
        case (.variable, .network): if let key = variable(flow) { judgeVariable(key, flow, name) }
        case (.file, .network): judgeSecretFile(flow, name)
        case (.secret, .network):
            if !isForService(flow) { report(.pythonCredentialTheft, .critical, "\(name) sends what \(origin(flow)) gives", flow) }
        case (.listing, .network): judgeListing(flow, name)
        case (.network, .network): judgeMetadata(flow, name)
        case (.hostFact, .network): judgeHostFact(flow, name)
        case (.processOutput, .network): judgeOutput(flow, name)
        default: break
        }
    }

    private func isOwn(_ place: SourcePlace, _ names: [String]) -> Bool {
        callsByPlace[place]?.contains { call in !call.ownNames.isEmpty && names.allSatisfy(call.ownNames.contains) } ?? false
    }

    private mutating func report(_ rule: Rule, _ severity: Severity, _ message: String, _ flow: DataFlow) {
        explained.insert(flow.place)
        explained.insert(flow.origin)
        add(
            rule, severity, message + when(flow.reach), at: flow.place, detail: "\(flow.place.line)",
            steps: flow.steps)
    }

    private func when(_ reach: CallReach) -> String {
        switch exposure(reach) {
        case .onLoad: " as the package is loaded"
        case .onImport: " as the file is imported"
        case .onCall: ""
        }
    }

    /// The function, or name, that a value comes from.
    private func origin(_ flow: DataFlow) -> String {
        let pattern = FlowTable.sources[flow.source].name
        if let call = callsByPlace[flow.origin]?.first(where: { pattern.hasPrefix("*") || $0.function == pattern }) {
            return Snippet.clean(call.function).excerpt
        }
        return pattern.hasPrefix("*.") ? String(pattern.dropFirst(2)) : pattern
    }

    private func calls(at place: SourcePlace, named names: [String]) -> PythonCall? {
        callsByPlace[place]?.first { names.contains($0.function) } ?? callsByPlace[place]?.first
    }

    // MARK: Code and commands

    private mutating func judgeFetchedCommand(_ flow: DataFlow, _ name: String) {
        // Of `run(["tar", "xf", path])` it matters which program is run.
        if let call = calls(at: flow.place, named: flow.sinkNames), let node = source.parts(ofCall: flow.place)?.arguments.first {
            let words = source.words(node)
            let first =
                words?.first ?? call.arguments.first?.texts(gap: "\u{2026}").first?.split(separator: " ").first.map(String.init)
            if let program = first.map({ ShellScript.Command.programName($0) }), program != "\u{2026}", !program.isEmpty,
                !CommandTables.interpreters.contains(program), !CommandTables.isPython(program)
            {
                return add(
                    .pythonRunsProcess, .low, "\(name) gives \(program.excerpt) what \(origin(flow)) fetches", at: flow.place,
                    steps: flow.steps)
            }
        }
        if flow.argument == .keyword("env") || flow.argument == .keyword("cwd") || flow.argument == .keyword("input") { return }
        report(.pythonDownloader, .critical, "\(name) runs a command that \(origin(flow)) fetches", flow)
    }

    private mutating func judgeFetchedPickle(_ flow: DataFlow, _ name: String) {
        guard let call = calls(at: flow.place, named: flow.sinkNames) else { return }
        if name == "torch.load", call.keywords.contains(where: { $0.name == "weights_only" && $0.value.exact == .bool(true) }) {
            return
        }
        if name == "numpy.load", !call.keywords.contains(where: { $0.name == "allow_pickle" && $0.value.exact == .bool(true) }) {
            return
        }
        if name == "yaml.load", !name.contains("unsafe") { return }
        // A pipe between processes has the method too.
        if FlowTable.sources[flow.source].name == "*.recv" {
            return report(.pythonLoadsPickle, .medium, "\(name) loads a pickle that \(origin(flow)) gives", flow)
        }
        if name == "pandas.read_pickle" || name.hasPrefix("joblib") || name.hasPrefix("shelve") {
            return report(.pythonLoadsPickle, .high, "\(name) loads a pickle that \(origin(flow)) fetches", flow)
        }
        report(
            .pythonLoadsPickle, exposure(flow.reach) == .onCall ? .high : .critical,
            "\(name) loads a pickle that \(origin(flow)) fetches", flow)
    }

    /// Whether what is decoded stands in the source.
    private func hasLiteral(_ flow: DataFlow) -> Bool {
        // What another file decodes, this one does not show.
        guard flow.origin.path == file.path else { return FlowTable.sinks[flow.sink].sink == .code }
        guard let parts = source.parts(ofCall: flow.origin) else { return true }
        if let call = callsByPlace[flow.origin]?.first, let value = call.arguments.first, value.isComplete,
            !value.candidates.isEmpty
        {
            return true
        }
        return parts.arguments.first.map { node in source.texts(in: source.range(node)).contains { $0.utf8.count >= 16 } }
            ?? false
    }

    private mutating func judgeDecoded(_ flow: DataFlow, _ kind: FlowTable.Source, _ name: String) {
        let isLiteral = hasLiteral(flow)
        switch kind {
        case .character:
            report(
                .pythonDecodedExecution, .critical, "\(name) runs a text that is put together from numbers of characters", flow)
        case .unmarshalled:
            report(
                .pythonDecodedExecution, isLiteral ? .critical : exposure(flow.reach) == .onCall ? .medium : .high,
                "\(name) runs code that is compiled already", flow)
        default:
            let severity: Severity = isLiteral ? .critical : exposure(flow.reach) == .onCall ? .medium : .high
            report(.pythonDecodedExecution, severity, "\(name) runs what \(origin(flow)) decodes", flow)
        }
    }

    private mutating func judgeFileRun(_ flow: DataFlow, _ name: String) {
        let texts = callsByPlace[flow.origin]?.first.map { ($0.arguments.first?.texts ?? []) + ($0.receiver?.texts ?? []) } ?? []
        let mentioned = source.mentions(source.range(flow.origin)).texts
        let path = (texts + mentioned).first { $0.contains(".") && !$0.contains(" ") && $0.count > 2 } ?? ""
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let isItself = source.text(flow.origin).contains("__file__") && flow.origin.path == file.path && path.isEmpty
        if isItself, !isSetup, exposure(flow.reach) > .onCall {
            return report(.pythonDynamicCode, .high, "\(name) runs a part of the file itself", flow)
        }
        let isCode = ["py", "pyi", "cfg", "toml", "in", "pyx"].contains(ending)
        let isData = [
            "txt", "bin", "dat", "png", "jpg", "jpeg", "gif", "json", "pt", "pth", "pkl", "npy", "safetensors", "md", "csv",
            "log", "tmp", "mp3", "wav", "svg", "model",
        ]
        .contains(ending)
        let severity: Severity =
            switch exposure(flow.reach) {
            case .onCall: isData ? .medium : .low
            case .onImport: isData ? .high : isCode || isSetup ? .low : .medium
            case .onLoad: isData ? .high : isCode || isSetup ? .low : .medium
            }
        report(
            .pythonDynamicCode, severity, "\(name) runs the file \(path.isEmpty ? "that is read" : Snippet.clean(path).excerpt)",
            flow)
    }

    // MARK: Secrets

    /// The addresses that a sink may send to.
    private func addresses(_ flow: DataFlow) -> [String] {
        var found: [String] = []
        for call in callsByPlace[flow.place] ?? [] {
            for value in call.arguments.prefix(2) + call.keywords.filter({ $0.name == "url" || $0.name == "host" }).map(\.value) {
                found += value.texts(gap: "")
            }
        }
        if let parts = source.parts(ofCall: flow.place) { found += source.mentions(parts.function).texts }
        if !found.contains(where: WebTarget.isAddress) { found += source.mentions(source.range(flow.place)).texts }
        return found.filter { WebTarget.isAddress($0) || WebTarget.isChannel($0) }
    }

    private func isForService(_ flow: DataFlow) -> Bool {
        let addresses = addresses(flow)
        return !addresses.isEmpty && addresses.allSatisfy { WebTarget.isService($0) && !WebTarget.isChannel($0) }
    }

    /// The name of the variable that a flow comes from; nil where it is not known.
    private func variable(_ flow: DataFlow) -> String? {
        if let call = callsByPlace[flow.origin]?.first(where: { $0.function.contains("env") }) {
            return call.arguments.first?.texts.first
        }
        return nil
    }

    private mutating func judgeEnvironment(_ flow: DataFlow, _ name: String) {
        let next = source.following(flow.origin).drop { $0 == " " }
        if next.hasPrefix("[") || next.hasPrefix(".get(") || next.hasPrefix(".pop(") || next.hasPrefix(".setdefault(")
            || next.hasPrefix(".get (")
        {
            let quoted = next.drop { $0 != "[" && $0 != "(" }.dropFirst()
            guard let quote = quoted.first, quote == "\"" || quote == "'" else { return }
            return judgeVariable(String(quoted.dropFirst().prefix { $0 != quote }), flow, name)
        }
        // Another name for it says nothing of which variables are read.
        let isAlias = next.first.map { $0.isNewline || $0 == ";" || $0 == "#" } ?? true
        let takesAll = flow.steps.contains { step in
            let text = source.snippet(line: step.line)
            return [".items(", "dict(", "str(", "dumps(", "copy(", "urlencode(", "repr(", "values("].contains(
                where: text.contains)
        }
        if isAlias, !takesAll {
            return report(.pythonReadsSecrets, .medium, "\(name) may send variables of the environment", flow)
        }
        if isForService(flow) {
            return report(.pythonReadsSecrets, .medium, "\(name) sends the environment to a known service", flow)
        }
        report(.pythonCredentialTheft, .critical, "\(name) sends the whole environment", flow)
    }

    private mutating func judgeVariable(_ variable: String, _ flow: DataFlow, _ name: String) {
        let hostNames = ["USER", "USERNAME", "HOSTNAME", "COMPUTERNAME", "LOGNAME"]
        if hostNames.contains(variable.uppercased()) { return judgeHostFact(flow, name) }
        guard SecretPlace.isSecret(variable: variable) else { return }
        let addresses = addresses(flow)
        let shown = Snippet.clean(variable).excerpt
        if addresses.contains(where: { WebTarget.isChannel($0) || WebTarget.isBareAddress($0) }) {
            return report(
                .pythonCredentialTheft, .critical, "\(name) sends \(shown) to \(Snippet.clean(addresses.first ?? "").excerpt)",
                flow)
        }
        if isForService(flow) { return }
        // `FOO_API_KEY` goes to `api.foo.com`.
        let first = variable.lowercased().split(separator: "_").first.map(String.init) ?? ""
        if first.count > 2, addresses.contains(where: { (WebTarget.host($0) ?? "").contains(first) }) { return }
        if name.contains("socket") || name.contains("smtp") || name.contains("ftp") {
            return report(.pythonCredentialTheft, .critical, "\(name) sends \(shown)", flow)
        }
        let isAuthorization =
            flow.argument == .keyword("headers") || flow.argument == .keyword("auth") || flow.argument == .keyword("cookies")
            || flow.argument == .rest
        if addresses.isEmpty {
            return report(
                .pythonReadsSecrets, isAuthorization ? .low : .medium, "\(name) uses \(shown) with an address that is not known",
                flow)
        }
        report(
            .pythonCredentialTheft, isAuthorization ? (exposure(flow.reach) == .onCall ? .medium : .high) : .critical,
            "\(name) sends \(shown) to \(Snippet.clean(addresses.first ?? "").excerpt)", flow)
    }

    private func isSecretFile(_ origin: SourcePlace) -> String? {
        for call in callsByPlace[origin] ?? [] {
            let paths = (call.arguments.first?.texts(gap: "~") ?? []) + (call.receiver?.texts ?? [])
            if let secret = paths.first(where: SecretPlace.isSecret(path:)) { return secret }
        }
        let mentions = source.mentions(source.range(origin))
        return mentions.hasSecretPath ? (mentions.texts.first(where: SecretPlace.isSecret(path:)) ?? "a file with secrets") : nil
    }

    private mutating func judgeSecretFile(_ flow: DataFlow, _ name: String) {
        guard let path = isSecretFile(flow.origin) else { return }
        let isOwn = isForService(flow) && (path.contains("token") || path.hasSuffix(".env") || path.contains("kaggle"))
        report(
            isOwn ? .pythonReadsSecrets : .pythonCredentialTheft, isOwn ? .low : .critical,
            "\(name) sends \(Snippet.clean(path).excerpt)", flow)
    }

    /// Names of the user's files, or of all.
    private mutating func judgeListing(_ flow: DataFlow, _ name: String) {
        guard !isForService(flow), flow.argument != .keyword("files") else { return }
        let mentions = source.mentions(source.range(flow.origin), steps: 1)
        let places: Set<String> = [
            "~", "/", "/home", "/root", "/Users", "C:\\", "C:/", "/etc", "~/", "$HOME", "/home/", "/Users/", "/mnt",
        ]
        let isHome = mentions.attributes.contains("home") && mentions.texts.allSatisfy { !$0.contains("/") }
        guard
            isHome
                || mentions.texts.contains(where: { places.contains($0) || $0.hasPrefix("~/.") || SecretPlace.isSecret(path: $0) }
                )
        else { return }
        report(
            .pythonReconnaissance, exposure(flow.reach) == .onCall ? .medium : .high,
            "\(name) sends names of the user's files", flow)
    }

    /// What a machine in a data centre is told of itself, and hands on.
    private mutating func judgeMetadata(_ flow: DataFlow, _ name: String) {
        guard let call = callsByPlace[flow.origin]?.first else { return }
        let texts = call.arguments.flatMap { $0.texts(gap: "") } + source.mentions(source.range(flow.origin), steps: 1).texts
        guard let address = texts.first(where: WebTarget.isMetadata) else { return }
        let sent = addresses(flow)
        guard !sent.contains(where: WebTarget.isMetadata), !isForService(flow),
            exposure(flow.reach) > .onCall || !sent.isEmpty
        else { return }
        if WebTarget.isMetadataOfKeys(address) || sent.contains(where: WebTarget.isChannel) {
            return report(
                .pythonCredentialTheft, .critical, "\(name) sends what \(Snippet.clean(address).excerpt) says", flow)
        }
        report(.pythonReconnaissance, .high, "\(name) sends what \(Snippet.clean(address).excerpt) says", flow)
    }

    // MARK: Facts about the machine

    private mutating func judgeHostFact(_ flow: DataFlow, _ name: String) {
        // Which program asks is what a header is for.
        if flow.argument == .keyword("headers") || flow.argument == .keyword("timeout") { return }
        let isLookup = ["socket.gethostbyname", "socket.getaddrinfo"].contains(name)
        // The own address is looked up so.
        if isLookup, !(callsByPlace[flow.place]?.first?.arguments.first?.templates.isEmpty == false) { return }
        let addresses = addresses(flow)
        let isService = isForService(flow)
        report(
            .pythonReconnaissance, isService ? .low : addresses.isEmpty && exposure(flow.reach) == .onCall ? .medium : .high,
            "\(name) sends what \(origin(flow)) says of the machine", flow)
    }

    private mutating func judgeOutput(_ flow: DataFlow, _ name: String) {
        guard let call = callsByPlace[flow.origin]?.first else { return }
        let words = call.arguments.first.map { $0.texts + $0.wordLists.map { $0.joined(separator: " ") } } ?? []
        let commands = words.flatMap { text in ShellReader.read(text).pipelines.joined() }
        if let command = commands.first(where: CommandTables.readsSecret) {
            return report(.pythonCredentialTheft, .critical, "\(name) sends what `\(Snippet.clean(command.text))` says", flow)
        }
        if let command = commands.first(where: { CommandTables.hostFacts.contains($0.invocation?.program ?? "") }) {
            report(.pythonReconnaissance, .high, "\(name) sends what `\(Snippet.clean(command.text))` says", flow)
        }
    }
}
