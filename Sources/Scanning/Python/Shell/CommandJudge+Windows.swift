/// What PowerShell and the programs of Windows do.
extension CommandJudge {
    mutating func judgeWindows(_ program: String, _ arguments: [String], _ command: Command) {
        let plain = arguments.map { $0.lowercased() }
        func names(_ parts: String...) -> Bool { plain.contains { argument in parts.contains { argument.contains($0) } } }
        switch program {
        case "certutil":
            if names("-urlcache", "/urlcache", "-verifyctl") {
                verdict.add(
                    .downloadAndRun, .high, "downloads by a tool that is for certificates: \(command.text)", line: command.line)
            } else if names("-decode", "/decode") {
                verdict.add(
                    .encodedCommand, .high, "decodes by a tool that is for certificates: \(command.text)", line: command.line)
            }
        case "mshta" where names("http:", "https:", "javascript:", "vbscript:"), "regsvr32" where names("/i:http"),
            "rundll32" where names("javascript:", "http:"), "msiexec" where names("http:", "https:"):
            verdict.add(.downloadAndRun, .high, "runs what it downloads: \(command.text)", line: command.line)
        case "bitsadmin" where names("/transfer"), "start-bitstransfer":
            verdict.add(.downloadAndRun, .high, "downloads out of sight: \(command.text)", line: command.line)
        case "set-mppreference" where names("-disable"), "add-mppreference" where names("-exclusion"):
            verdict.add(.disablesProtection, .high, "turns the virus scanner off: \(command.text)", line: command.line)
        case "netsh" where names("off") && names("advfirewall", "firewall"):
            verdict.add(.disablesProtection, .high, "turns the firewall off: \(command.text)", line: command.line)
        case "wevtutil" where names("cl"):
            verdict.add(.disablesProtection, .high, "clears a log: \(command.text)", line: command.line)
        default: break
        }
    }

    /// `powershell …`: the code that it is given, also where it is encoded.
    mutating func judgePowerShellCall(_ arguments: [String], _ command: Command) {
        var index = 0
        while index < arguments.count {
            let flag = arguments[index].lowercased()
            // Any beginning of `-EncodedCommand` is taken for it.
            let isEncoded = flag.count > 1 && "-encodedcommand".hasPrefix(flag) || flag == "-ec"
            if isEncoded, index + 1 < arguments.count {
                verdict.add(.encodedCommand, .critical, "PowerShell runs an encoded command", line: command.line)
                if let bytes = Base64Text.decoded(arguments[index + 1]) {
                    judgeCode(Self.utf16(bytes), of: "powershell", line: command.line)
                }
                return
            }
            if flag == "-file" || flag == "-f" { return }
            if flag.count > 1, "-command".hasPrefix(flag) {
                judgeCode(arguments[(index + 1)...].joined(separator: " "), of: "powershell", line: command.line)
                return
            }
            if !flag.hasPrefix("-") {
                // A word behind an option may be its value: `-ExecutionPolicy Bypass`.
                let isValue =
                    index > 0
                    && ["-executionpolicy", "-ep", "-exec", "-w", "-windowstyle"].contains(arguments[index - 1].lowercased())
                if !isValue {
                    judgeCode(arguments[index...].joined(separator: " "), of: "powershell", line: command.line)
                    return
                }
            }
            index += 1
        }
    }

    private static func utf16(_ bytes: [UInt8]) -> String {
        var units: [UInt16] = []
        for index in stride(from: 0, to: bytes.count - bytes.count % 2, by: 2) {
            units.append(UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// A script of PowerShell as a whole: its values flow through objects and methods, which are not commands.
    mutating func judgePowerShell(_ script: ShellScript) {
        var texts: [(text: String, line: Int)] = []
        for command in script.pipelines.joined() {
            texts.append((command.words.joined(separator: " ").lowercased(), command.line))
        }
        func line(_ needles: String...) -> Int? { texts.first { entry in needles.contains { entry.text.contains($0) } }?.line }
        let runs = texts.first { entry in
            entry.text.split { !$0.isLetter && $0 != "-" }.contains { $0 == "iex" || $0 == "invoke-expression" }
        }?.line
        let fetches = line(
            "downloadstring", "downloadfile", "downloaddata", "invoke-webrequest", "iwr ", "irm ", "invoke-restmethod")
        let connects = line("net.sockets.tcpclient")
        if let connects, runs != nil || line("cmd.exe", "getstream") != nil {
            verdict.add(.reverseShell, .critical, "ties a shell to a socket", line: connects)
        }
        if let runs {
            if fetches != nil { verdict.add(.downloadAndRun, .high, "runs what it downloads", line: runs) }
            if line("frombase64string") != nil { verdict.add(.encodedCommand, .critical, "runs what it decodes", line: runs) }
        } else if line("downloadfile", "-outfile") != nil, let start = line("start-process", "invoke-item") {
            verdict.add(.downloadAndRun, .high, "starts what it downloads", line: start)
        }
        if let place = line("\\start menu\\programs\\startup", "\\currentversion\\run", "register-scheduledtask") {
            verdict.add(.persistence, .high, "enters something that starts with the system", line: place)
        }
    }
}
