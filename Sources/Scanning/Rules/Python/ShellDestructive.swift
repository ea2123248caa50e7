extension Rule {
    static let shellDestructive = Rule(
        id: "shell-destructive",
        title: "A script destroys files",
        severity: .critical,
        why: "It deletes what is not its own, or overwrites devices.",
        fix: "Do not run the script.",
        references: [
            "https://attack.mitre.org/techniques/T1485/",
            "https://attack.mitre.org/techniques/T1561/",
        ])
}
