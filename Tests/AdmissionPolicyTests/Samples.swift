import AdmissionPolicy
import ModelPackage

/// A policy of some rules, as they stand below `rules:`.
func policy(default fallback: String = "allow", _ rules: String...) throws -> PackagePolicy {
    let list = rules.enumerated().map { "  - { name: r\($0.offset + 1), \($0.element) }\n" }.joined()
    return try PackagePolicy(
        yaml: "weir_policy: 1\ndefault: \(fallback)\n" + (rules.isEmpty ? "" : "rules:\n\(list)"), file: "p.yaml")
}

/// A package of which everything is known and nothing is bad.
func subject(_ id: String = "huggingface:river/pike", _ change: (inout PolicySubject) -> Void = { _ in }) throws -> PolicySubject
{
    var subject = PolicySubject(
        id: try PackageID(parsing: id), owner: "river", licenses: ["apache-2.0"], task: "image-classification",
        library: "transformers", isGated: false, isPrivate: false, totalSize: 1_000,
        scan: PolicySubject.Scan(worst: nil, isComplete: true))
    change(&subject)
    return subject
}

extension PolicyVerdict {
    var rule: String? {
        if case .denied(let rule, _) = self { rule } else { nil }
    }
}
