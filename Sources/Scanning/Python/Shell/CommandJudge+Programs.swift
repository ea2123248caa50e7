/// What one command does by itself.
extension CommandJudge {
    mutating func judgeAlone(_ command: Command) {
        judgeRedirections(command)
        guard let (program, arguments) = command.invocation else { return }
        let line = command.line
        judgeInterpreter(program, arguments, command)
        judgeDestruction(program, arguments, command)
        judgeConnection(program, arguments, command)
        judgeTasks(program, arguments, command)
        judgeWindows(program, arguments, command)
        judgeInstallation(program, arguments, command)
        if CommandTables.miners.contains(program)
            || arguments.contains(where: { $0.contains("stratum+tcp://") || $0.contains("stratum+ssl://") })
        {
            verdict.add(.miner, .critical, "runs a crypto miner: \(command.text)", line: line)
        }
        let opened = program == "open" ? arguments.last.map(ShellScript.Command.programName) : nil
        if CommandTables.calculators.contains(program) || opened.map({ $0.hasPrefix("calculator") }) == true {
            verdict.add(.proofOfConcept, .medium, "opens \(opened ?? program)", line: line)
        }
        if program == "touch" || program == "mkdir", arguments.contains(where: { $0.hasPrefix("/tmp/") && Self.boasts($0) }) {
            verdict.add(.proofOfConcept, .medium, "leaves a marker: \(command.text)", line: line)
        } else if program == "touch", arguments.contains(where: { $0.hasPrefix("/tmp/") && !$0.dropFirst(5).contains("/") }) {
            verdict.add(.proofOfConcept, .low, "leaves a marker: \(command.text)", line: line)
        }
        if program == "echo" || program == "printf" || program == "msg", arguments.contains(where: Self.boasts) {
            verdict.add(.proofOfConcept, .medium, "boasts: \(command.text)", line: line)
        }
        let onlyShows = ["whoami", "id", "ifconfig", "ipconfig", "systeminfo"].contains(program)
        let isAccounts = program == "cat" && arguments.contains { ["/etc/passwd", "/etc/shadow"].contains($0) }
        if onlyShows && arguments.count < 2 && !arguments.contains("-u") && !arguments.contains("-g") || isAccounts {
            verdict.add(.reconnaissance, .low, "asks for facts about the machine: \(command.text)", line: line)
        }
    }

    /// Whether a text is what people write who show that their code has run.
    static func boasts(_ text: String) -> Bool {
        let plain = text.lowercased()
        return [
            "pwned", "hacked", "owned by", "you have been", "exploited", "vulnerable", "rce", "malicious", "arbitrary code",
            "code execution", "poc", "0wned",
        ].contains { needle in
            guard let range = plain.firstRange(of: needle) else { return false }
            // A word of its own: not the end of "source" or "resource".
            guard range.lowerBound > plain.startIndex else {
                return needle.count > 3 || !(plain[range.upperBound...].first?.isLetter ?? false)
            }
            let before = plain[plain.index(before: range.lowerBound)]
            return !before.isLetter && (needle.count > 3 || !(plain[range.upperBound...].first?.isLetter ?? false))
        }
    }

    // MARK: Interpreters

    private mutating func judgeInterpreter(_ program: String, _ arguments: [String], _ command: Command) {
        if program == "eval" { judgeCode(arguments.joined(separator: " "), of: "sh", line: command.line) }
        guard CommandTables.interpreters.contains(program) || CommandTables.isPython(program) else { return }
        if CommandTables.powerShells.contains(program) { return judgePowerShellCall(arguments, command) }
        let flags = program == "cmd" ? ["/c", "/k", "/C", "/K"] : ["-c", "-e", "-r", "-lc", "-ic", "-xc", "-ec"]
        guard let flag = arguments.firstIndex(where: flags.contains), flag + 1 < arguments.count else {
            if let input = command.input, CommandTables.runsInput(program, arguments), CommandTables.isPython(program) {
                verdict.python.append((input, command.line))
            }
            return
        }
        let code = program == "cmd" ? arguments[(flag + 1)...].joined(separator: " ") : arguments[flag + 1]
        judgeCode(code, of: program, line: command.line)
    }

    // MARK: Redirections

