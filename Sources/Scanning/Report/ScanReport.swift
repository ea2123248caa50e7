/// What a scan says of all files that it was given.
public struct ScanReport: Sendable {
    public struct Skipped: Sendable {
        public var path: String
        public var reason: String

        public init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    /// A finding that was not counted, and why.
    public struct Suppressed: Sendable {
        public var path: String
        public var finding: Finding
        public var reason: String
    }

    /// In the order of their paths.
    public var files: [FileReport] = []
    public var skipped: [Skipped] = []
    public var suppressed: [Suppressed] = []

    public init() {}

    /// A path as people may see it: without what would change a terminal, or seem to be another line.
    public static func shown(_ path: String) -> String { Printing.plain(path, limit: 4096) }

    public var worst: Severity? { files.compactMap(\.worst).max() }
    public var hasErrors: Bool { files.contains { !$0.errors.isEmpty } }

    public func count(_ severity: Severity) -> Int { files.reduce(0) { $0 + $1.findings.count { $0.severity == severity } } }

    mutating func fail(_ path: String, _ message: String) {
        var file = FileReport(path: path, size: 0, kind: "")
        file.errors.append(ScanProblem(message: message))
        files.append(file)
    }
}
