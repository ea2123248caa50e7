extension Rule {
    static let weightsDiffer = Rule(
        id: "weights-differ",
        title: "Two forms of the same weights differ",
        severity: .medium,
        why:
            "Whoever checks one form and loads the other has checked another model.",
        fix: "Load the form that was checked, or make one from the other.",
        references: [])
}
