extension Rule {
    static let pickleUnknownFunction = Rule(
        id: "pickle-unknown-function",
        title: "Pickle calls a function that is not known",
        severity: .high,
        why:
            "Loading runs the function with the arguments that the file gives. What it does is not known.",
        fix: "Look at the function in the package that it comes from, and load the file only where it is harmless.",
        references: ["https://docs.python.org/3/library/pickle.html#restricting-globals"])
}
