extension Rule {
    static let pythonNotAnalysed = Rule(
        id: "python-not-analysed",
        title: "A part was not analysed to its end",
        severity: .info,
        why: "The analysis is bounded; beyond the bound, calls are listed without what they are given.",
        fix: "Look at the named place yourself.")
}
