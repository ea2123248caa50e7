extension Rule {
    static let trailingData = Rule(
        id: "trailing-data",
        title: "Bytes behind the end of the format",
        severity: .low,
        why:
            "No reader of the format sees them, and a reader of another format may.",
        fix: "Ask the publisher what they are.",
        references: [])
}
