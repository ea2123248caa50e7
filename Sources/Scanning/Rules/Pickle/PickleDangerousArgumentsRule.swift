extension Rule {
    static let pickleDangerousArguments = Rule(
        id: "pickle-dangerous-arguments",
        title: "Harmless function with arguments that make it dangerous",
        severity: .high,
        why:
            "The function is one that libraries use in their pickles, and is harmless only with the arguments that libraries give it.",
        fix: "Do not load the file before somebody has looked at the call.",
        references: ["https://arxiv.org/abs/2508.15987"])
}
