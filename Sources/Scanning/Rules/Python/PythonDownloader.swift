extension Rule {
    static let pythonDownloader = Rule(
        id: "python-downloader",
        title: "What runs comes from the network",
        severity: .critical,
        why: "Code that is fetched as it is run was never part of the package: nobody has seen it, and it can be "
            + "another one tomorrow.",
        fix: "Do not load the package, or let it contain what it runs.",
        references: [
            "https://arxiv.org/abs/2409.09368",
            "https://attack.mitre.org/techniques/T1105/",
            "https://cwe.mitre.org/data/definitions/494.html",
        ])
}
