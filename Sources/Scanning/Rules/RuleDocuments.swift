import Documents

/// The rules as documents, made from the rules themselves.
public enum RuleDocuments {
    /// A page of Markdown: docs/rules.md is this.
    public static var markdown: String {
        var page = """
            # Rules of `weir scan`

            Made from the rules by `make rules`; do not edit. A finding has its own severity, which may be another than the plain case's below.

            | rule | severity | what |
            |---|---|---|

            """
        for rule in Rule.all { page += "| [`\(rule.id)`](#\(rule.id)) | \(rule.severity.rawValue) | \(rule.title) |\n" }
        for rule in Rule.all {
            page += "\n## \(rule.id)\n\n**\(rule.title)** (\(rule.severity.rawValue)). \(rule.why)\n\n\(rule.fix)\n"
            if !rule.references.isEmpty { page += "\n" + rule.references.map { "- <\($0)>" }.joined(separator: "\n") + "\n" }
        }
        return page
    }

    /// A list of objects, with a line break at its end.
    public static var json: [UInt8] {
        var writer = JSONWriter()
        writer.array { array in
            for rule in Rule.all {
                array.object { object in
                    object.member("id", rule.id)
                    object.member("title", rule.title)
                    object.member("severity", rule.severity.rawValue)
                    object.member("why", rule.why)
                    object.member("fix", rule.fix)
                    object.member("references", rule.references)
                }
            }
        }
        return writer.bytes + [0x0a]
    }
}
