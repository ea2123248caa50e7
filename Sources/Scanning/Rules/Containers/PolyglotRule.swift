extension Rule {
    static let polyglot = Rule(
        id: "polyglot",
        title: "File is two formats at once",
        severity: .high,
        why:
            "One reader takes it for a harmless file, another for one that runs code.",
        fix: "Do not load the file.",
        references: ["https://en.wikipedia.org/wiki/Polyglot_(computing)"])
}
