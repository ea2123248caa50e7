extension Rule {
    static let disguise = Rule(
        id: "name-disguise",
        title: "Name says another format than the content has",
        severity: .medium,
        why:
            "Tools choose how to check a file by its name, and loaders by its content. A pickle that is called something harmless passes the one and runs in the other.",
        fix: "Rename the file to what it is, and have it scanned again.",
        references: ["https://cwe.mitre.org/data/definitions/434.html"])
}
