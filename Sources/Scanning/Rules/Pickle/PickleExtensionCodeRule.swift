extension Rule {
    static let pickleExtensionCode = Rule(
        id: "pickle-extension-code",
        title: "Pickle uses the loader's registry of extensions",
        severity: .medium,
        why:
            "What an extension code stands for is set in the loading program, also by an earlier pickle; the file alone does not tell what is called.",
        fix: "Find out what registers the code before the file is loaded.",
        references: ["https://peps.python.org/pep-0307/"])
}
