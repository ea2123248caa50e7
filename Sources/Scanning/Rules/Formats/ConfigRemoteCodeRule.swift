extension Rule {
    static let configRemoteCode = Rule(
        id: "config-remote-code",
        title: "Package takes its code from another repository",
        severity: .medium,
        why:
            "What runs is in a repository of somebody else, and may change after it was looked at.",
        fix: "Pin the code's revision, or copy it into the package.",
        references: ["https://huggingface.co/docs/transformers/custom_models"])
}
