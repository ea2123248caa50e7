extension Rule {
    static let pythonDecodedExecution = Rule(
        id: "python-decoded-execution",
        title: "Code is decoded and then run",
        severity: .critical,
        why: "Code that is kept encoded or compressed hides from whoever reads the package; honest code has no reason to.",
        fix: "Do not load the package. Decode the text, without running it, to see what it does.",
        references: [
            "https://arxiv.org/abs/2409.09368",
            "https://attack.mitre.org/techniques/T1027/",
            "https://attack.mitre.org/techniques/T1140/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
