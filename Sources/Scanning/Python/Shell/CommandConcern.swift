/// Something that a command does which a package's commands should not do.
struct CommandConcern: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case downloadAndRun, reverseShell, persistence, destructive, credentialTheft, encodedCommand, miner, proofOfConcept,
            reconnaissance
        case disablesProtection, writesOutside, foreignPackages

        /// The rule that a script of a shell breaks by it.
        var shellRule: Rule {
            switch self {
            case .downloadAndRun, .foreignPackages: .shellDownloadAndRun
            case .reverseShell: .shellReverseShell
            case .persistence, .writesOutside: .shellPersistence
            case .destructive: .shellDestructive
            case .credentialTheft: .shellCredentialTheft
            case .encodedCommand: .shellEncodedCommand
            case .miner: .shellCryptoMiner
            case .proofOfConcept: .shellProofOfConcept
            case .reconnaissance: .shellReconnaissance
            case .disablesProtection: .shellDisablesProtection
            }
        }

        /// The rule that a Python program breaks which runs such a command.
        var pythonRule: Rule {
            switch self {
            case .downloadAndRun, .foreignPackages: .pythonDownloader
            case .reverseShell: .pythonReverseShell
            case .persistence: .pythonPersistence
            case .writesOutside: .pythonWritesFilesOutside
            case .destructive: .pythonDestructive
            case .credentialTheft: .pythonCredentialTheft
            case .encodedCommand: .pythonDecodedExecution
            case .miner: .pythonCryptoMiner
            case .proofOfConcept: .pythonProofOfConcept
            case .reconnaissance: .pythonReconnaissance
            case .disablesProtection: .pythonRunsProcess
            }
        }
    }

    var kind: Kind
    /// How bad it is in a script that somebody runs knowingly.
    var severity: Severity
    var message: String
    /// From 1, in the text that was judged.
    var line: Int
}

/// What is known of some commands.
struct CommandVerdict: Sendable {
    var concerns: [CommandConcern] = []
    /// Python code within the commands: `python -c "…"`.
    var python: [(code: String, line: Int)] = []
    /// The programs that are run with their arguments, in order.
    var invocations: [Invocation] = []

    struct Invocation: Sendable {
        var program: String
        var arguments: [String]
    }

    mutating func add(_ kind: CommandConcern.Kind, _ severity: Severity, _ message: String, line: Int) {
        let concern = CommandConcern(kind: kind, severity: severity, message: message, line: line)
        if concerns.count < 1_000, !concerns.contains(concern) { concerns.append(concern) }
    }

    mutating func add(_ other: CommandVerdict, line: Int) {
        for concern in other.concerns { add(concern.kind, concern.severity, concern.message, line: line) }
        python += other.python.map { ($0.code, line) }
        invocations += other.invocations
    }

    var worst: Severity? { concerns.map(\.severity).max() }
}
