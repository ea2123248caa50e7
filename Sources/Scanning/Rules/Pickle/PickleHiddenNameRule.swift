extension Rule {
    static let pickleHiddenName = Rule(
        id: "pickle-hidden-name",
        title: "Pickle reaches a name by a detour",
        severity: .high,
        why:
            "Since protocol 4 a name may have dots, and modules carry what they have imported: `torch.os.system` is `os.system`. No pickler writes such names.",
        fix: "Do not load the file.",
        references: ["https://peps.python.org/pep-3154/"])
}
