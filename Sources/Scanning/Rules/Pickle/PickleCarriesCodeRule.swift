extension Rule {
    static let pickleCarriesCode = Rule(
        id: "pickle-carries-code",
        title: "Pickle brings code of its own",
        severity: .medium,
        why:
            "cloudpickle and dill write functions with their byte code. It runs when the object is used, and nobody can read it in the file.",
        fix: "Load it only from a publisher that is trusted, or ask for the object without its code.",
        references: ["https://github.com/cloudpipe/cloudpickle", "https://github.com/uqfoundation/dill"])
}
