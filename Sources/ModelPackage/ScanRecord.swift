/// What a scan of a revision found, as it is kept.
public struct ScanRecord: Codable, Hashable, Sendable {
    public struct Finding: Codable, Hashable, Sendable {
        public var path: String
        /// The way through archives, where it is in one.
        public var member: String?
        public var rule: String
        /// One of critical, high, medium, low, info.
        public var severity: String
        public var message: String
        public var offset: Int64?
        public var line: Int64?
        public var snippet: String?

        public init(
            path: String, member: String?, rule: String, severity: String, message: String, offset: Int64?, line: Int64?,
            snippet: String?
        ) {
            self.path = path
            self.member = member
            self.rule = rule
            self.severity = severity
            self.message = message
            self.offset = offset
            self.line = line
            self.snippet = snippet
        }
    }

    /// A part that could not be scanned.
    public struct Problem: Codable, Hashable, Sendable {
        public var path: String
        public var member: String?
        public var message: String

        public init(path: String, member: String?, message: String) {
            self.path = path
            self.member = member
            self.message = message
        }
    }

    /// `HUB:NAME`.
    public var package: String
    public var commit: String
    /// ISO 8601.
    public var scannedAt: String
    /// The version of Weir that scanned.
    public var version: String
    public var files: Int64
    /// Bytes of the files and of what is unpacked from them, by how far they were understood.
    public var parsedBytes: Int64
    public var skippedBytes: Int64
    public var unknownBytes: Int64
    public var findings: [Finding]
    public var problems: [Problem]

    public init(
        package: PackageID, commit: GitObjectID, scannedAt: Instant, version: String, files: Int64, parsedBytes: Int64,
        skippedBytes: Int64,
        unknownBytes: Int64, findings: [Finding], problems: [Problem]
    ) {
        self.package = package.description
        self.commit = commit.hex
        self.scannedAt = scannedAt.description
        self.version = version
        self.files = files
        self.parsedBytes = parsedBytes
        self.skippedBytes = skippedBytes
        self.unknownBytes = unknownBytes
        self.findings = findings
        self.problems = problems
    }
}
