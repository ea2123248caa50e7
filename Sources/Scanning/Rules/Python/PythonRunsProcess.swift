extension Rule {
    static let pythonRunsProcess = Rule(
        id: "python-runs-process",
        title: "Another program is run",
        severity: .low,
        why: "A program that is run can do whatever its user can, and Python code that is analysed says nothing of it.",
        fix: "Look at the command; a package that is loaded as a model should need none.",
        references: [
            "https://cwe.mitre.org/data/definitions/78.html",
            "https://attack.mitre.org/techniques/T1059/",
        ])
}
