extension Rule {
    static let pickleTrailingData = Rule(
        id: "pickle-trailing-data",
        title: "Bytes after the last pickle",
        severity: .low,
        why:
            "A loader that reads one object never sees them. They may be a second file for another reader.",
        fix: "Ask the publisher what they are.",
        references: [])
}
