extension Rule {
    static let pythonUsesNetwork = Rule(
        id: "python-uses-network",
        title: "The network is used",
        severity: .info,
        why: "Code that talks to the network can fetch what was never reviewed and send what was never meant to leave.",
        fix: "Look at the addresses; load models without a network where that is possible.",
        references: [
            "https://cwe.mitre.org/data/definitions/829.html"
        ])
}
