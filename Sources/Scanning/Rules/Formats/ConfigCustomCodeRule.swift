extension Rule {
    static let configCustomCode = Rule(
        id: "config-custom-code",
        title: "Package brings code that its loader may run",
        severity: .info,
        why:
            "With trust_remote_code the loader imports the Python files that auto_map names.",
        fix: "Read the files, and pin the revision.",
        references: ["https://huggingface.co/docs/transformers/custom_models"])
}
