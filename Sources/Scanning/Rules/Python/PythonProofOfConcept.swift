extension Rule {
    static let pythonProofOfConcept = Rule(
        id: "python-proof-of-concept",
        title: "A harmless payload shows that code runs",
        severity: .high,
        why: "Opening a calculator or writing a marker file is how an attack is tried out: the next version can do "
            + "something else.",
        fix: "Do not load the package outside a test machine.",
        references: [
            "https://arxiv.org/abs/2409.09368",
            "https://attack.mitre.org/techniques/T1059/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
