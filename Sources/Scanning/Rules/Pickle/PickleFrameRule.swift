extension Rule {
    static let pickleFrame = Rule(
        id: "pickle-frame",
        title: "Pickle's frames lie about their length",
        severity: .high,
        why:
            "Unpicklers differ in what they read where an argument crosses the end of a frame: a checker sees data where a loader runs code. No pickler writes this.",
        fix: "Do not load the file.",
        references: ["https://peps.python.org/pep-3154/", "https://github.com/python/cpython/issues/154848"])
}
