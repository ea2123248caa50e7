extension Rule {
    static let pythonReverseShell = Rule(
        id: "python-reverse-shell",
        title: "A shell is handed to another machine",
        severity: .critical,
        why: "A program whose input and output are a socket lets somebody else type commands on the machine that "
            + "loads the package.",
        fix: "Do not load the package. A machine that has loaded it has to be treated as taken over.",
        references: [
            "https://arxiv.org/abs/2409.09368",
            "https://attack.mitre.org/techniques/T1059/006/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
