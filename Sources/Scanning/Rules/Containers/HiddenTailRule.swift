extension Rule {
    static let hiddenTail = Rule(
        id: "hidden-tail",
        title: "Something hides behind the end of a picture",
        severity: .high,
        why:
            "Viewers stop at the end of the picture. Scripts take what stands behind it, decode it and run it.",
        fix: "Do not use the file, and look for the code that reads it.",
        references: ["https://attack.mitre.org/techniques/T1027/003/"])
}
