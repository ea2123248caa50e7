extension Rule {
    static let pickleDangerousCall = Rule(
        id: "pickle-dangerous-call",
        title: "Pickle calls a dangerous function",
        severity: .critical,
        why:
            "Loading a pickle runs the functions that it names. This one starts programs, runs code, reads or writes files, opens connections or loads further objects.",
        fix: "Do not load the file. Ask the publisher for weights in safetensors, and report the package to its hub.",
        references: [
            "https://docs.python.org/3/library/pickle.html", "https://arxiv.org/abs/2409.09368",
            "https://cwe.mitre.org/data/definitions/502.html",
        ])
}
