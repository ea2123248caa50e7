extension Rule {
    static let templateUnclear = Rule(
        id: "template-unclear",
        title: "Template cannot be read to its end",
        severity: .low,
        why:
            "What stands in a block that does not end is not known.",
        fix: "Ask the publisher to mend the template.",
        references: [])
}
