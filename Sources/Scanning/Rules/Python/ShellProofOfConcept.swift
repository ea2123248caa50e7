extension Rule {
    static let shellProofOfConcept = Rule(
        id: "shell-proof-of-concept",
        title: "A harmless payload shows that code runs",
        severity: .medium,
        why: "Opening a calculator or writing a marker file is how an attack is tried out.",
        fix: "Do not run the script outside a test machine.",
        references: [
            "https://attack.mitre.org/techniques/T1059/004/"
        ])
}
