extension Rule {
    static let shellPersistence = Rule(
        id: "shell-persistence",
        title: "A script sets up something to run again",
        severity: .high,
        why: "Entries in start-up files, schedulers and key lists make code run long after the script has ended.",
        fix: "Do not run the script without a look at what it enters.",
        references: [
            "https://attack.mitre.org/techniques/T1547/",
            "https://attack.mitre.org/techniques/T1053/003/",
            "https://attack.mitre.org/techniques/T1546/004/",
        ])
}
