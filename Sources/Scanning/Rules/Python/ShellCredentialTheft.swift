extension Rule {
    static let shellCredentialTheft = Rule(
        id: "shell-credential-theft",
        title: "A script sends secrets over the network",
        severity: .critical,
        why: "Keys, or files that hold them, leave the machine.",
        fix: "Do not run the script.",
        references: [
            "https://attack.mitre.org/techniques/T1552/",
            "https://attack.mitre.org/techniques/T1041/",
            "https://cwe.mitre.org/data/definitions/522.html",
        ])
}
