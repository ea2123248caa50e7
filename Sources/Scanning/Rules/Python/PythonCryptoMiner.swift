extension Rule {
    static let pythonCryptoMiner = Rule(
        id: "python-crypto-miner",
        title: "A crypto miner is run",
        severity: .critical,
        why: "A miner uses up the machine's power for somebody else.",
        fix: "Do not load the package.",
        references: [
            "https://attack.mitre.org/techniques/T1496/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
