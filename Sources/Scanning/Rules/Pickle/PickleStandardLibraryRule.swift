extension Rule {
    static let pickleStandardLibrary = Rule(
        id: "pickle-standard-library",
        title: "Pickle imports from the standard library what no model needs",
        severity: .high,
        why:
            "Many functions of Python's standard library can be made to run code. The few that models need are known; this is none of them.",
        fix: "Look at the call with `weir scan --explain`, and load the file only where its publisher can say what it is for.",
        references: ["https://docs.python.org/3/library/pickle.html#restricting-globals"])
}
