extension Rule {
    static let pythonBytecode = Rule(
        id: "python-bytecode",
        title: "Compiled Python",
        severity: .medium,
        why:
            "Byte code runs like source, and nobody can read it.",
        fix: "Ask for the source.",
        references: ["https://attack.mitre.org/techniques/T1027/"])
}
