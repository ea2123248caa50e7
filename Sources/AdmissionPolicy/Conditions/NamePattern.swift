import ModelPackage

/// A glob over a name, whatever its case: `*` any text, slashes too, `?` any one character, `[a-z]` and `[!a-z]` one of a set.
struct NamePattern: Equatable, Sendable {
    /// As it was written.
    let text: String
    private let glob: GlobPattern

    init(_ text: String) {
        self.text = text
        glob = GlobPattern(text.lowercased())
    }

    func matches(_ text: String) -> Bool { glob.matches(text.lowercased()) }
}

/// Globs over texts that a package may not state; the word `unknown` stands for that.
struct WordPatterns: Equatable, Sendable {
    private let patterns: [NamePattern]
    private let matchesUnknown: Bool

    init(_ texts: [String]) {
        patterns = texts.map { NamePattern($0) }
        matchesUnknown = texts.contains { $0.lowercased() == "unknown" }
    }

    /// Why one of the values matches; nil where none does.
    func reason(_ values: [String?], _ what: String) -> String? {
        let known = values.compactMap(\.self).filter { !$0.allSatisfy(\.isWhitespace) }
        if known.isEmpty { return matchesUnknown ? "\(what) is not known" : nil }
        guard let value = known.first(where: { value in patterns.contains { $0.matches(value) } }) else { return nil }
        return "\(what) is \(printable(value))"
    }
}

/// A glob over `HUB:NAME`, its parts matched one by one.
struct PackagePattern: Equatable, Sendable {
    private let hubs: Set<HubID>
    private let name: NamePattern

    /// Nil for a text without a colon, without a name, or whose hub matches none.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text.index(after: colon) < text.endIndex else { return nil }
        let prefix = String(text[..<colon])
        if let hub = HubID(argument: prefix) {
            hubs = [hub]
        } else {
            let pattern = NamePattern(prefix)
            hubs = Set(HubID.allCases.filter { pattern.matches($0.rawValue) })
        }
        guard !hubs.isEmpty else { return nil }
        name = NamePattern(String(text[text.index(after: colon)...]))
    }

    func matches(_ id: PackageID) -> Bool { hubs.contains(id.hub) && name.matches(id.name) }
}
