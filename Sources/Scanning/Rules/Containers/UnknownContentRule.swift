extension Rule {
    static let unknownContent = Rule(
        id: "unknown-content",
        title: "Content is not understood",
        severity: .low,
        why:
            "The file is of no form that is known, so that nothing can be said of it.",
        fix: "Leave the file out where it is not needed.",
        references: [])
}
