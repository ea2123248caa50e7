/// A number of bytes as people write it, and as they wrote it.
struct ByteSize: Equatable, Sendable {
    let bytes: Int64
    let text: String

    private static let units: [String: Int64] = [
        "": 1, "b": 1,
        "k": 1_000, "kb": 1_000, "ki": 1 << 10, "kib": 1 << 10,
        "m": 1_000_000, "mb": 1_000_000, "mi": 1 << 20, "mib": 1 << 20,
        "g": 1_000_000_000, "gb": 1_000_000_000, "gi": 1 << 30, "gib": 1 << 30,
        "t": 1_000_000_000_000, "tb": 1_000_000_000_000, "ti": 1 << 40, "tib": 1 << 40,
        "p": 1_000_000_000_000_000, "pb": 1_000_000_000_000_000, "pi": 1 << 50, "pib": 1 << 50,
    ]

    /// Reads `20GB`, `1.5 GiB`, `500M` or plain bytes, rounded down to whole bytes; nil for anything else and for what is too
    /// large to count.
    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([0-9]{1,18})(?:\.([0-9]{1,9}))? ?([A-Za-z]{0,3})/),
            let whole = Int64(match.1), let unit = Self.units[match.3.lowercased()]
        else { return nil }
        let (size, isTooLarge) = whole.multipliedReportingOverflow(by: unit)
        guard !isTooLarge else { return nil }
        var part: Int64 = 0
        if let digits = match.2 {
            guard unit > 1, let numerator = Int64(digits) else { return nil }
            let denominator = (0..<digits.count).reduce(Int64(1)) { power, _ in power * 10 }
            // Past 64 bits in between: nine digits of a pebibyte.
            let product = numerator.multipliedFullWidth(by: unit)
            part = denominator.dividingFullWidth(product).quotient
        }
        let (sum, isSumTooLarge) = size.addingReportingOverflow(part)
        guard !isSumTooLarge else { return nil }
        bytes = sum
        self.text = text
    }

    /// Why a size is past this one; nil where it is not. A size that is not known is past it in a rule that denies, and never in
    /// one that allows.
    func reason(_ size: Int64?, for effect: PolicyRule.Effect, what: String, have: String) -> String? {
        guard let size, size >= 0 else { return effect == .deny ? "the size of \(what) is not known" : nil }
        return size > bytes ? "\(what) \(have) \(size) bytes, more than \(text)" : nil
    }
}
