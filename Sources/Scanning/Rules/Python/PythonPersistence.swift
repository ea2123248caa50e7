extension Rule {
    static let pythonPersistence = Rule(
        id: "python-persistence",
        title: "Something is set up to run again",
        severity: .critical,
        why: "Entries in start-up files, schedulers, key lists or `site-packages` make code run long after the model was closed.",
        fix: "Do not load the package; look into the named places on machines that have.",
        references: [
            "https://attack.mitre.org/techniques/T1547/",
            "https://attack.mitre.org/techniques/T1053/",
            "https://attack.mitre.org/techniques/T1546/004/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
