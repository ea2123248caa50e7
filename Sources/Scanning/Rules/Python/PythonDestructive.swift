extension Rule {
    static let pythonDestructive = Rule(
        id: "python-destructive",
        title: "Files are destroyed",
        severity: .critical,
        why: "Deleting the system's or the user's files is of no use to a model.",
        fix: "Do not load the package.",
        references: [
            "https://attack.mitre.org/techniques/T1485/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
