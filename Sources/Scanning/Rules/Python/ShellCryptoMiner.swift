extension Rule {
    static let shellCryptoMiner = Rule(
        id: "shell-crypto-miner",
        title: "A script runs a crypto miner",
        severity: .critical,
        why: "A miner uses up the machine's power for somebody else.",
        fix: "Do not run the script.",
        references: [
            "https://attack.mitre.org/techniques/T1496/"
        ])
}
