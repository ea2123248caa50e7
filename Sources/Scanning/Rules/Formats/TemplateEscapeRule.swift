extension Rule {
    static let templateEscape = Rule(
        id: "template-escape",
        title: "Chat template breaks out of its sandbox",
        severity: .critical,
        why:
            "Templates are rendered by the loader. Attributes with two underscores lead from any value to Python's modules.",
        fix: "Do not use the template. Replace it by the base model's.",
        references: ["https://nvd.nist.gov/vuln/detail/CVE-2024-34359", "https://jinja.palletsprojects.com/en/stable/sandbox/"])
}
