extension Rule {
    static let pythonNotParsed = Rule(
        id: "python-not-parsed",
        title: "The source is not valid Python",
        severity: .medium,
        why: "Python would refuse the file, so what it says is known only in part.",
        fix: "Ask for a file that Python can read.",
        references: [
            "https://docs.python.org/3/reference/grammar.html"
        ])
}
