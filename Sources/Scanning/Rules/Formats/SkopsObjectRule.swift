extension Rule {
    static let skopsObject = Rule(
        id: "skops-object",
        title: "skops file names a type that is not known to be harmless",
        severity: .medium,
        why:
            "Loading makes objects of the types that its schema names.",
        fix: "Use get_untrusted_types and look at each.",
        references: ["https://nvd.nist.gov/vuln/detail/CVE-2025-54413"])
}
