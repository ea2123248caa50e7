/// Programs by what they do.
enum CommandTables {
    static let shells: Set<String> = ["sh", "bash", "zsh", "dash", "ksh", "ash", "fish"]
    static let powerShells: Set<String> = ["powershell", "pwsh"]
    static let interpreters: Set<String> =
        shells.union(powerShells).union([
            "python", "python2", "python3", "perl", "ruby", "node", "php", "cmd", "lua", "wscript", "cscript",
        ])
    static let fetchers: Set<String> = [
        "curl", "wget", "wget2", "fetch", "aria2c", "lynx", "axel", "iwr", "irm", "invoke-webrequest", "invoke-restmethod",
    ]
    static let senders: Set<String> = [
        "curl", "wget", "nc", "ncat", "netcat", "socat", "telnet", "ftp", "mail", "sendmail", "openssl",
    ]
    static let resolvers: Set<String> = ["nslookup", "dig", "host", "ping"]
    static let connectors: Set<String> = ["nc", "ncat", "netcat", "socat", "telnet", "openssl"]
    static let hostFacts: Set<String> = [
        "whoami", "id", "hostname", "uname", "ifconfig", "ipconfig", "systeminfo", "ip", "lscpu", "ps", "w", "arp",
    ]
    static let miners: Set<String> = [
        "xmrig", "minerd", "cpuminer", "nbminer", "ethminer", "lolminer", "t-rex", "phoenixminer", "gminer", "cgminer",
    ]
    static let calculators: Set<String> = [
        "calc", "xcalc", "gnome-calculator", "kcalc", "galculator", "mate-calc", "calculator", "notepad", "mspaint",
    ]

    static func isPython(_ program: String) -> Bool { program.hasPrefix("python") || program == "pypy" || program == "pypy3" }

    static func isFetch(_ command: ShellScript.Command) -> Bool {
        guard let (program, arguments) = command.invocation, fetchers.contains(program) else { return false }
        return !arguments.isEmpty && !arguments.contains("--version") && !arguments.contains("--help")
    }

    /// The last part of the path of the file that a command fetches to; nil where it goes to the output.
    static func fetchedName(_ command: ShellScript.Command) -> String? {
        guard let (program, arguments) = command.invocation else { return nil }
        var named: String?
        for (index, argument) in arguments.enumerated() where index + 1 < arguments.count {
            let isShort = !argument.hasPrefix("--") && argument.hasPrefix("-")
            let takesFile =
                program == "curl"
                ? isShort && argument.hasSuffix("o") || argument == "--output"
                : argument == "-O" || argument == "--output-document"
                    || argument == "-o" && program != "wget" || argument.lowercased() == "-outfile"
            if takesFile { named = arguments[index + 1] }
        }
        if named == nil, let redirected = command.redirections.first(where: { $0.kind != .input }) { named = redirected.target }
        let isRemoteName =
            program == "wget" || program == "aria2c"
            || arguments.contains { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.contains("O") }
        if named == nil, isRemoteName, let address = arguments.first(where: { $0.contains("/") && !$0.hasPrefix("-") }) {
            named = String(address.prefix { $0 != "?" })
        }
        guard let last = named?.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init), last != "-",
            last != "null"
        else { return nil }
        return last
    }

    static func isDecoder(_ command: ShellScript.Command) -> Bool {
        guard let (program, arguments) = command.invocation else { return false }
        switch program {
        case "base64", "base32": return arguments.contains { ["-d", "-D", "--decode", "-di", "-id"].contains($0) }
        case "xxd": return arguments.contains { $0.hasPrefix("-") && $0.contains("r") }
        case "openssl": return arguments.contains("-d") && (arguments.contains("enc") || arguments.contains("base64"))
        case "rev": return true
        case "tr":
            return arguments.count >= 2 && arguments[0].lowercased().contains("a-z")
                && arguments[1].lowercased().contains("n-za-m")
        default: return false
        }
    }

    /// What a decoder makes of a text that is known.
    static func decoded(_ text: String, by decoder: ShellScript.Command) -> [UInt8]? {
        switch decoder.invocation?.program {
        case "base64": Base64Text.decoded(text)
        case "rev": Array(String(text.reversed()).utf8)
        default: nil
        }
    }

    /// Whether an interpreter runs what it reads from its input.
    static func runsInput(_ program: String, _ arguments: [String]) -> Bool {
        guard interpreters.contains(program) || program == "iex" || program == "invoke-expression" || program == "xargs" else {
            return false
        }
        if program == "iex" || program == "invoke-expression" { return true }
        if arguments.contains("-c") || arguments.contains("-e") || arguments.contains("-m") { return false }
        if arguments.contains("-s") || arguments.contains("-") || arguments.contains("/dev/stdin") { return true }
        return !arguments.contains { !$0.hasPrefix("-") }
    }

    static func readsSecret(_ command: ShellScript.Command) -> Bool {
        guard let (program, arguments) = command.invocation else { return false }
        if program == "env" || program == "printenv" || program == "set" && arguments.isEmpty { return true }
        if command.words.first == "env", command.words.count == 1 { return true }
        let readers: Set<String> = [
            "cat", "tar", "zip", "grep", "head", "tail", "base64", "gzip", "strings", "find", "cp", "xxd", "type", "less", "sed",
            "awk", "dd",
        ]
        guard readers.contains(program) else { return false }
        return (arguments + command.redirections.filter { $0.kind == .input }.map(\.target)).contains(
            where: SecretPlace.isSecret(path:))
    }
}

/// Base64 (RFC 4648, section 4) in which white space counts for nothing.
enum Base64Text {
    private static let longest = 1 << 22

    /// The bytes, or nil where it is not Base64.
    static func decoded(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= longest else { return nil }
        var out: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in text.utf8 {
            let value: UInt32
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(byte - UInt8(ascii: "A"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(byte - UInt8(ascii: "a")) + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(byte - UInt8(ascii: "0")) + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            case UInt8(ascii: "="), 0x0a, 0x0d, 0x20, 0x09: continue
            default: return nil
            }
            buffer = (buffer << 6 | value) & 0xff_ffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8((buffer >> UInt32(bits)) & 0xff))
            }
        }
        return out
    }
}
