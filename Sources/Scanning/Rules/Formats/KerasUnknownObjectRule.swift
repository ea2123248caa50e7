extension Rule {
    static let kerasUnknownObject = Rule(
        id: "keras-unknown-object",
        title: "Keras configuration names code that is not Keras's",
        severity: .medium,
        why:
            "Loading imports the module and makes the object, or calls the function, with arguments of the file.",
        fix: "Do not load the model before the named code is known.",
        references: ["https://nvd.nist.gov/vuln/detail/CVE-2025-1550"])
}
