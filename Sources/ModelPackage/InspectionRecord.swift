/// What a look at the headers of a package's files found, as it is kept: counts instead of single tensors.
public struct InspectionRecord: Codable, Hashable, Sendable {
    public struct File: Codable, Hashable, Sendable {
        public var path: String
        /// Nil for a file that is no model file, was not looked into, or could not be read.
        public var format: String?
        public var size: Int64
        public var bytesRead: Int64
        public var types: [TypeCount]
        public var problems: [Problem]

        public init(path: String, format: String?, size: Int64, bytesRead: Int64, types: [TypeCount], problems: [Problem]) {
            self.path = path
            self.format = format
            self.size = size
            self.bytesRead = bytesRead
            self.types = types
            self.problems = problems
        }
    }

    /// Tensors of one type in one file.
    public struct TypeCount: Codable, Hashable, Sendable {
        public var dtype: String
        public var tensors: Int64
        public var elements: Int64
        /// Bytes of these tensors in the file.
        public var bytes: Int64

        public init(dtype: String, tensors: Int64, elements: Int64, bytes: Int64) {
            self.dtype = dtype
            self.tensors = tensors
            self.elements = elements
            self.bytes = bytes
        }
    }

    public struct Problem: Codable, Hashable, Sendable {
        public var message: String
        /// Nil where the file could not be read at all.
        public var offset: Int64?

        public init(message: String, offset: Int64?) {
            self.message = message
            self.offset = offset
        }
    }

    public struct Contradiction: Codable, Hashable, Sendable {
        public var about: String
        public var claims: [Claim]

        public init(about: String, claims: [Claim]) {
            self.about = about
            self.claims = claims
        }
    }

    public struct Claim: Codable, Hashable, Sendable {
        public var value: String
        public var source: String

        public init(value: String, source: String) {
            self.value = value
            self.source = source
        }
    }

    /// The form of the record; 1 is the only one so far.
    public var form = 1
    public var package: String
    public var commit: String
    public var inspectedAt: String
    public var files: [File]
    public var parameters: Int64
    public var tensors: Int64
    public var family: String
    /// `layers`, `hidden_size` and so on, where they are known.
    public var measures: [String: Int64]
    /// By measure: what it was read from.
    public var evidence: [String: String]
    public var contradictions: [Contradiction]
    public var bytesRead: Int64
    public var bytesTotal: Int64
    public var requests: Int64

    public init(
        package: PackageID, commit: GitObjectID, inspectedAt: Instant, files: [File], parameters: Int64, tensors: Int64,
        family: String,
        measures: [String: Int64], evidence: [String: String], contradictions: [Contradiction], bytesRead: Int64,
        bytesTotal: Int64, requests: Int64
    ) {
        self.package = package.description
        self.commit = commit.hex
        self.inspectedAt = inspectedAt.description
        self.files = files
        self.parameters = parameters
        self.tensors = tensors
        self.family = family
        self.measures = measures
        self.evidence = evidence
        self.contradictions = contradictions
        self.bytesRead = bytesRead
        self.bytesTotal = bytesTotal
        self.requests = requests
    }

    /// Whether every file that was looked at could be had: what is wrong inside of a file does not change when it is looked at again.
    public var isComplete: Bool { files.allSatisfy { $0.problems.allSatisfy { $0.offset != nil } } }
}
