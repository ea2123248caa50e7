/// Names within a card, which must not be taken for those of the page around it.
struct CardAnchors {
    private var used: Set<String> = []
    private var counts: [String: Int] = [:]

    /// `card-` and the heading's text as GitHub makes an anchor of it, with a number where it was there before.
    mutating func unique(_ text: String) -> String {
        let base = Self.prefixed(Self.slug(text))
        var count = counts[base, default: 0]
        var anchor = base
        while !used.insert(anchor).inserted {
            count += 1
            anchor = "\(base)-\(count)"
        }
        counts[base] = count
        return anchor
    }

    static func prefixed(_ anchor: some StringProtocol) -> String {
        "card-" + anchor.lowercased().prefix(maximumLength).filter { !$0.isWhitespace }
    }

    private static let maximumLength = 120

    private static func slug(_ text: String) -> String {
        String(
            text.lowercased().prefix(maximumLength).compactMap { character in
                if character.isLetter || character.isNumber || character == "-" || character == "_" { return character }
                return character.isWhitespace ? "-" : nil
            })
    }
}
