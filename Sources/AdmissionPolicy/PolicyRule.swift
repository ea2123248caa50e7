/// One rule of a policy: conditions that all have to hold, and what happens then.
struct PolicyRule: Equatable, Sendable {
    enum Effect: String, Equatable, Sendable {
        case allow, deny
    }

    let name: String
    let effect: Effect
    let packageConditions: [PackageCondition]
    let fileConditions: [FileCondition]

    /// Whether the rule decides on single files.
    var isForFiles: Bool { !fileConditions.isEmpty }
    var asksForScan: Bool { packageConditions.contains(where: \.asksForScan) }

    /// Why a package matches, a text a condition; nil where it does not.
    func reasons(_ package: PolicySubject) -> [String]? {
        all(packageConditions) { $0.reason(package, for: effect) }
    }

    /// Why a file matches, a text a condition; nil where it does not.
    func reasons(_ file: PolicyFile, of package: PolicySubject) -> [String]? {
        guard let reasons = all(fileConditions, { $0.reason(file, for: effect) }), let more = self.reasons(package) else {
            return nil
        }
        return reasons + more
    }

    private func all<Condition>(_ conditions: [Condition], _ reason: (Condition) -> String?) -> [String]? {
        var reasons: [String] = []
        for condition in conditions {
            guard let reason = reason(condition) else { return nil }
            reasons.append(reason)
        }
        return reasons
    }
}
