extension Rule {
    static let pythonCredentialTheft = Rule(
        id: "python-credential-theft",
        title: "Secrets are sent over the network",
        severity: .critical,
        why: "Keys, tokens or files that hold them leave the machine for a host that they are not for.",
        fix: "Do not load the package. Revoke every key that a machine which loaded it could read.",
        references: [
            "https://arxiv.org/abs/2409.09368",
            "https://attack.mitre.org/techniques/T1552/",
            "https://attack.mitre.org/techniques/T1041/",
            "https://cwe.mitre.org/data/definitions/522.html",
        ])
}
