extension Rule {
    static let pickleUnknownReference = Rule(
        id: "pickle-unknown-reference",
        title: "Pickle refers to functions that are not known",
        severity: .low,
        why:
            "The module is imported at loading, which runs its top-level code. The function itself is not called by the pickle.",
        fix: "Nothing, where the package that the function is of is trusted.",
        references: [])
}