    private mutating func judgeRedirections(_ command: Command) {
        let program = command.invocation?.program ?? ""
        let opensDescriptor = command.words == ["exec"] || program.isEmpty
        for redirection in command.redirections {
            let target = redirection.target
            if target.hasPrefix("/dev/tcp/") || target.hasPrefix("/dev/udp/") {
                if CommandTables.shells.contains(program) || opensDescriptor && command.words.first == "exec" {
                    verdict.add(.reverseShell, .critical, "ties a shell to \(target.excerpt)", line: command.line)
                } else if CommandTables.readsSecret(command) {
                    verdict.add(.credentialTheft, .critical, "sends a secret to \(target.excerpt)", line: command.line)
                }
            }
            guard redirection.kind != .input else { continue }
            judgeWrite(to: target, command)
        }
        if program == "tee" { for target in command.words.dropFirst() { judgeWrite(to: target, command) } }
        if program == "cp" || program == "mv" || program == "install" || program == "ln", let target = command.words.last {
            judgeWrite(to: target, command)
        }
    }

    private mutating func judgeWrite(to target: String, _ command: Command) {
        if target.hasPrefix("/dev/sd") || target.hasPrefix("/dev/nvme") || target.hasPrefix("/dev/hd") {
            verdict.add(.destructive, .critical, "overwrites \(target.excerpt)", line: command.line)
        }
        guard StartPlace.isStart(path: target) else { return }
        let content = command.words.dropFirst().joined(separator: " ")
        let isSetting = ["export ", "alias ", "source ", "eval \"$(", ". ", "#", "path=", "conda "].contains {
            content.lowercased().hasPrefix($0) || content.hasPrefix("\n" + $0)
        }
        verdict.add(.persistence, isSetting ? .low : .high, "writes to \(target.excerpt)", line: command.line)
    }

    // MARK: Destruction

    private static let roots: Set<String> = [
        "/", "/*", "~", "~/", "~/*", "$HOME", "${HOME}", "$HOME/", "$HOME/*", "${HOME}/*", "/home", "/home/*", "/etc", "/usr",
        "/var", "/boot", "/bin", "/lib",
        "/root", "/root/*", "/.", "/..", "/dev", "c:\\", "c:/", "c:\\*", "c:\\*.*", "c:\\windows", "%userprofile%",
        "%systemroot%", "c:",
    ]

    private mutating func judgeDestruction(_ program: String, _ arguments: [String], _ command: Command) {
        let targets = arguments.filter { !$0.hasPrefix("-") }.map {
            $0.contains("\\") || $0.contains("%") || $0.hasPrefix("C:") ? $0.lowercased() : $0
        }
        let hitsRoot = targets.contains(where: Self.roots.contains)
        let options = arguments.filter { $0.hasPrefix("-") && !$0.hasPrefix("--") }.joined().lowercased()
        let isDestructive =
            switch program {
            case "rm":
                hitsRoot && (options.contains("r") || arguments.contains("--recursive"))
                    || arguments.contains("--no-preserve-root")
            case "del", "erase", "rd", "rmdir":
                hitsRoot && arguments.contains { $0.lowercased() == "/s" }
            case "remove-item", "ri": hitsRoot && options.contains("recurse")
            case "format": targets.contains { $0.count == 2 && $0.hasSuffix(":") }
            case "dd":
                arguments.contains {
                    $0.hasPrefix("of=/dev/") && !["of=/dev/null", "of=/dev/stdout"].contains($0) && !$0.contains("shm")
                }
            case "shred": targets.contains { $0.hasPrefix("/dev/") || Self.roots.contains($0) }
            case "wipefs": true
            case "chmod", "chown": hitsRoot && options.contains("r")
            case "find": targets.first.map(Self.roots.contains) == true && arguments.contains("-delete")
            case "vssadmin": arguments.contains { $0.lowercased() == "delete" }
            case "mv": targets.last == "/dev/null" && targets.dropLast().contains(where: Self.roots.contains)
            default: program == "mkfs" || program.hasPrefix("mkfs.")
            }
        if isDestructive { verdict.add(.destructive, .critical, "destroys files: \(command.text)", line: command.line) }
    }

    mutating func judgeForkBomb(_ text: String) {
        if text.utf8.count < 1 << 20, text.replacing(" ", with: "").contains(":(){:|:&};:") {
            verdict.add(.destructive, .critical, "starts itself without end", line: 1)
        }
    }

    // MARK: Connections

