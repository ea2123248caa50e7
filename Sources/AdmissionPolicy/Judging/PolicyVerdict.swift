/// What a policy says of a package or a file.
public enum PolicyVerdict: Equatable, Sendable {
    case allowed
    /// - Parameters:
    ///   - rule: the rule's name, or ``defaultRule`` where no rule names the package.
    ///   - reason: why, on one line that is safe to print.
    case denied(rule: String, reason: String)

    /// What stands for a rule's name where the policy's default decided; no rule may have it.
    public static let defaultRule = "default"

    public var isAllowed: Bool { self == .allowed }

    /// What a client is told, on one line; nil for what is allowed.
    public var refusal: String? {
        switch self {
        case .allowed: nil
        case .denied(Self.defaultRule, let reason): "Refused by the policy's default: \(reason)"
        case .denied(let rule, let reason): "Refused by the policy rule '\(rule)': \(reason)"
        }
    }
}
