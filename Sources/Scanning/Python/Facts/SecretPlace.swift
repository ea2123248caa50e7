/// Places where secrets are kept: files, and variables of the environment.
enum SecretPlace {
    /// Parts of paths, in lower case, that stand for files with secrets.
    private static let parts = [
        "/.ssh/", "/.aws/", "/.netrc", "/.kube/", "/.docker/config", "/.gnupg/", "/.azure/", "/.config/gcloud",
        "/.git-credentials", "/.pypirc",
        "/.npmrc", "/etc/passwd", "/etc/shadow", "/etc/sudoers", "/.bash_history", "/.zsh_history", "/.python_history",
        "/.huggingface/token", "/huggingface/token", "/huggingface/stored_tokens", "/.config/google-chrome",
        "/google/chrome/user data",
        "/chrome/user data", "/.mozilla/firefox", "/firefox/profiles", "/bravesoftware/", "/microsoft/edge/user data",
        "/login data",
        "/library/keychains", "/.local/share/keyrings", "/.electrum", "/.bitcoin", "/.ethereum", "/metamask", "/exodus",
        "/wallet.dat",
        "/.config/solana", "/discord/local storage", "/telegram desktop/tdata", "/.config/gh/hosts", "/proc/self/environ",
        "/etc/krb5.keytab",
        "/var/run/secrets/", "/run/secrets/", "/.config/rclone", "/.kaggle/kaggle.json", "/.vault-token",
        "/.terraform.d/credentials",
        "/local state", "/cookies.sqlite", "/logins.json", "/key4.db", "/.cargo/credentials", "/.s3cfg", "/.boto", "/.my.cnf",
        "/.pgpass",
    ]
    private static let names: Set<String> = [
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".env", ".netrc", "wallet.dat", ".git-credentials", ".pypirc", ".npmrc",
        "credentials.json",
        ".bash_history", "authorized_keys",
    ]

    /// Whether a path is that of a file, or of a folder, with secrets.
    static func isSecret(path: String) -> Bool {
        guard path.utf8.count < 4_096 else { return false }
        let plain = "/" + path.lowercased().replacing("\\", with: "/")
        if names.contains(plain.split(separator: "/").last.map(String.init) ?? "") { return true }
        // Which namespace a pod is in is no secret; the token beside it is.
        if plain.hasSuffix("/serviceaccount/namespace") { return false }
        let closed = plain + "/"
        return parts.contains { part in closed.contains(part) }
    }

    private static let words = [
        "TOKEN", "SECRET", "PASSWORD", "PASSWD", "APIKEY", "API_KEY", "ACCESS_KEY", "PRIVATE_KEY", "CREDENTIAL", "AUTH",
    ]

    /// Whether a variable of the environment holds a secret, by its name.
    static func isSecret(variable: String) -> Bool {
        let name = variable.uppercased()
        if name.hasSuffix("_KEY") || name == "KEY" { return true }
        return words.contains { word in name.contains(word) } && !name.contains("TOKENIZER") && !name.contains("AUTHOR")
    }
}
