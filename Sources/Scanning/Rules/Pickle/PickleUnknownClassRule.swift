extension Rule {
    static let pickleUnknownClass = Rule(
        id: "pickle-unknown-class",
        title: "Pickle needs classes that are not known",
        severity: .medium,
        why:
            "Loading imports the classes' modules and makes objects of them, which runs their code. They are of no library that is known to be harmless.",
        fix: "Have a look at the code that the file needs, or ask for weights in safetensors.",
        references: ["https://docs.python.org/3/library/pickle.html#restricting-globals"])
}
