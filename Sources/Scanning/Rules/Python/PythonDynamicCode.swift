extension Rule {
    static let pythonDynamicCode = Rule(
        id: "python-dynamic-code",
        title: "Code is made as the program runs",
        severity: .medium,
        why: "What `exec`, `eval` and their kin run is not in the source, so that reading the source does not say "
            + "what will happen.",
        fix: "Look where the text comes from; use `ast.literal_eval` or `json.loads` for data.",
        references: [
            "https://cwe.mitre.org/data/definitions/95.html",
            "https://attack.mitre.org/techniques/T1059/006/",
        ])
}
