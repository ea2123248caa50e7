extension Rule {
    static let pythonObfuscation = Rule(
        id: "python-obfuscation",
        title: "The code hides what it does",
        severity: .medium,
        why: "Names that are put together from pieces, long encoded texts and look-alike letters serve to keep "
            + "readers and scanners from seeing a call.",
        fix: "Ask for readable source.",
        references: [
            "https://attack.mitre.org/techniques/T1027/",
            "https://cwe.mitre.org/data/definitions/506.html",
            "https://peps.python.org/pep-0672/",
        ])
}
