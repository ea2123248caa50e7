extension Rule {
    static let pythonReadsSecrets = Rule(
        id: "python-reads-secrets",
        title: "Secrets are read",
        severity: .medium,
        why: "Files and variables with keys are read; what becomes of them could not be followed to the network.",
        fix: "Look what the value is used for; a model needs no keys.",
        references: [
            "https://attack.mitre.org/techniques/T1552/",
            "https://cwe.mitre.org/data/definitions/522.html",
        ])
}
