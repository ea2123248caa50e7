extension Rule {
    static let shellDownloadAndRun = Rule(
        id: "shell-download-and-run",
        title: "A script runs what it downloads",
        severity: .high,
        why: "What the server sends is run at once: nobody has seen it, and it can be another one tomorrow.",
        fix: "Download the file, look at it, then run it.",
        references: [
            "https://attack.mitre.org/techniques/T1105/",
            "https://attack.mitre.org/techniques/T1059/004/",
            "https://cwe.mitre.org/data/definitions/494.html",
        ])
}
