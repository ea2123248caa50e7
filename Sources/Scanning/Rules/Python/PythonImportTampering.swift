extension Rule {
    static let pythonImportTampering = Rule(
        id: "python-import-tampering",
        title: "The way modules are found is changed",
        severity: .medium,
        why: "Code that changes where modules come from can put its own in the place of others.",
        fix: "Look which modules are replaced, and by what.",
        references: [
            "https://attack.mitre.org/techniques/T1574/",
            "https://cwe.mitre.org/data/definitions/427.html",
        ])
}
