import ModelPackage

/// Which licence a name or a text is, by what its own words say.
enum LicenseText {
    /// The identifier for a licence's name as people write it (`Apache 2.0`, `MIT License`, `[BSD-3](LICENSE)`), or nil.
    static func identifier(forName name: String) -> String? {
        let words = name.lowercased().map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : " " }
        let text = " " + String(words).split(separator: " ").joined(separator: " ") + " "
        return names.first { text.contains(" \($0.pattern) ") }?.id
    }

    /// The identifier for a whole licence text, or nil.
    static func identifier(forText text: String) -> String? {
        let flat = text.prefix(20_000).lowercased().split { $0.isWhitespace }.joined(separator: " ")
        return texts.first { flat.contains($0.needle) }?.id
    }

    private static let names: [(pattern: String, id: String)] = [
        ("apache 2.0", "apache-2.0"), ("apache license 2.0", "apache-2.0"), ("apache license version 2.0", "apache-2.0"),
        ("apache2.0", "apache-2.0"), ("apache v2.0", "apache-2.0"), ("apache v2", "apache-2.0"), ("apache 2", "apache-2.0"),
        ("bsd 3", "bsd-3-clause"), ("bsd 3 clause", "bsd-3-clause"), ("3 clause bsd", "bsd-3-clause"), ("bsd 2", "bsd-2-clause"),
        ("mit", "mit"), ("gpl 3.0", "gpl-3.0"), ("gplv3", "gpl-3.0"), ("agpl 3.0", "agpl-3.0"), ("cc by 4.0", "cc-by-4.0"),
        ("cc by nc 4.0", "cc-by-nc-4.0"), ("cc0 1.0", "cc0-1.0"), ("mpl 2.0", "mpl-2.0"), ("bsd license", "bsd"), ("bsd", "bsd"),
    ]

    private static let texts: [(needle: String, id: String)] = [
        ("apache license version 2.0", "apache-2.0"), ("licensed under the apache license, version 2.0", "apache-2.0"),
        ("gnu affero general public license version 3", "agpl-3.0"), ("gnu general public license version 3", "gpl-3.0"),
        ("gnu general public license version 2", "gpl-2.0"), ("mozilla public license version 2.0", "mpl-2.0"),
        ("neither the name of", "bsd-3-clause"),
        ("redistributions in binary form must reproduce the above copyright notice", "bsd-2-clause"),
        ("permission is hereby granted, free of charge, to any person obtaining a copy", "mit"),
        ("attribution-noncommercial-sharealike 4.0", "cc-by-nc-sa-4.0"), ("attribution-noncommercial 4.0", "cc-by-nc-4.0"),
        ("attribution 4.0 international", "cc-by-4.0"), ("cc0 1.0 universal", "cc0-1.0"),
    ]
}
