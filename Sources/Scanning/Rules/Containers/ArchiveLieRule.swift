extension Rule {
    static let archiveLie = Rule(
        id: "archive-lie",
        title: "Archive says one thing and holds another",
        severity: .high,
        why:
            "Checkers and loaders follow different headers of an archive. Where these differ, what is checked is not what is loaded.",
        fix: "Do not load the file. An honest archive is written anew by zipping its content.",
        references: ["https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT"])
}
