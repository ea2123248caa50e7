extension Rule {
    static let pickleComputedCall = Rule(
        id: "pickle-computed-call",
        title: "Pickle calls the result of a call",
        severity: .critical,
        why:
            "No pickler writes a call of something that another call returned: it reaches functions that no import names.",
        fix: "Do not load the file.",
        references: ["https://docs.python.org/3/library/pickletools.html"])
}
