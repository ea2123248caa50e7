/// Why a policy was not read: where, and what to write instead.
public struct PolicyError: Error, Equatable, CustomStringConvertible {
    public let file: String
    /// From 1; nil where the mistake has no line.
    public let line: Int?
    /// Which rule: `rule 'no pickles'`, or `rule 3` for one without a name.
    public let rule: String?
    public let what: String

    public var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(rule.map { "\($0): " } ?? "")\(what)"
    }
}

/// A mistake in a part of a policy, whose file and rule its reader adds.
struct PolicyMistake: Error {
    let line: Int?
    let what: String
}
