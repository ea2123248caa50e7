extension Rule {
    static let shellDisablesProtection = Rule(
        id: "shell-disables-protection",
        title: "A script turns off protection",
        severity: .high,
        why: "Virus scanners, firewalls and histories of commands are turned off before something that they would show.",
        fix: "Do not run the script.",
        references: [
            "https://attack.mitre.org/techniques/T1562/",
            "https://attack.mitre.org/techniques/T1070/003/",
        ])
}
