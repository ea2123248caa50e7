/// Something that a scan looks for: what it is called, why it matters and what to do about it. Each stands in a file of its own below `Rules/`.
public struct Rule: Sendable, Identifiable {
    /// Words with hyphens, the first of which says what kind of file it is about; stable across versions.
    public let id: String
    public let title: String
    /// The severity of a plain case; a finding has its own.
    public let severity: Severity
    /// Why it is dangerous, in a sentence or two.
    public let why: String
    /// What to do about it.
    public let fix: String
    /// Addresses of papers, advisories and documentation.
    public let references: [String]

    public init(id: String, title: String, severity: Severity, why: String, fix: String, references: [String] = []) {
        self.id = id
        self.title = title
        self.severity = severity
        self.why = why
        self.fix = fix
        self.references = references
    }
}

extension Rule: Hashable {
    public static func == (left: Rule, right: Rule) -> Bool { left.id == right.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
