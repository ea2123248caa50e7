/// Something that a scan reports of a file.
public struct Finding: Sendable {
    public var rule: Rule
    public var severity: Severity
    /// One line: what was seen.
    public var message: String
    public var evidence: Evidence

    public init(_ rule: Rule, _ severity: Severity? = nil, _ message: String, _ evidence: Evidence = Evidence()) {
        self.rule = rule
        self.severity = severity ?? rule.severity
        self.message = message
        self.evidence = evidence
    }
}

/// Where a finding is, and what stands there.
public struct Evidence: Sendable {
    /// The way through archives to the part: member within member, with `!` between them; nil for the file itself.
    public var member: String?
    /// The byte, from the start of the part.
    public var offset: Int?
    /// From 1.
    public var line: Int?
    /// In bytes of UTF-8, from 1.
    public var column: Int?
    /// What stands there, in readable form: a call, a line of source.
    public var snippet: String?
    /// For a value that flows: the places that it passes, from its source on.
    public var steps: [Step]

    public struct Step: Sendable {
        public var line: Int
        public var text: String

        public init(line: Int, text: String) {
            self.line = line
            self.text = text
        }
    }

    public init(
        member: String? = nil, offset: Int? = nil, line: Int? = nil, column: Int? = nil, snippet: String? = nil,
        steps: [Step] = []
    ) {
        self.member = member
        self.offset = offset
        self.line = line
        self.column = column
        self.snippet = snippet
        self.steps = steps
    }
}