    private mutating func judgeConnection(_ program: String, _ arguments: [String], _ command: Command) {
        let runsProgram = arguments.contains { argument in
            argument == "--exec" || argument == "--sh-exec" || argument.hasPrefix("--exec=")
                || argument.hasPrefix("-") && !argument.hasPrefix("--") && (argument.contains("e") || argument.contains("c"))
        }
        if ["nc", "ncat", "netcat"].contains(program), runsProgram,
            arguments.contains(where: { CommandTables.interpreters.contains(ShellScript.Command.programName($0)) })
        {
            verdict.add(.reverseShell, .critical, "ties a shell to a connection: \(command.text)", line: command.line)
        }
        if program == "socat",
            arguments.contains(where: { $0.lowercased().hasPrefix("exec:") || $0.lowercased().hasPrefix("system:") })
        {
            verdict.add(.reverseShell, .critical, "ties a shell to a connection: \(command.text)", line: command.line)
        }
        guard ["curl", "wget", "scp", "rsync", "ftp"].contains(program), !arguments.contains(where: WebTarget.isService) else {
            return
        }
        for argument in arguments {
            let file = argument.split(separator: "@", maxSplits: 1).last.map(String.init) ?? ""
            let named = argument.hasPrefix("--post-file=") ? String(argument.dropFirst(12)) : file
            let isUpload = argument.contains("@") && program == "curl" || argument.hasPrefix("--post-file=") || program == "scp"
            let isBody = program == "curl" && arguments.contains { $0 == "-T" || $0 == "--upload-file" }
            if isUpload || isBody, SecretPlace.isSecret(path: named) {
                verdict.add(.credentialTheft, .critical, "\(program) sends \(named.excerpt)", line: command.line)
            }
        }
        let sendsVariable = arguments.contains { argument in
            guard let dollar = argument.firstIndex(of: "$") else { return false }
            let name = argument[argument.index(after: dollar)...].drop { $0 == "{" }.prefix {
                $0.isLetter || $0.isNumber || $0 == "_"
            }
            return SecretPlace.isSecret(variable: String(name)) && !name.isEmpty
        }
        if sendsVariable, arguments.contains(where: { WebTarget.isChannel($0) || WebTarget.isBareAddress($0) }) {
            verdict.add(.credentialTheft, .critical, "\(program) sends a secret: \(command.text)", line: command.line)
        }
    }

    // MARK: Packages

    /// `pip install` from elsewhere than where packages come from.
    private mutating func judgeInstallation(_ program: String, _ arguments: [String], _ command: Command) {
        let isPip =
            program == "pip" || program == "pip3" || program == "uv" || program == "easy_install"
            || CommandTables.isPython(program) && arguments.contains("pip")
        guard isPip, arguments.contains(where: { $0 == "install" || $0 == "download" }) || program == "easy_install" else {
            return
        }
        for argument in arguments {
            guard let scheme = argument.firstRange(of: "://") else { continue }
            let start = argument[..<scheme.lowerBound].lastIndex { !$0.isLetter && $0 != "+" }.map { argument.index(after: $0) }
            let address = String(argument[(start ?? argument.startIndex)...])
            guard !address.contains("$"), !address.contains("{"), !address.contains("\u{2026}"), !WebTarget.isPackageHost(address)
            else {
                continue
            }
            verdict.add(
                .foreignPackages, .medium, "installs a package from \(address.excerpt)", line: command.line)
        }
    }

    // MARK: Tasks

    private mutating func judgeTasks(_ program: String, _ arguments: [String], _ command: Command) {
        switch program {
        case "crontab":
            let changes = arguments.isEmpty || arguments.contains("-") || arguments.contains { !$0.hasPrefix("-") }
            if changes, !arguments.contains("-l"), !arguments.contains("-r") {
                verdict.add(.persistence, .high, "enters a job: \(command.text)", line: command.line)
            }
        case "schtasks":
            if arguments.contains(where: { $0.lowercased() == "/create" }) {
                verdict.add(.persistence, .high, "enters a job: \(command.text)", line: command.line)
            }
        case "reg", "reg.exe", "new-itemproperty", "set-itemproperty":
            let writes = program != "reg" || arguments.first?.lowercased() == "add"
            if writes, arguments.contains(where: { $0.lowercased().contains("\\currentversion\\run") }) {
                verdict.add(
                    .persistence, .high, "enters a program that starts with the system: \(command.text)", line: command.line)
            }
        case "useradd", "adduser":
            verdict.add(.persistence, .low, "makes an account: \(command.text)", line: command.line)
        case "net"
        where arguments.count > 1 && arguments[0].lowercased() == "user" && arguments.contains { $0.lowercased() == "/add" }:
            verdict.add(.persistence, .high, "makes an account: \(command.text)", line: command.line)
        case "iptables", "ip6tables":
            if arguments.contains("-F") {
                verdict.add(.disablesProtection, .high, "drops the firewall's rules", line: command.line)
            }
        case "ufw" where arguments.contains("disable"):
            verdict.add(.disablesProtection, .high, "turns the firewall off", line: command.line)
        case "history" where arguments.contains("-c"):
            verdict.add(.disablesProtection, .high, "clears the history of commands", line: command.line)
        case "unset" where arguments.contains("HISTFILE"):
            verdict.add(.disablesProtection, .high, "keeps no history of commands", line: command.line)
        default: break
        }
    }
}
