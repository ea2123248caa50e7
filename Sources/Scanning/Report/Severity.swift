/// How bad a finding is.
///
/// `critical` and `high` end a scan with exit code 1: something that runs, or hides. `medium` asks for a look: code that is not known. `low` and `info` are
/// facts worth knowing.
public enum Severity: String, Sendable, Comparable, CaseIterable {
    case info, low, medium, high, critical

    private var rank: Int {
        switch self {
        case .info: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    /// The next worse one.
    var raised: Severity { Self.allCases.first { $0 > self } ?? self }
}
