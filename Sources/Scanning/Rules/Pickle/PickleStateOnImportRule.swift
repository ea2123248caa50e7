extension Rule {
    static let pickleStateOnImport = Rule(
        id: "pickle-state-on-import",
        title: "Pickle changes a class, a module or how an object behaves",
        severity: .high,
        why:
            "Setting attributes of what is imported patches the running program; a call that follows, in the pickle or out of it, runs what was put there.",
        fix: "Do not load the file.",
        references: ["https://docs.python.org/3/library/pickletools.html"])
}
