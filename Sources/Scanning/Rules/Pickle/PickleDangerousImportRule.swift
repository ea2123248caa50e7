extension Rule {
    static let pickleDangerousImport = Rule(
        id: "pickle-dangerous-import",
        title: "Pickle imports a dangerous name",
        severity: .critical,
        why:
            "The name is imported at loading and handed on; a later call, or code that trusts the object, runs it. Honest models never hold such a name.",
        fix: "Do not load the file. Ask the publisher for weights in safetensors, and report the package to its hub.",
        references: ["https://docs.python.org/3/library/pickle.html", "https://cwe.mitre.org/data/definitions/502.html"])
}
