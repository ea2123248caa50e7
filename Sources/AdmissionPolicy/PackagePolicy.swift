/// Which packages and files a server gives out: rules in order, and what happens to what no rule names.
///
/// Made from a YAML file that docs/policy.md describes. A rule with a condition on files (`format`, `path`, `larger_than`)
/// decides on single files; every other rule decides on packages.
public struct PackagePolicy: Equatable, Sendable {
    /// What happens to a package that no rule names.
    let fallback: PolicyRule.Effect
    /// In the order of the file.
    let packageRules: [PolicyRule]
    let fileRules: [PolicyRule]

    init(fallback: PolicyRule.Effect, rules: [PolicyRule]) {
        self.fallback = fallback
        packageRules = rules.filter { !$0.isForFiles }
        fileRules = rules.filter(\.isForFiles)
    }

    /// The policy of a server without one.
    public static let allowingAll = PackagePolicy(fallback: .allow, rules: [])

    /// Whether a rule decides on single files: then what is given as a whole, as git repositories are, cannot be given.
    public var judgesFiles: Bool { !fileRules.isEmpty }

    /// Whether a rule asks for scans: then whoever judges has to look them up.
    public var judgesScans: Bool { (packageRules + fileRules).contains(where: \.asksForScan) }

    /// Whether everything is allowed, whatever it is.
    public var isTrivial: Bool {
        fallback == .allow && !(packageRules + fileRules).contains { $0.effect == .deny }
    }
}
