extension Rule {
    static let pickleOdd = Rule(
        id: "pickle-odd",
        title: "Pickle does what no pickler writes",
        severity: .medium,
        why:
            "The stream was made by hand or by a tool. A loader fails at it, after all that stands before it has run.",
        fix: "Look at the stream with `weir scan --explain`.",
        references: ["https://docs.python.org/3/library/pickletools.html"])
}
