extension Rule {
    static let kerasLoadsFile = Rule(
        id: "keras-loads-file",
        title: "Keras layer loads a file or another model",
        severity: .high,
        why:
            "The layer opens a path or an address that the model states.",
        fix: "Do not load the model before the path is known to be harmless.",
        references: ["https://nvd.nist.gov/vuln/detail/CVE-2025-12058"])
}
