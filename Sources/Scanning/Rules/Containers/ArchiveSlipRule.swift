extension Rule {
    static let archiveSlip = Rule(
        id: "archive-slip",
        title: "Archive writes outside its folder",
        severity: .high,
        why:
            "A member whose path leads out of the folder, or through a link, overwrites files of whoever unpacks it.",
        fix: "Do not unpack the archive.",
        references: ["https://cwe.mitre.org/data/definitions/22.html", "https://cwe.mitre.org/data/definitions/59.html"])
}
