extension Rule {
    static let foreignSerialisation = Rule(
        id: "foreign-serialisation",
        title: "Objects serialised by R or Java",
        severity: .medium,
        why:
            "Both run code of the classes or promises that the file names when it is loaded.",
        fix: "Load it only from a publisher that is trusted.",
        references: ["https://nvd.nist.gov/vuln/detail/CVE-2024-27322", "https://cwe.mitre.org/data/definitions/502.html"])
}
