/// What a scan says of one file.
public struct FileReport: Sendable {
    /// As the user would name it.
    public var path: String
    public var size: Int
    /// What the content is, in a word or two.
    public var kind: String
    public var findings: [Finding] = []
    /// Parts that could not be read, or not to their end.
    public var errors: [ScanProblem] = []
    public var coverage = Coverage()
    /// Pickles as the Python that would do the same, where asked for.
    public var listings: [Listing] = []
    /// Findings beyond those that are told.
    public var untold = 0

    public struct Listing: Sendable {
        public var member: String?
        public var lines: [String]
    }

    public init(path: String, size: Int, kind: String) {
        self.path = path
        self.size = size
        self.kind = kind
    }

    /// Adds what was found in the file, or in a member of it.
    mutating func add(_ finding: Finding, in member: String?) {
        var finding = finding
        if let member { finding.evidence.member = finding.evidence.member.map { "\(member)!\($0)" } ?? member }
        findings.append(finding)
    }

    public var worst: Severity? { findings.map(\.severity).max() }
}

/// A part that could not be scanned.
public struct ScanProblem: Sendable {
    public var member: String?
    public var message: String

    public init(member: String? = nil, message: String) {
        self.member = member
        self.message = message
    }
}

/// Which bytes of a file were understood. Each byte of the file, and of each part that is unpacked from it, is counted once, in one of three ways.
public struct Coverage: Sendable {
    public enum State: String, Sendable {
        /// Read as what it is.
        case parsed
        /// Passed over for a reason, such as tensors' numbers.
        case skipped
        case notUnderstood = "not_understood"
    }

    public struct Part: Sendable {
        public var member: String?
        public var state: State
        public var bytes: Int
        /// What it is, or why it was passed over.
        public var what: String
    }

    /// In the order in which they were met; equal ones of a member are one.
    public private(set) var parts: [Part] = []
    /// Parts beyond those that are kept, by state.
    private var rest: [State: Int] = [:]

    private static let partsKept = 1000

    mutating func add(_ state: State, _ bytes: Int, _ what: String, member: String?) {
        guard bytes > 0 else { return }
        if let last = parts.indices.last, parts[last].member == member, parts[last].state == state, parts[last].what == what {
            parts[last].bytes += bytes
        } else if parts.count < Self.partsKept {
            parts.append(Part(member: member, state: state, bytes: bytes, what: what))
        } else {
            rest[state, default: 0] += bytes
        }
    }

    public func bytes(_ state: State) -> Int { parts.reduce(rest[state] ?? 0) { $1.state == state ? $0 + $1.bytes : $0 } }
}
