extension Rule {
    static let pythonSuspiciousHost = Rule(
        id: "python-suspicious-host",
        title: "An address that attackers use is named",
        severity: .medium,
        why: "Chat webhooks, paste sites, tunnels and bare addresses are where stolen data goes and payloads come from.",
        fix: "Ask what the address is for.",
        references: [
            "https://attack.mitre.org/techniques/T1567/",
            "https://attack.mitre.org/techniques/T1102/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
