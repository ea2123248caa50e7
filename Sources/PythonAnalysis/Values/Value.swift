/// What an expression can be: some candidates, and whether it may be something else too.
struct Value: Equatable {
    struct Candidate {
        let atom: Atom
        var evidence: Evidence
        /// Tells most different atoms apart at once.
        fileprivate let key: Int

        init(atom: Atom, evidence: Evidence) {
            self.atom = atom
            self.evidence = evidence
            key = atom.hashValue
        }

        func hash(into hasher: inout Hasher) { hasher.combine(key) }

        func isSame(as other: Candidate) -> Bool { key == other.key && atom == other.atom }
    }

    /// Candidates, of which there is mostly one: that one costs no memory of its own.
    struct Candidates: RandomAccessCollection {
        private var only: Candidate?
        private var others: [Candidate] = []
        /// The keys of the others, for a search that touches nothing else.
        private var keys: [Int] = []
        /// Differs for most candidates that differ, or come in another order.
        private var fingerprint = 0

        init() {}

        init(_ candidates: some Sequence<Candidate>) {
            for candidate in candidates { append(candidate) }
        }

        var startIndex: Int { 0 }
        var endIndex: Int { only == nil ? 0 : others.count + 1 }

        subscript(position: Int) -> Candidate {
            if position == 0, let only { return only }
            return others[position - 1]
        }

        mutating func append(_ candidate: Candidate) {
            fingerprint = fingerprint &* 31 &+ candidate.key
            if only == nil {
                only = candidate
            } else {
                others.append(candidate)
                keys.append(candidate.key)
            }
        }

        func contains(_ candidate: Candidate) -> Bool {
            guard let only else { return false }
            if only.isSame(as: candidate) { return true }
            for (index, key) in keys.enumerated() where key == candidate.key && others[index].atom == candidate.atom {
                return true
            }
            return false
        }

        /// Whether they are the same in the same order.
        func isSame(as other: Candidates) -> Bool {
            guard fingerprint == other.fingerprint, others.count == other.others.count else { return false }
            guard let mine = only, let theirs = other.only else { return only == nil && other.only == nil }
            return mine.isSame(as: theirs) && keys == other.keys
                && (others.last.map { other.others.last?.isSame(as: $0) == true } ?? true)
        }
    }

    private(set) var candidates: Candidates
    /// Whether other values than the candidates are possible.
    var isOpen: Bool
    /// What has flowed into it from the sources that the caller named.
    var taint: Taint?

    /// More candidates than these are as good as unknown.
    static let candidateLimit = 64

    static var unknown: Value { Value(candidates: Candidates(), isOpen: true) }
    /// No value at all: a name that nothing was bound to.
    static var nothing: Value { Value(candidates: Candidates(), isOpen: false) }

    /// A text of which nothing is known.
    static var unknownText: Value { Value(.template([nil])).opened() }

    private init(candidates: Candidates, isOpen: Bool) {
        self.candidates = candidates
        self.isOpen = isOpen
    }

    init(_ atom: Atom, _ evidence: Evidence = Evidence()) {
        candidates = Candidates(CollectionOfOne(Candidate(atom: atom, evidence: evidence)))
        isOpen = false
    }

    /// Whether nothing that is added makes a difference any more.
    var isFull: Bool { isOpen && candidates.count >= Self.candidateLimit }
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

    /// What a text has in the place of the value: a gap where nothing of it is known.
    var orGap: Value { candidates.isEmpty ? Value.unknownText.tainted(by: taint) : self }

    func opened() -> Value {
        var value = self
        value.isOpen = true
        return value
    }

    /// Every value that this one or the other has, in that order.
    mutating func join(_ other: Value) {
        if other.isNothing, other.taint == nil { return }
        isOpen = isOpen || other.isOpen
        taint.join(other.taint)
        if candidates.isEmpty {
            candidates = other.candidates
            return
        }
        if candidates.isSame(as: other.candidates) || isFull { return }
        for candidate in other.candidates { add(candidate) }
    }

    func joined(with other: Value) -> Value {
        var value = self
        value.join(other)
        return value
    }

    mutating func add(_ candidate: Candidate) {
        if candidates.contains(candidate) { return }
        if candidates.count >= Self.candidateLimit {
            isOpen = true
        } else {
            candidates.append(candidate)
        }
    }

    /// The candidates that a test lets through.
    func filtered(_ isIncluded: (Atom) -> Bool) -> Value {
        var value = Value(candidates: Candidates(candidates.filter { isIncluded($0.atom) }), isOpen: isOpen)
        value.taint = taint
        return value
    }

    /// Feeds what most different values differ in.
    func hash(into hasher: inout Hasher) {
        hasher.combine(isOpen)
        for candidate in candidates.prefix(4) { candidate.hash(into: &hasher) }
    }

    static func == (left: Value, right: Value) -> Bool {
        left.isOpen == right.isOpen && left.taint == right.taint && left.candidates.isSame(as: right.candidates)
    }
}

/// The arguments of a call.
struct Arguments: Equatable {
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

    /// Without the first argument by place: what a function that is called with another one and its arguments hands on.
    func droppingFirst() -> Arguments {
        var rest = self
        rest.positional = Array(positional.dropFirst())
        return rest
    }

    static func == (left: Arguments, right: Arguments) -> Bool {
        left.positional == right.positional && left.restPositional == right.restPositional
            && left.restKeywords == right.restKeywords
            && left.keywords.count == right.keywords.count
            && zip(left.keywords, right.keywords).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }

    var isFullyKnown: Bool { restPositional == nil && restKeywords == nil }

    /// What flows in by any of them.
    var taint: Taint? {
        var taint: Taint?
        for value in positional { taint.join(value.taint) }
        for (_, value) in keywords { taint.join(value.taint) }
        taint.join(restPositional?.taint)
        taint.join(restKeywords?.taint)
        return taint
    }
}
