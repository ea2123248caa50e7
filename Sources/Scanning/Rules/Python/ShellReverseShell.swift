extension Rule {
    static let shellReverseShell = Rule(
        id: "shell-reverse-shell",
        title: "A script hands a shell to another machine",
        severity: .critical,
        why: "Somebody else types commands on the machine that runs the script.",
        fix: "Do not run the script.",
        references: [
            "https://attack.mitre.org/techniques/T1059/004/",
            "https://cwe.mitre.org/data/definitions/506.html",
        ])
}
