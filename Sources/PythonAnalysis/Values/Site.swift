import PythonSyntax

/// A node of one of the files.
struct Site: Hashable, Sendable {
    let module: Int32
    let node: NodeID
}

/// Where a value comes from: some nodes, the first of them first.
struct Evidence: Sendable {
    private var first: Site?
    private var others: [Site] = []

    /// More than so many say no more to a reader.
    private static let limit = 6

    init() {}

    init(_ site: Site) {
        first = site
    }

    var sites: [Site] { (first.map { [$0] } ?? []) + others }
    /// What made the value itself.
    var origin: Site? { first }

    mutating func add(_ other: Evidence) {
        guard others.count < Self.limit - 1 else { return }
        if let site = other.first { add(site) }
        for site in other.others { add(site) }
    }

    private mutating func add(_ site: Site) {
        guard let known = first else {
            first = site
            return
        }
        if known != site, others.count < Self.limit - 1, !others.contains(site) { others.append(site) }
    }
}
