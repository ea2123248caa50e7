extension Rule {
    static let shellEncodedCommand = Rule(
        id: "shell-encoded-command",
        title: "A script decodes what it runs",
        severity: .critical,
        why: "A command that is kept encoded hides from whoever reads the script.",
        fix: "Do not run the script. Decode the text, without running it, to see what it does.",
        references: [
            "https://attack.mitre.org/techniques/T1027/",
            "https://attack.mitre.org/techniques/T1140/",
            "https://attack.mitre.org/techniques/T1059/001/",
        ])
}
