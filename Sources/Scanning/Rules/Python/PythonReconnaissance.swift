extension Rule {
    static let pythonReconnaissance = Rule(
        id: "python-reconnaissance",
        title: "Facts about the machine are gathered",
        severity: .high,
        why: "Names of the host and user, addresses and system versions tell an attacker whom the package has reached.",
        fix: "Ask what the facts are for; ordinary models need none of them.",
        references: [
            "https://arxiv.org/abs/2409.09368",
            "https://attack.mitre.org/techniques/T1082/",
            "https://cwe.mitre.org/data/definitions/200.html",
        ])
}
