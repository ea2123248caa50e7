/// An address on another site that a page may lead to: `http`, `https` or `mailto`, and nothing that a browser would read otherwise.
struct ExternalAddress: Equatable, Sendable {
    let text: String

    /// What every link to another site says: our pages vouch for nothing, and tell nobody who was here.
    static let relation = "nofollow noopener noreferrer ugc"

    /// Nil for any other scheme, and for what has no host.
    init?(_ text: some StringProtocol) {
        let text = Self.trimmed(text)
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon].lowercased() {
        case "http", "https":
            // A browser would take what has no two slashes for a path on our own site, and a backslash for a slash.
            guard rest.hasPrefix("//"), let first = rest.dropFirst(2).first, !"/\\?#".contains(first) else { return nil }
        case "mailto":
            guard !rest.isEmpty else { return nil }
        default: return nil
        }
        self.text = text
    }

    /// The address as a browser reads it: without white space and control characters around it, and without line breaks in it.
    static func trimmed(_ text: some StringProtocol) -> String {
        var scalars = Array(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\t" })[...]
        while let first = scalars.first, first.value <= 0x20 { scalars.removeFirst() }
        while let last = scalars.last, last.value <= 0x20 { scalars.removeLast() }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }
}
