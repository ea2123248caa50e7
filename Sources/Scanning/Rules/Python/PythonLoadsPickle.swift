extension Rule {
    static let pythonLoadsPickle = Rule(
        id: "python-loads-pickle",
        title: "A pickle is loaded",
        severity: .low,
        why: "Loading a pickle runs whatever the pickle says.",
        fix: "Use safetensors, or `weights_only=True`, for files that somebody else made.",
        references: [
            "https://cwe.mitre.org/data/definitions/502.html",
            "https://docs.python.org/3/library/pickle.html",
        ])
}
