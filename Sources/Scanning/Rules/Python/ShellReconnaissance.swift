extension Rule {
    static let shellReconnaissance = Rule(
        id: "shell-reconnaissance",
        title: "A script gathers facts about the machine",
        severity: .low,
        why: "Names of the host and user and lists of accounts tell an attacker whom the script has reached.",
        fix: "Ask what the facts are for.",
        references: [
            "https://attack.mitre.org/techniques/T1082/",
            "https://attack.mitre.org/techniques/T1033/",
        ])
}
