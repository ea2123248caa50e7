import ModelPackage

/// Something that may hold of a package.
///
/// Where a value is not known, a condition on yes, no or a size holds in a rule that denies and does not in one that allows:
/// nobody gets past a rule by saying nothing. Texts that are not known match the word `unknown` alone. A scan that is missing has
/// found nothing; whoever wants to refuse what was not scanned says `scanned: false`.
enum PackageCondition: Equatable, Sendable {
    case license(WordPatterns)
    case package([PackagePattern])
    case hub(Set<HubID>)
    case owner(WordPatterns)
    case task(WordPatterns)
    case library(WordPatterns)
    case gated(Bool)
    case isPrivate(Bool)
    case removed(Bool)
    case totalLargerThan(ByteSize)
    case finding(FindingSeverity)
    case scanned(Bool)

    var asksForScan: Bool {
        switch self {
        case .finding, .scanned: true
        default: false
        }
    }

    /// Why the condition holds; nil where it does not.
    func reason(_ package: PolicySubject, for effect: PolicyRule.Effect) -> String? {
        switch self {
        case .license(let patterns): patterns.reason(package.licenses, "the licence")
        case .package(let patterns):
            patterns.contains { $0.matches(package.id) } ? "the package is \(plain(package.id.description))" : nil
        case .hub(let hubs): hubs.contains(package.id.hub) ? "the package is on \(package.id.hub.title)" : nil
        case .owner(let patterns): patterns.reason([package.owner], "the owner")
        case .task(let patterns): patterns.reason([package.task], "the task")
        case .library(let patterns): patterns.reason([package.library], "the library")
        case .gated(let wanted): reason(package.isGated, wanted, "gated", effect)
        case .isPrivate(let wanted): reason(package.isPrivate, wanted, "private", effect)
        case .removed(let wanted): reason(package.isRemoved, wanted, "removed from its hub", effect)
        case .totalLargerThan(let limit):
            limit.reason(package.totalSize, for: effect, what: "the package's files", have: "have")
        case .finding(let least):
            package.scan?.worst.flatMap { $0 >= least ? "its scan has a finding of severity \($0.rawValue)" : nil }
        case .scanned(let wanted): reason(package.scan, isScanned: wanted)
        }
    }

    private func reason(_ value: Bool?, _ wanted: Bool, _ word: String, _ effect: PolicyRule.Effect) -> String? {
        guard let value else { return effect == .deny ? "it is not known whether the package is \(word)" : nil }
        guard value == wanted else { return nil }
        return "the package is \(value ? "" : "not ")\(word)"
    }

    private func reason(_ scan: PolicySubject.Scan?, isScanned wanted: Bool) -> String? {
        switch (scan?.isComplete, wanted) {
        case (nil, false): "this revision has not been scanned"
        case (false?, false): "parts of this revision could not be scanned"
        case (true?, true): "this revision has been scanned"
        default: nil
        }
    }
}
