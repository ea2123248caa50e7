/// What an expression can be: some candidates, and whether it may be something else too.
struct Value: Equatable {
    struct Candidate {
        let atom: Atom
        var evidence: Evidence
        /// Tells most different atoms apart at once.
        private let key: Int

        init(atom: Atom, evidence: Evidence) {
            self.atom = atom
            self.evidence = evidence
            key = atom.hashValue
        }

        func isSame(as other: Candidate) -> Bool { key == other.key && atom == other.atom }
    }

    private(set) var candidates: [Candidate]
    /// Whether other values than the candidates are possible.
    var isOpen: Bool
    /// What has flowed into it from the sources that the caller named.
    var taint: Taint?

    /// More candidates than these are as good as unknown.
    static let candidateLimit = 64

    static var unknown: Value { Value(candidates: [], isOpen: true) }
    /// No value at all: a name that nothing was bound to.
    static var nothing: Value { Value(candidates: [], isOpen: false) }

    private init(candidates: [Candidate], isOpen: Bool) {
        self.candidates = candidates
        self.isOpen = isOpen
    }

    init(_ atom: Atom, _ evidence: Evidence = Evidence()) {
        candidates = [Candidate(atom: atom, evidence: evidence)]
        isOpen = false
    }

    var isNothing: Bool { candidates.isEmpty && !isOpen }
    /// Its one candidate, if nothing else is possible.
    var only: Atom? { candidates.count == 1 && !isOpen ? candidates[0].atom : nil }
    var atoms: [Atom] { candidates.map(\.atom) }

    var evidence: Evidence {
        var all = Evidence()
        for candidate in candidates { all.add(candidate.evidence) }
        return all
    }

    func tainted(by taint: Taint?) -> Value {
        guard let taint else { return self }
        var value = self
        value.taint = taint.joined(with: self.taint)
        return value
    }

    func opened() -> Value {
        var value = self
        value.isOpen = true
        return value
    }

    /// Every value that this one or the other has, in that order.
    mutating func join(_ other: Value) {
        if other.isNothing, other.taint == nil { return }
        isOpen = isOpen || other.isOpen
        if let theirs = other.taint { taint = taint.map { $0.joined(with: theirs) } ?? theirs }
        for candidate in other.candidates { add(candidate) }
    }

    func joined(with other: Value) -> Value {
        var value = self
        value.join(other)
        return value
    }

    mutating func add(_ candidate: Candidate) {
        if candidates.contains(where: { $0.isSame(as: candidate) }) { return }
        if candidates.count >= Self.candidateLimit {
            isOpen = true
        } else {
            candidates.append(candidate)
        }
    }

    /// The candidates that a test lets through.
    func filtered(_ isIncluded: (Atom) -> Bool) -> Value {
        var value = Value(candidates: candidates.filter { isIncluded($0.atom) }, isOpen: isOpen)
        value.taint = taint
        return value
    }

    static func == (left: Value, right: Value) -> Bool {
        left.isOpen == right.isOpen && left.candidates.count == right.candidates.count && left.taint == right.taint
            && zip(left.candidates, right.candidates).allSatisfy { $0.isSame(as: $1) }
    }
}

/// The arguments of a call.
struct Arguments {
    var positional: [Value] = []
    var keywords: [(name: String, value: Value)] = []
    /// What `*x` may add whose length is not known.
    var restPositional: Value?
    /// What `**x` may add whose keys are not known.
    var restKeywords: Value?

    subscript(_ position: Int) -> Value? { position < positional.count ? positional[position] : nil }
    subscript(_ name: String) -> Value? { keywords.first { $0.name == name }?.value }
    /// An argument that may be given by place or by name.
    func argument(_ position: Int, _ name: String) -> Value? { self[position] ?? self[name] }

    var isFullyKnown: Bool { restPositional == nil && restKeywords == nil }

    /// What flows in by any of them.
    var taint: Taint? {
        var taint: Taint?
        func add(_ other: Taint?) { if let other { taint = taint.map { $0.joined(with: other) } ?? other } }
        for value in positional { add(value.taint) }
        for (_, value) in keywords { add(value.taint) }
        add(restPositional?.taint)
        add(restKeywords?.taint)
        return taint
    }
}
