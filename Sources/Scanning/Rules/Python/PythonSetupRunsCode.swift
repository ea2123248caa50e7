extension Rule {
    static let pythonSetupRunsCode = Rule(
        id: "python-setup-runs-code",
        title: "Installing the package runs code",
        severity: .medium,
        why: "The code of `setup.py` runs on the machine that installs, before anybody could look at the package.",
        fix: "Install from a built wheel, or in a container.",
        references: [
            "https://attack.mitre.org/techniques/T1195/002/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
