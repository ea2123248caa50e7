extension Rule {
    static let pythonWritesFilesOutside = Rule(
        id: "python-writes-files-outside",
        title: "Files outside the package are written",
        severity: .medium,
        why: "A program that changes files of the system or of the user outlives the process that loads the model.",
        fix: "Look at the paths; run such code in a container.",
        references: [
            "https://cwe.mitre.org/data/definitions/73.html",
            "https://attack.mitre.org/techniques/T1565/",
        ])
}
