extension Rule {
    static let linkOutside = Rule(
        id: "link-outside",
        title: "Link leads out of the folder",
        severity: .low,
        why:
            "What it points to is no part of the package, and was not scanned.",
        fix: "Scan the target by its own name.",
        references: ["https://cwe.mitre.org/data/definitions/59.html"])
}
