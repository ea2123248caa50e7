/// A value as it was at one moment: lists and dictionaries are copies.
struct FrozenValue {
    private(set) var candidates: [(constant: PythonConstant, evidence: Evidence)] = []
    private(set) var isComplete = true
    private(set) var templates: [[String?]] = []
    private(set) var names: [String] = []

    private static let limit = Value.candidateLimit

    static let unknown = {
        var value = FrozenValue()
        value.isComplete = false
        return value
    }()

    /// The only thing that it can be.
    var exact: PythonConstant? { isComplete && candidates.count == 1 ? candidates[0].constant : nil }

    mutating func add(_ constant: PythonConstant, _ evidence: Evidence) {
        if candidates.contains(where: { $0.constant == constant }) { return }
        if candidates.count >= Self.limit { isComplete = false } else { candidates.append((constant, evidence)) }
    }

    mutating func add(template: [String?]) {
        isComplete = false
        if templates.count < 8, !templates.contains(template) { templates.append(template) }
    }

    mutating func add(name: String) {
        isComplete = false
        if names.count < 8, !names.contains(name) { names.append(name) }
    }

    mutating func open() { isComplete = false }

    mutating func join(_ other: FrozenValue) {
        for (constant, evidence) in other.candidates { add(constant, evidence) }
        for template in other.templates { add(template: template) }
        for name in other.names { add(name: name) }
        isComplete = isComplete && other.isComplete
    }
}
