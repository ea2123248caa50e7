extension Rule {
    static let pickleComputedName = Rule(
        id: "pickle-computed-name",
        title: "Pickle computes the name of what it imports",
        severity: .critical,
        why:
            "No pickler writes an import whose module or name is the result of other operations: it hides from lists of forbidden names.",
        fix: "Do not load the file.",
        references: ["https://docs.python.org/3/library/pickletools.html"])
}
