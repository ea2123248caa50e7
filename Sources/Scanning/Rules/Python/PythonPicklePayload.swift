extension Rule {
    static let pythonPicklePayload = Rule(
        id: "python-pickle-payload",
        title: "A class makes pickles that run code",
        severity: .critical,
        why: "What `__reduce__` returns is called when a pickle of the object is loaded; with a function that runs "
            + "code, the pickle is a weapon.",
        fix: "Do not load pickles that were made with the package.",
        references: [
            "https://arxiv.org/abs/2409.09368",
            "https://cwe.mitre.org/data/definitions/502.html",
            "https://docs.python.org/3/library/pickle.html#object.__reduce__",
        ])
}
