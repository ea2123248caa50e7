/// How bad a finding of a scan is, in the words of `weir scan`.
public enum FindingSeverity: String, Sendable, Comparable, CaseIterable {
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

    public static func < (left: FindingSeverity, right: FindingSeverity) -> Bool { left.rank < right.rank }
}
